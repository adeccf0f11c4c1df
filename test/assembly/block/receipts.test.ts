// Receipts made in the core against receipts made in JavaScript, over outcomes of every shape.
import { Common, Mainnet } from '@ethereumjs/common'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockRequest, writeRequest } from '../../../src/abi/blockRequest.js'
import { FLAG_RECEIPTS, FLAG_TX_ROOTS, OUTCOME_SUCCESS } from '../../../src/abi/core.generated.js'
import { decodeExecuted, type ExecutedOutcome, executedTypes } from '../../../src/abi/outcome.js'
import type { DecodedBlock } from '../../../src/block/decode.js'
import { putBlock } from '../../../src/block/putBlock.js'
import { buildReceipts } from '../../../src/block/receipts.js'
import { OutOfSpaceError } from '../../../src/errors.js'
import type { BlockCore } from '../../../src/wasm/blockCore.js'
import { closeBlock } from '../../../src/wasm/closeBlock.js'
import { memoryView } from '../../../src/wasm/memoryView.js'
import { leave, newBlock, randomOutcomes } from '../../support/leftOutcomes.js'
import { hex } from '../../support/mapState.js'
import { randomFrom } from '../../support/stmProgram.js'
import { totalsOf } from '../../support/totals.js'

const BERLIN = new Common({ chain: Mainnet, hardfork: 'berlin' })
const random = randomFrom(10)
const { bytes, outcome: randomOutcome } = randomOutcomes(random)

/** The request of a block with transactions of these types, of which nothing else is looked at. */
function request(block: BlockCore, types: readonly number[], holds: 'status' | 'nothing' | Uint8Array[]): number {
  const roots = typeof holds === 'string' ? [] : holds
  const memory = memoryView(block)
  // The gas limit is all that is looked at of the header: as much as there can be.
  const all = Uint8Array.from([...new Array<number>(8).fill(255), ...types.map((type) => (type === 0 ? 0xc0 : type))])
  const transactions = types.map((_, index) => all.subarray(index + 8, index + 9))
  const summaries = types.map((type) => ({ type, gasLimit: 0n, blobs: 0 }))
  const header = { bytes: all, fields: new Array<Uint8Array>(15).fill(all.subarray(0, 8)), common: BERLIN }
  const pointer = writeRequest(memory, {
    block: putBlock(memory, all, {
      transactions,
      summaries,
      uncles: [],
      header,
      unclesRlp: all,
    } as unknown as DecodedBlock),
    checksBody: false,
    senderBatch: 1,
    blockHashes: new Map(),
    hardfork: 'berlin',
    flags: (holds === 'nothing' ? 0 : FLAG_RECEIPTS) | (roots.length > 0 ? FLAG_TX_ROOTS : 0),
    serial: 1,
  })
  const view = new BlockRequest(memory, pointer)
  for (const [index, root] of roots.entries()) block.core.bytes.set(root, view.txRootAt(index))
  return pointer
}

test('roots, bloom, gas and outcomes, with a status, with state roots and without a root', () => {
  const block = newBlock(1 << 27)
  for (const count of [0, 1, 2, 3, 16, 17, 18, 126, 127, 128, 129, 130, 144, 145, 256, 257, 300]) {
    const outcomes = Array.from({ length: count }, randomOutcome)
    const types = outcomes.map(() => random(5))
    leave(block, outcomes)
    const roots = outcomes.map(() => bytes(32))
    for (const holds of ['status', 'nothing', roots] as const) {
      const made = closeBlock(block, request(block, types, holds)).totals
      assert.ok(made)
      if (made === undefined) return
      const { receiptsRoot, ...totals } = totalsOf(outcomes, buildReceipts(outcomes, types, holds))
      assert.is(made.gasUsed, totals.gasUsed)
      assert.is(made.blobGasUsed, totals.blobGasUsed)
      assert.is(hex(made.logsBloom), hex(totals.logsBloom))
      assert.is(made.receiptsRoot && hex(made.receiptsRoot), holds === 'nothing' ? undefined : hex(receiptsRoot))
      assert.equal(decodeExecuted(made.outcomes), outcomes, `${count} outcomes`)
      assert.equal(executedTypes(made.outcomes), types)
    }
    block.exports.abandonBlock()
  }
})

test('without room it is a typed error', () => {
  const block = newBlock(1 << 23)
  const outcome: ExecutedOutcome = { ...randomOutcome(), kind: OUTCOME_SUCCESS, error: '', bloom: bytes(256) }
  outcome.logs = [[bytes(20), [], new Uint8Array(2_000_000)]]
  leave(block, [outcome])
  assert.throws(
    () => closeBlock(block, request(block, [0], 'status')),
    (error: unknown) => error instanceof OutOfSpaceError,
  )
})

test.run()
