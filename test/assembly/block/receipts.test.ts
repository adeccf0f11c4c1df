// Receipts made in the core against receipts made in JavaScript, over outcomes of every shape.
import { Common, Mainnet } from '@ethereumjs/common'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockRequest, writeRequest } from '../../../src/abi/blockRequest.js'
import {
  BlockMode,
  FLAG_RECEIPTS,
  FLAG_TX_ROOTS,
  OUTCOME_FAILED,
  OUTCOME_SUCCESS,
} from '../../../src/abi/core.generated.js'
import {
  decodeExecuted,
  type ExecutedOutcome,
  encodeOutcome,
  executedTypes,
  type OutcomeLog,
} from '../../../src/abi/outcome.js'
import type { DecodedBlock } from '../../../src/block/decode.js'
import { putBlock } from '../../../src/block/putBlock.js'
import { buildReceipts } from '../../../src/block/receipts.js'
import { OutOfSpaceError } from '../../../src/errors.js'
import { BlockCore } from '../../../src/wasm/blockCore.js'
import { closeBlock } from '../../../src/wasm/closeBlock.js'
import { Core } from '../../../src/wasm/core.js'
import { memoryView } from '../../../src/wasm/memoryView.js'
import { hex } from '../../support/mapState.js'
import { randomFrom } from '../../support/stmProgram.js'
import { totalsOf } from '../../support/totals.js'

/** Lengths at which RLP changes its form. */
const LENGTHS = [0, 1, 31, 55, 56, 255, 256, 1000, 65_535, 65_536]
const BERLIN = new Common({ chain: Mainnet, hardfork: 'berlin' })
const random = randomFrom(10)
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random(256))

function randomLog(): OutcomeLog {
  const length = random(20) === 0 ? LENGTHS[random(LENGTHS.length)]! : LENGTHS[random(6)]!
  return [bytes(20), Array.from({ length: random(5) }, () => bytes(32)), bytes(length)]
}

function randomOutcome(): ExecutedOutcome {
  const failed = random(4) === 0
  const logs = failed ? [] : Array.from({ length: [0, 0, 1, 2, 7][random(5)]! }, randomLog)
  return {
    kind: failed ? OUTCOME_FAILED : OUTCOME_SUCCESS,
    error: failed ? 'out of gas' : '',
    gasUsed: [21_000n, 127n, 128n, 2n ** 40n][random(4)]!,
    blobGasUsed: BigInt(random(3)) * 131_072n,
    effectiveGasPrice: 7n,
    minerValue: 1n,
    executionGas: 20_000n,
    gasRefund: 4_800n,
    returnData: bytes(random(3) * 20),
    logs,
    ...(random(5) === 0 && { createdAddress: bytes(20) }),
    // The core merges what it is given: any bits do.
    ...(logs.length > 0 && { bloom: bytes(256) }),
  }
}

function newBlock(maxBytes: number): BlockCore {
  const block = new BlockCore(Core.create({ maxBytes }), 0)
  block.initTables(1n)
  return block
}

/** A block of one thread whose transactions came to these outcomes. */
function leave(block: BlockCore, outcomes: readonly ExecutedOutcome[]): void {
  block.blockBegin(outcomes.length + 2, 1, BlockMode.SEQUENTIAL)
  const work = encodeOutcome({ kind: 3, requests: [] })
  for (let task = block.nextTask(); task >= 0; task = block.nextTask()) {
    block.exports.txBegin(task)
    block.txEnd(task === 0 || task > outcomes.length ? work : encodeOutcome(outcomes[task - 1]!))
  }
}

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
