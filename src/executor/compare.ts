import { bytesToHex } from '@ethereumjs/util'
import { sameBytes } from '../bytes.js'
import type { BlockAccessList, ExecutedReceipt, StateDiff, StateDiffAccount } from '../types.js'
import { DifferenceError } from './errors.js'

/** The parts of a result in which all ways of executing a block must agree. */
export interface Comparable {
  receipts: readonly Omit<ExecutedReceipt, 'stateRoot'>[]
  gasUsed: bigint
  stateDiff: StateDiff
  blockAccessList?: Pick<BlockAccessList, 'hash'>
}

/**
 * Compares two executions of one block field by field, in block order.
 * @throws DifferenceError naming the first transaction and the first location that differ
 */
export function compareResults(ours: Comparable, theirs: Comparable, against: DifferenceError['against']): void {
  const differ = (transaction: number | undefined, location: string, a: unknown, b: unknown): never => {
    throw new DifferenceError(against, transaction, location, `${show(a)}, expected ${show(b)}`)
  }
  if (ours.receipts.length !== theirs.receipts.length) {
    differ(undefined, 'number of receipts', ours.receipts.length, theirs.receipts.length)
  }
  ours.receipts.forEach((receipt, i) => {
    const other = theirs.receipts[i] as ExecutedReceipt
    for (const field of ['type', 'status', 'gasUsed', 'cumulativeGasUsed', 'contractAddress'] as const) {
      if (!same(receipt[field], other[field])) differ(i, field, receipt[field], other[field])
    }
    if (receipt.logs.length !== other.logs.length) differ(i, 'number of logs', receipt.logs.length, other.logs.length)
    receipt.logs.forEach((log, k) => {
      const expected = other.logs[k] as ExecutedReceipt['logs'][number]
      if (!same(log.address, expected.address)) differ(i, `address of log ${k}`, log.address, expected.address)
      if (!same(log.data, expected.data)) differ(i, `data of log ${k}`, log.data, expected.data)
      const [a, b] = [log.topics, expected.topics]
      if (a.length !== b.length || a.some((topic, t) => !same(topic, b[t]))) {
        differ(i, `topics of log ${k}`, a.map(show).join(), b.map(show).join())
      }
    })
  })
  compareState(ours.stateDiff, theirs.stateDiff, (location, a, b) => differ(undefined, location, a, b))
  if (ours.gasUsed !== theirs.gasUsed) differ(undefined, 'gas used', ours.gasUsed, theirs.gasUsed)
  const [list, other] = [ours.blockAccessList?.hash, theirs.blockAccessList?.hash]
  if (list !== undefined && other !== undefined && !same(list, other)) differ(undefined, 'access list', list, other)
}

function compareState(
  ours: StateDiff,
  theirs: StateDiff,
  differ: (location: string, a: unknown, b: unknown) => never,
): void {
  const expected = new Map(theirs.map((account) => [bytesToHex(account.address), account]))
  for (const account of ours) {
    const address = bytesToHex(account.address)
    const other = expected.get(address)
    if (other === undefined) throw differ(`account ${address}`, 'changed', 'unchanged')
    expected.delete(address)
    compareAccount(account, other, address, differ)
  }
  for (const address of expected.keys()) differ(`account ${address}`, 'unchanged', 'changed')
}

function compareAccount(
  ours: StateDiffAccount,
  theirs: StateDiffAccount,
  address: string,
  differ: (location: string, a: unknown, b: unknown) => never,
): void {
  if (ours.exists !== theirs.exists) differ(`existence of ${address}`, ours.exists, theirs.exists)
  if (!ours.exists) return
  for (const field of ['nonce', 'balance', 'codeHash', 'code'] as const) {
    if (!same(ours[field], theirs[field])) differ(`${field} of ${address}`, ours[field], theirs[field])
  }
  const slots = new Map(theirs.storage.map(({ key, value }) => [bytesToHex(key), value]))
  for (const { key, value } of ours.storage) {
    const slot = bytesToHex(key)
    const other = slots.get(slot)
    if (other === undefined || !same(value, other)) differ(`storage ${slot} of ${address}`, value, other)
    slots.delete(slot)
  }
  for (const [slot, value] of slots) differ(`storage ${slot} of ${address}`, undefined, value)
}

function same(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? sameBytes(a, b) : a === b
}

function show(value: unknown): string {
  return value instanceof Uint8Array ? bytesToHex(value) : value === undefined ? 'nothing' : String(value)
}
