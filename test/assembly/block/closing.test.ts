// What the core says of a block at its end, against the host's readers: roots of the body, transactions that must not be in it,
// logs of the deposit contract.
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeRequest } from '../../../src/abi/blockRequest.js'
import { OUTCOME_INVALID, OUTCOME_SUCCESS } from '../../../src/abi/core.generated.js'
import { type ExecutedOutcome, encodeOutcome } from '../../../src/abi/outcome.js'
import { acceptOutcomes } from '../../../src/block/checks.js'
import { ChainCommons, rulesOf } from '../../../src/block/common.js'
import type { DecodedBlock } from '../../../src/block/decode.js'
import { formatOf } from '../../../src/block/format.js'
import { putBlock } from '../../../src/block/putBlock.js'
import type { BlockCore } from '../../../src/wasm/blockCore.js'
import { type ClosedBlock, closeBlock } from '../../../src/wasm/closeBlock.js'
import { memoryView } from '../../../src/wasm/memoryView.js'
import { commonAt } from '../../support/engines.js'
import { leave, newBlock, randomOutcomes } from '../../support/leftOutcomes.js'
import { orderedRootWith } from '../../support/orderedRoot.js'
import { randomFrom } from '../../support/stmProgram.js'
import { asOutcomes } from '../../support/totals.js'

const random = randomFrom(23)
const { bytes, outcome } = randomOutcomes(random)
const common = new ChainCommons(rulesOf(new Common({ chain: Mainnet }), 'prague')).at(1n, 1n)
const { header: headerFormat } = formatOf(common)
const rootOf = orderedRootWith(keccak_256)
const CONTRACT = bytes(20)
const GAS = 1_000_000n

interface Made {
  values: Uint8Array[]
  withdrawals: Uint8Array[]
  uncles: Uint8Array
  /** Of each transaction. */
  gasLimit: bigint
  blockGas: bigint
}

/** A block of these parts whose header has the roots that they have; of an executed block, closed by the core. */
function close(
  block: BlockCore,
  { values, withdrawals, uncles, gasLimit, blockGas }: Made,
  break_?: string,
): ClosedBlock {
  const headerFields = headerFormat.fields.map(({ name }) => {
    const right: Record<string, Uint8Array> = {
      transactionsRoot: rootOf(values),
      ommersHash: keccak_256(uncles),
      withdrawalsRoot: rootOf(withdrawals),
      gasLimit: Buffer.from(blockGas.toString(16).padStart(16, '0'), 'hex'),
    }
    const field = Uint8Array.from(right[name] ?? new Uint8Array(32))
    if (name === break_) field[random(32)]! ^= 1
    return field
  })
  const parts = [...headerFields, uncles, ...values, ...withdrawals]
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  const views = parts.map((part) => {
    all.set(part, at)
    at += part.length
    return all.subarray(at - part.length, at)
  })
  const fields = views.splice(0, headerFields.length)
  const [unclesRlp] = views.splice(0, 1)
  const transactions = views.splice(0, values.length)
  const decoded = {
    header: { bytes: fields[0], fields, common },
    transactions,
    summaries: transactions.map(() => ({ type: 2, gasLimit, blobs: 0 })),
    uncles: [],
    unclesRlp,
    withdrawals: views,
    withdrawalFields: views.map((view) => [view, view, view, view.subarray(0, 1)]),
    withdrawalsRlp: all,
  } as unknown as DecodedBlock
  const memory = memoryView(block)
  const request = writeRequest(memory, {
    block: putBlock(memory, all, decoded),
    checksBody: true,
    deposits: CONTRACT,
    senderBatch: 1,
    blockHashes: new Map(),
    hardfork: 'prague',
    flags: 0,
    serial: 1,
  })
  return closeBlock(block, request)
}

function made(count: number, length: () => number): Made {
  const values = Array.from({ length: count }, () => bytes(length()))
  const withdrawals = Array.from({ length: random(40) }, () => bytes(1 + random(60)))
  return { values, withdrawals, uncles: RLP.encode([]), gasLimit: GAS, blockGas: 2n ** 63n }
}

