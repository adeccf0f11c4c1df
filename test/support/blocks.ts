// Runs a block with the engine in order over a MapState, and compares with the reference run.

import { Common, Mainnet } from '@ethereumjs/common'
import { createTxFromBlockBodyData } from '@ethereumjs/tx'
import * as assert from 'uvu/assert'
import { OUTCOME_WORK } from '../../src/abi/core.generated.js'
import { decodeOutcome, type ExecutedOutcome, type Outcome } from '../../src/abi/outcome.js'
import { bodyOf } from '../../src/block/body.js'
import { ChainCommons, type ChainRules, rulesOf } from '../../src/block/common.js'
import { decodeBlock, type Schedule, workInputOf } from '../../src/block/decode.js'
import { executingCommon } from '../../src/block/executingCommon.js'
import type { BlockCase } from '../../src/blockFiles/index.js'
import { type EngineBlock, type EngineOptions, EthereumjsEngine } from '../../src/ethereumjs/engine.js'
import type { PreStateReader } from '../../src/reference/flatState.js'
import type { ReferenceResult } from '../../src/reference/reference.js'
import type { StateDiff } from '../../src/types.js'
import { hex, MapState, type Operation } from './mapState.js'

export const mainnetRules = rulesOf(new Common({ chain: Mainnet }))
export const mainnet = new ChainCommons(mainnetRules, executingCommon)

export function sendersOf(block: BlockCase): Uint8Array[] {
  if (block.senders !== undefined) return block.senders
  const { header, transactions } = decodeBlock(block.blockRlp, mainnet)
  const { common } = header
  return transactions.map((bytes) => createTxFromBlockBodyData(bodyOf(bytes), { common }).getSenderAddress().bytes)
}

export function engineBlock(block: BlockCase, senders: readonly Uint8Array[]): EngineBlock {
  return { ...engineInput(block.blockRlp, mainnet), senders, blockHashes: block.blockHashes }
}

/** What the engine takes of a block's bytes. */
export function engineInput(blockRlp: Uint8Array, schedule: Schedule): Omit<EngineBlock, 'senders' | 'blockHashes'> {
  const decoded = decodeBlock(blockRlp, schedule)
  const { common, fields } = decoded.header
  const transactions = decoded.transactions.map(bodyOf)
  return { header: fields, transactions, ...workInputOf(decoded), hardfork: common.hardfork() }
}

export interface EngineRun {
  outcomes: Outcome[]
  state: MapState
  /** Operations of each index on the state. */
  operations: Operation[][]
  ms: number[]
}

export async function runEngine(
  block: EngineBlock,
  base: PreStateReader,
  rules: ChainRules = mainnetRules,
  options: EngineOptions = {},
): Promise<EngineRun> {
  const engine = new EthereumjsEngine(rules, options)
  await engine.beginBlock(block)
  const state = new MapState(base)
  const outcomes: Outcome[] = []
  const operations: Operation[][] = []
  const ms: number[] = []
  for (let index = 0; index <= block.transactions.length + 1; index++) {
    state.begin()
    const start = performance.now()
    const bytes = await engine.execute(state, index)
    ms.push(performance.now() - start)
    outcomes.push(decodeOutcome(bytes))
    operations.push(state.operations)
  }
  return { outcomes, state, operations, ms }
}

export function assertSame(run: EngineRun, reference: ReferenceResult): void {
  const executed = run.outcomes.slice(1, -1)
  assert.is(executed.length, reference.receipts.length)
  for (const [index, receipt] of reference.receipts.entries()) {
    const outcome = executed[index]! as ExecutedOutcome
    const seen = {
      status: outcome.kind,
      gasUsed: outcome.gasUsed,
      bloom: outcome.bloom && hex(outcome.bloom),
      contract: outcome.createdAddress && hex(outcome.createdAddress),
      logs: outcome.logs.map(([address, topics, data]) => [hex(address), topics.map(hex), hex(data)]),
    }
    const wanted = {
      status: receipt.failed ? 0 : 1,
      gasUsed: receipt.gasUsed,
      bloom: hex(receipt.logsBloom),
      contract: receipt.contractAddress && hex(receipt.contractAddress),
      logs: receipt.logs.map(({ address, topics, data }) => [hex(address), topics.map(hex), hex(data)]),
    }
    assert.equal(seen, wanted, `transaction ${index}`)
  }
  const last = run.outcomes.at(-1)!
  assert.is(last.kind, OUTCOME_WORK)
  if (last.kind === OUTCOME_WORK) assert.equal(last.requests.map(hex), reference.requests.map(hex))
  assert.equal(readable(run.state.difference()), readable(reference.stateDiff))
}

export function readable(diff: StateDiff) {
  return diff.map((account) => ({
    address: hex(account.address),
    exists: account.exists,
    nonce: account.nonce,
    balance: account.balance,
    codeHash: hex(account.codeHash),
    code: account.code && hex(account.code),
    cleared: account.storageCleared,
    storage: account.storage.map(({ key, value }) => `${hex(key)}=${hex(value)}`),
  }))
}
