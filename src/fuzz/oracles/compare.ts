// Whether two who executed the same block agree, as far as both know.
import { bytesToHex, equalsBytes } from '@ethereumjs/util'
import { type Comparable, compareResults } from '../../executor/compare.js'
import type { PlainAccount, PlainState } from '../../spectests/plainState.js'
import type { StateDiffAccount } from '../../types.js'
import { differentRefusals } from '../refusals.js'
import type { Answer, OracleReceipt, Outcome, Refused } from './oracle.js'

export interface Side {
  name: string
  answer: Answer
}

/**
 * @param before the state before the block
 * @param planned index of a transaction that must not be in the block
 * @returns the first difference, undefined when there is none
 */
export function difference(before: PlainState, a: Side, b: Side, planned?: number): string | undefined {
  for (const { name, answer } of [a, b]) if (answer.kind === 'crash') return `${name} crashed: ${answer.reason}`
  if (a.answer.kind === 'refused' && b.answer.kind === 'refused') {
    return refusals({ name: a.name, ...a.answer }, { name: b.name, ...b.answer }, planned)
  }
  for (const [here, there] of [
    [a, b],
    [b, a],
  ] as const) {
    if (here.answer.kind === 'refused')
      return `only ${here.name} refuses the block, not ${there.name}: ${here.answer.reason}`
  }
  const [one, other] = [a.answer as Outcome, b.answer as Outcome]
  const exactly = one.exact && other.exact && unequal(one.exact, other.exact)
  if (exactly !== undefined) return exactly
  const found = outcomes(before, one, other)
  return found && `${found.location}: ${show(found.a)} by ${a.name}, ${show(found.b)} by ${b.name}`
}

/** Before Byzantium the executor's receipts have no status. */
function unequal(a: Comparable, b: Comparable): string | undefined {
  const status = [a, b].every(({ receipts }) => receipts.every(({ status }) => status !== undefined))
  const comparable = ({ receipts, ...rest }: Comparable): Comparable =>
    status ? { receipts, ...rest } : { ...rest, receipts: receipts.map(({ status: _, ...receipt }) => receipt) }
  try {
    compareResults(comparable(a), comparable(b), 'ethereumjs')
  } catch (error) {
    return (error as Error).message
  }
  return undefined
}

function refusals(a: Refused & { name: string }, b: Refused & { name: string }, planned?: number): string | undefined {
  if (a.error !== undefined && b.error !== undefined) return differentRefusals(a.error, b.error, planned)
  if (a.transaction === undefined || b.transaction === undefined || a.transaction === b.transaction) return undefined
  // Some decode all transactions before they execute the first.
  if (Math.max(a.transaction, b.transaction) === planned) return undefined
  const [one, other] = [a, b].map(({ name, transaction, reason }) => `${transaction} by ${name} (${reason})`)
  return `both refuse the block, because of transaction ${one} and ${other}`
}

interface Found {
  location: string
  a: unknown
  b: unknown
}

function outcomes(before: PlainState, a: Outcome, b: Outcome): Found | undefined {
  if (a.receipts.length !== b.receipts.length) {
    return { location: 'number of receipts', a: a.receipts.length, b: b.receipts.length }
  }
  for (const [i, receipt] of a.receipts.entries()) {
    const found = receipts(receipt, b.receipts[i] as OracleReceipt)
    if (found !== undefined) return { ...found, location: `${found.location} of transaction ${i}` }
  }
  return (
    states(before, a, b) ??
    fields(a, b, ['gasUsed', 'logsBloom', 'receiptsRoot', 'stateRoot', 'accessList']) ??
    requests(a, b)
  )
}

/** Fields that only one side knows are left out. */
function fields<T>(a: T, b: T, names: readonly (keyof T & string)[]): Found | undefined {
  for (const name of names) {
    if (a[name] === undefined || b[name] === undefined || same(a[name], b[name])) continue
    return { location: name, a: a[name], b: b[name] }
  }
  return undefined
}

function receipts(a: OracleReceipt, b: OracleReceipt): Found | undefined {
  const found = fields(a, b, ['status', 'cumulativeGasUsed'])
  if (found !== undefined) return found
  if (a.logs.length !== b.logs.length) return { location: 'number of logs', a: a.logs.length, b: b.logs.length }
  for (const [k, log] of a.logs.entries()) {
    const other = b.logs[k] as (typeof b.logs)[number]
    const topics = ({ topics }: typeof log): string => topics.map(show).join()
    const differs = fields(
      { address: log.address, data: log.data, topics: topics(log) },
      { address: other.address, data: other.data, topics: topics(other) },
      ['address', 'data', 'topics'],
    )
    if (differs !== undefined) return { ...differs, location: `${differs.location} of log ${k}` }
  }
  return fields(a, b, ['logsBloom', 'stateRoot'])
}

function requests({ requests: a }: Outcome, { requests: b }: Outcome): Found | undefined {
  if (a === undefined || b === undefined) return undefined
  const [here, there] = [a.map(show).join(), b.map(show).join()]
  return here === there ? undefined : { location: 'requests', a: here, b: there }
}

function states(before: PlainState, a: Outcome, b: Outcome): Found | undefined {
  const [here, there] = [new After(before, a), new After(before, b)]
  for (const address of new Set([...before.accounts.keys(), ...here.touched(), ...there.touched()])) {
    const found = accounts(here.get(address), there.get(address))
    if (found !== undefined) return { ...found, location: `${found.location} of ${address}` }
  }
  return undefined
}

function accounts(a: PlainAccount | undefined, b: PlainAccount | undefined): Found | undefined {
  if (a === undefined || b === undefined) {
    return a === b ? undefined : { location: 'existence', a: a !== undefined, b: b !== undefined }
  }
  for (const key of new Set([...a.storage.keys(), ...b.storage.keys()])) {
    const [here, there] = [a.storage.get(key), b.storage.get(key)]
    if (here !== there) return { location: `storage ${key}`, a: here, b: there }
  }
  return fields(a, b, ['nonce', 'balance', 'codeHash'])
}

/** The accounts after a block. */
class After {
  readonly #before: PlainState
  readonly #change: Outcome['change']
  readonly #changes: ReadonlyMap<string, StateDiffAccount>

  constructor(before: PlainState, { change }: Outcome) {
    this.#before = before
    this.#change = change
    this.#changes = new Map(
      'diff' in change ? change.diff.map((account) => [bytesToHex(account.address), account]) : [],
    )
  }

  touched(): Iterable<string> {
    return 'state' in this.#change ? this.#change.state.accounts.keys() : this.#changes.keys()
  }

  get(address: string): PlainAccount | undefined {
    if ('state' in this.#change) return this.#change.state.accounts.get(address)
    const change = this.#changes.get(address)
    return change === undefined ? this.#before.accounts.get(address) : this.#before.changed(change)
  }
}

function same(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? equalsBytes(a, b) : a === b
}

function show(value: unknown): string {
  return value instanceof Uint8Array ? bytesToHex(value) : value === undefined ? 'nothing' : String(value)
}