test('roots of the body: right ones, and each of them wrong', () => {
  const block = newBlock(1 << 27)
  const lengths: [string, () => number][] = [
    ['transactions', () => 100 + random(100)],
    ['short ones', () => 1 + random(40)],
    ['long ones', () => [1, 55, 56, 255, 256, 20_000, 70_000][random(7)]!],
  ]
  for (const count of [0, 1, 2, 15, 16, 17, 33, 127, 128, 129, 257, 300]) {
    for (const [name, length] of count > 40 ? lengths.slice(0, 2) : lengths) {
      const given = made(count, length)
      leave(block, Array.from({ length: count }, outcome))
      assert.is(close(block, given).body, true, `${count} ${name}`)
      for (const root of ['transactionsRoot', 'ommersHash', 'withdrawalsRoot']) {
        assert.is(close(block, given, root).body, false, `${count} ${name}, wrong ${root}`)
      }
      block.exports.abandonBlock()
    }
  }
})

test('a block is accepted if and only if the host accepts it', () => {
  const block = newBlock(1 << 27)
  const seen = new Map<boolean, number>()
  for (let round = 0; round < 300; round++) {
    const count = 1 + random(20)
    const executed: ExecutedOutcome[] = Array.from({ length: count }, () => ({
      ...outcome(),
      gasUsed: GAS - BigInt(random(3)),
    }))
    const invalid = { kind: OUTCOME_INVALID, rule: 'NONCE_MISMATCH', message: 'no' } as const
    const outcomes = round % 3 === 0 ? executed.with(random(count), invalid as never) : executed
    leave(block, outcomes)
    const blockGas = GAS * BigInt(count) - BigInt(random(3 * count))
    const given: Made = { ...made(count, () => 40), gasLimit: GAS, blockGas }
    const { totals } = close(block, given)
    const work = { kind: 3 as const, requests: [] }
    let accepted = true
    try {
      const summaries = given.values.map(() => ({ type: 2, gasLimit: GAS, blobs: 0 }))
      acceptOutcomes(
        { gasLimit: blockGas, common: commonAt('prague') } as never,
        summaries,
        asOutcomes([work, ...outcomes, work]),
      )
    } catch {
      accepted = false
    }
    assert.is(totals !== undefined, accepted, `round ${round}`)
    seen.set(accepted, (seen.get(accepted) ?? 0) + 1)
    block.exports.abandonBlock()
  }
  assert.ok((seen.get(true) ?? 0) > 20 && (seen.get(false) ?? 0) > 100, JSON.stringify([...seen]))
})

test('work that was refused, or left nothing, is not accepted', () => {
  const block = newBlock(1 << 26)
  for (const last of [
    encodeOutcome({ kind: OUTCOME_INVALID, rule: 'SYSTEM_CALL_FAILED', message: '' }),
    new Uint8Array(0),
  ]) {
    block.blockBegin(2, 1, 0)
    for (let task = block.nextTask(); task >= 0; task = block.nextTask()) {
      block.exports.txBegin(task)
      block.txEnd(task === 0 ? encodeOutcome({ kind: 3, requests: [] }) : last)
    }
    assert.is(
      close(
        block,
        made(0, () => 1),
      ).totals,
      undefined,
    )
    block.exports.abandonBlock()
  }
})

test('logs of the deposit contract in their order', () => {
  const block = newBlock(1 << 27)
  for (let round = 0; round < 30; round++) {
    const outcomes = Array.from({ length: 40 }, (): ExecutedOutcome => {
      const one = outcome()
      if (one.kind !== OUTCOME_SUCCESS) return one
      return { ...one, logs: one.logs.map(([address, ...log]) => [random(4) === 0 ? CONTRACT : address, ...log]) }
    })
    leave(block, outcomes)
    const { totals } = close(
      block,
      made(40, () => 50),
    )
    const wanted = outcomes.flatMap(({ logs }) => logs.filter(([address]) => address === CONTRACT))
    assert.equal(totals?.deposits, wanted)
    block.exports.abandonBlock()
  }
})

test.run()
