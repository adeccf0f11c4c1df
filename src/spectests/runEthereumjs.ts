import { createBlockHeader, type HeaderData } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { createTxFromBlockBodyData } from '@ethereumjs/tx'
import { hexToBytes } from '@ethereumjs/util'
import { OUTCOME_INVALID } from '../abi/core.generated.js'
import { encodeOutcome, type InvalidOutcome } from '../abi/outcome.js'
import type { BodyTransaction } from '../block/body.js'
import { ChainCommons, type ChainRules } from '../block/common.js'
import { executingCommon } from '../block/executingCommon.js'
import { ruleOf } from '../block/refusalReasons.js'
import { activeCurves } from '../crypto/curves.js'
import { EthereumjsEngine } from '../ethereumjs/engine.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { CoreBn254 } from '../wasm/bn254.js'
import { CoreTxState } from '../wasm/txState.js'
import { rulesOfNetwork } from './forks.js'
import { bytes32, type Hex, type PostEntry, type StateTest, word } from './json.js'
import type { RunTransaction, StateTestRunner } from './runner.js'
import { blockHashes, bodyOf, senderOf, signedBytes } from './transaction.js'

/** @ethereumjs/vm over the versioned memory, as the workers of an executor run it. */
export class EthereumjsRunner implements StateTestRunner {
  readonly #block: BlockCore
  readonly #state: CoreTxState
  readonly #engines = new Map<string, { engine: EthereumjsEngine; rules: ChainRules; common: Common }>()

  constructor(block: BlockCore) {
    this.#block = block
    this.#state = new CoreTxState(block)
  }

  async prepare(test: StateTest, fork: string, entry: PostEntry): Promise<RunTransaction> {
    const { engine, rules, common } = this.#engineOf(test, fork)
    const sent = sentBy(test, entry, common)
    if ('kind' in sent) {
      return async () => {
        this.#state.begin(0)
        return this.#end(encodeOutcome(sent))
      }
    }
    const { body, sender, gasLimit } = sent
    await engine.beginBlock({
      hardfork: rules.hardfork,
      header: createBlockHeader(headerOf(test, common), { common, skipConsensusFormatValidation: true }).raw(),
      transactions: [body],
      senders: [sender],
      uncles: [],
      withdrawals: [],
      blockHashes: blockHashes(test),
    })
    return async () => {
      this.#state.begin(0)
      // The one rule that the engine leaves to the executor, for it depends on the transactions before.
      const fits = gasLimit <= word(test.env.currentGasLimit)
      return this.#end(fits ? await engine.execute(this.#state, 1) : undefined)
    }
  }

  #end(bytes: Uint8Array | undefined): Uint8Array | undefined {
    this.#block.txEnd(bytes ?? new Uint8Array(0))
    return bytes
  }

  #engineOf(test: StateTest, fork: string) {
    const name = `${fork} ${JSON.stringify(test.config ?? {})}`
    let made = this.#engines.get(name)
    if (made === undefined) {
      const rules = rulesOfNetwork(fork, test.config)
      const common = new ChainCommons(rules, executingCommon).at(0n, 0n)
      const bn254 = new CoreBn254(this.#block.core)
      const { bls } = activeCurves()
      made = { engine: new EthereumjsEngine(rules, { evm: { bn254, bls } }), rules, common }
      this.#engines.set(name, made)
    }
    return made
  }
}

interface Sent {
  body: BodyTransaction
  sender: Uint8Array
  gasLimit: bigint
}

/** The transaction and who sends it: by its signature when the test has its bytes. */
function sentBy(test: StateTest, entry: PostEntry, common: Common): Sent | InvalidOutcome {
  const signed = signedBytes(entry)
  if (signed === undefined) {
    const gasLimit = word(test.transaction.gasLimit[entry.indexes.gas])
    return { body: bodyOf(test, entry), sender: senderOf(test), gasLimit }
  }
  try {
    const body = (signed[0] as number) < 0xc0 ? signed : (RLP.decode(signed) as Uint8Array[])
    const tx = createTxFromBlockBodyData(body, { common })
    return { body, sender: tx.getSenderAddress().bytes, gasLimit: tx.gasLimit }
  } catch (error) {
    const { message } = error as Error
    return { kind: OUTCOME_INVALID, rule: ruleOf(message, 'MALFORMED_TRANSACTION'), message }
  }
}

function headerOf({ env }: StateTest, common: Common): HeaderData {
  return {
    number: word(env.currentNumber),
    timestamp: word(env.currentTimestamp),
    gasLimit: word(env.currentGasLimit),
    coinbase: hexToBytes(env.currentCoinbase as Hex),
    ...(common.isActivatedEIP(1559) && { baseFeePerGas: word(env.currentBaseFee ?? '0x0a') }),
    ...(common.isActivatedEIP(4399)
      ? { mixHash: bytes32(env.currentRandom ?? '0x0') }
      : { difficulty: word(env.currentDifficulty) }),
    ...(common.isActivatedEIP(4844) && { excessBlobGas: word(env.currentExcessBlobGas) }),
  }
}
