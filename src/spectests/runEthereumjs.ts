import { createBlockHeader, type HeaderData } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { hexToBytes } from '@ethereumjs/util'
import { ChainCommons, type ChainRules } from '../block/common.js'
import { activeCurves } from '../crypto/curves.js'
import { EthereumjsEngine } from '../ethereumjs/engine.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { CoreTxState } from '../wasm/txState.js'
import { rulesOfNetwork } from './forks.js'
import { bytes32, type Hex, type PostEntry, type StateTest, word } from './json.js'
import type { RunTransaction, StateTestRunner } from './runner.js'
import { blockHashes, bodyOf, senderOf } from './transaction.js'

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
    const gasLimit = word(test.transaction.gasLimit[entry.indexes.gas])
    const { engine, rules, common } = this.#engineOf(test, fork)
    await engine.beginBlock({
      hardfork: rules.hardfork,
      header: createBlockHeader(headerOf(test, common), { common, skipConsensusFormatValidation: true }).raw(),
      transactions: [bodyOf(test, entry)],
      senders: [senderOf(test)],
      uncles: [],
      withdrawals: [],
      blockHashes: blockHashes(test),
    })
    return async () => {
      this.#state.begin(0)
      // The one rule that the engine leaves to the executor, for it depends on the transactions before.
      const fits = gasLimit <= word(test.env.currentGasLimit)
      const bytes = fits ? await engine.execute(this.#state, 1) : undefined
      this.#block.txEnd(bytes ?? new Uint8Array(0))
      return bytes
    }
  }

  #engineOf(test: StateTest, fork: string) {
    const name = `${fork} ${JSON.stringify(test.config ?? {})}`
    let made = this.#engines.get(name)
    if (made === undefined) {
      const rules = rulesOfNetwork(fork, test.config)
      const common = new ChainCommons(rules).at(0n, 0n)
      const { bn254, bls } = activeCurves()
      made = { engine: new EthereumjsEngine(rules, { evm: { bn254, bls } }), rules, common }
      this.#engines.set(name, made)
    }
    return made
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
