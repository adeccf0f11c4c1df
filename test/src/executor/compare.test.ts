import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Comparable, compareResults } from '../../../src/executor/compare.js'
import { DifferenceError } from '../../../src/index.js'

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

function result(): Comparable {
  const receipt = (gas: bigint) => ({
    type: 2,
    status: 1 as const,
    gasUsed: 21_000n,
    cumulativeGasUsed: gas,
    logsBloom: bytes(256, 0),
    logs: [{ address: bytes(20, 1), topics: [bytes(32, 2)], data: bytes(4, 3) }],
  })
  const account = (fill: number) => ({
    address: bytes(20, fill),
    exists: true,
    nonce: 1n,
    balance: 5n,
    codeHash: bytes(32, 4),
    storageCleared: false,
    storage: [{ key: bytes(32, 5), value: bytes(32, 6) }],
  })
  return { receipts: [receipt(21_000n), receipt(42_000n)], gasUsed: 42_000n, stateDiff: [account(7), account(8)] }
}

/** Changes one copy and says what the comparison finds. */
function found(change: (ours: Comparable) => void): { transaction: number | undefined; location: string } {
  const ours = result()
  change(ours)
  try {
    compareResults(ours, result(), 'sequential')
  } catch (error) {
    assert.instance(error, DifferenceError)
    const { transaction, location } = error as DifferenceError
    return { transaction, location }
  }
  throw new Error('no difference was found')
}

test('equal results are equal', () => compareResults(result(), result(), 'ethereumjs'))

const address = `0x${'07'.repeat(20)}`
const cases: [change: (ours: Comparable) => void, transaction: number | undefined, location: string][] = [
  [({ receipts }) => Object.assign(receipts[1]!, { status: 0 }), 1, 'status'],
  [({ receipts }) => Object.assign(receipts[0]!, { gasUsed: 1n }), 0, 'gasUsed'],
  [({ receipts }) => Object.assign(receipts[0]!, { contractAddress: bytes(20, 9) }), 0, 'contractAddress'],
  [({ receipts }) => receipts[1]!.logs.pop(), 1, 'number of logs'],
  [({ receipts }) => Object.assign(receipts[1]!.logs[0]!, { data: bytes(4, 9) }), 1, 'data of log 0'],
  [({ receipts }) => receipts[1]!.logs[0]!.topics.push(bytes(32, 0)), 1, 'topics of log 0'],
  [({ receipts }) => (receipts as unknown[]).pop(), undefined, 'number of receipts'],
  [({ stateDiff }) => Object.assign(stateDiff[0]!, { balance: 6n }), undefined, `balance of ${address}`],
  [({ stateDiff }) => Object.assign(stateDiff[0]!, { exists: false }), undefined, `existence of ${address}`],
  [({ stateDiff }) => stateDiff.shift(), undefined, `account ${address}`],
  [
    ({ stateDiff }) => stateDiff.push({ ...stateDiff[0]!, address: bytes(20, 10) }),
    undefined,
    `account 0x${'0a'.repeat(20)}`,
  ],
  [({ stateDiff }) => stateDiff[0]!.storage.pop(), undefined, `storage 0x${'05'.repeat(32)} of ${address}`],
  [
    ({ stateDiff }) => Object.assign(stateDiff[0]!.storage[0]!, { value: bytes(32, 0) }),
    undefined,
    `storage 0x${'05'.repeat(32)} of ${address}`,
  ],
]

test('the first difference is named by transaction and location', () => {
  for (const [change, transaction, location] of cases) assert.equal(found(change), { transaction, location })
})

test('the first transaction that differs is named, not a later one', () => {
  const seen = found(({ receipts }) => {
    Object.assign(receipts[0]!, { status: 0 })
    Object.assign(receipts[1]!, { status: 0 })
  })
  assert.is(seen.transaction, 0)
})

test.run()
