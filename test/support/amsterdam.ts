// A small block of Amsterdam on a chain of its own, with its access list and the whole state before it.
import { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { hexToBytes } from '@ethereumjs/util'
import { Rules } from '../../src/abi/core.generated.js'
import { ChainCommons, type ChainRules } from '../../src/block/common.js'
import { BLOCK_ACCESS_LIST_HASH, GAS_USED, LOGS_BLOOM, RECEIPTS_ROOT, STATE_ROOT } from '../../src/block/format.js'
import type { BlockCase } from '../../src/blockFiles/index.js'
import { toBigInt } from '../../src/bytes.js'
import { BlockExecutor } from '../../src/executor/blockExecutor.js'
import { executorJudge } from '../../src/fuzz/answer.js'
import type { FuzzBlock } from '../../src/fuzz/blocks.js'
import { caseOf } from '../../src/fuzz/case.js'
import { addSystemAccounts, Field, fuzzHeader, type Item } from '../../src/fuzz/header.js'
import { witnessOf } from '../../src/fuzz/subjects.js'
import { memoryState } from '../../src/sources/memory.js'
import { rulesOfNetwork } from '../../src/spectests/forks.js'
import { PlainState } from '../../src/spectests/plainState.js'
import { Random } from '../../src/workloads/random.js'
import { signTransaction } from '../../src/workloads/transaction.js'
import { plainAddress, type Wallet, wallet } from '../../src/workloads/wallet.js'

export const CHAIN_ID = 7928n
export const COINBASE = plainAddress(1, 'coinbase', 0)
const COUNTER = plainAddress(1, 'counter', 0)
export const PRICES = { maxFee: 1000n, priorityFee: 2n, maxFeePerBlobGas: 1n }

export function amsterdamRules(): ChainRules {
  return rulesOfNetwork('Amsterdam', { chainid: `0x${CHAIN_ID.toString(16)}` })
}

/** A state with what the protocol itself calls. */
export function amsterdamState(): PlainState {
  const state = new PlainState()
  addSystemAccounts(state, new ChainCommons(amsterdamRules()).at(1n, 1n))
  return state
}

/** A block, of which the results of the header are zero. */
export function amsterdamBlock(transactions: Item[], senders: readonly Wallet[], withdrawals: Item[] = []): FuzzBlock {
  const rules = amsterdamRules()
  const common = new ChainCommons(rules).at(1n, 1n)
  const random = new Random(1, 'amsterdam')
  const header = fuzzHeader({ random, level: Rules.AMSTERDAM, common, number: 2n, coinbase: COINBASE, blobs: 0 })
  header[Field.EXCESS_BLOB_GAS] = 0n
  // Of no fork by number and time: a file says which one it is.
  header[Field.TIMESTAMP] = 1_800_000_000n
  return {
    ...{ fork: 'Amsterdam', rules, header, transactions, withdrawals, recover: false, root: true },
    senders: senders.map(({ address }) => address),
  }
}

/** Two transfers, and two calls of a contract that counts them and reads another slot, as a block file. */
export async function amsterdamCase(): Promise<BlockCase> {
  const state = amsterdamState()
  const senders = [0, 1, 2, 3].map((i) => wallet(1, 'amsterdam', i))
  for (const { address } of senders) state.set(address, { balance: 10n ** 18n })
  // sstore(0, sload(0) + 1), sload(1)
  state.set(COUNTER, { nonce: 1n, code: hexToBytes('0x6001600054016000556001545000') })
  const receiver = plainAddress(1, 'amsterdam', 9)
  const transactions = senders.map((sender, i) => {
    const to = i < 2 ? receiver : COUNTER
    return signTransaction(CHAIN_ID, sender, { type: 2, to, gasLimit: 500_000n, value: i < 2 ? 5n : 0n }, PRICES)
  })
  const block = amsterdamBlock(transactions, senders)
  const executor = await BlockExecutor.create({
    common: new Common({ chain: block.rules.chain }),
    threads: 1,
    verify: 'none',
    state: memoryState([]),
  })
  const test = await caseOf({ state, block }, executorJudge(executor))
  await executor.close()
  const [{ rlp, blockAccessListRlp }] = test.blocks as [(typeof test.blocks)[number]]
  const [parent] = RLP.decode(hexToBytes(test.genesisRLP)) as unknown as [Uint8Array[]]
  const [fields] = RLP.decode(hexToBytes(rlp)) as unknown as [Uint8Array[]]
  const field = (index: number): Uint8Array => fields[index] as Uint8Array
  return {
    ...{ name: 'amsterdam', number: 1n, chainId: CHAIN_ID, fork: 'amsterdam' },
    blockRlp: hexToBytes(rlp),
    blockAccessList: hexToBytes(blockAccessListRlp as `0x${string}`),
    parentHeaders: [RLP.encode(parent)],
    blockHashes: new Map([[0n, field(0)]]),
    preState: await witnessOf(state),
    expected: {
      stateRoot: field(STATE_ROOT),
      receiptsRoot: field(RECEIPTS_ROOT),
      gasUsed: toBigInt(field(GAS_USED)),
      logsBloom: field(LOGS_BLOOM),
      blockAccessListHash: field(BLOCK_ACCESS_LIST_HASH),
    },
  }
}
