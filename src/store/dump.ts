// A flat state as lines of JSON: those of `geth dump --iterative`, the first one with the block that the state is after.
import { bytesToHex } from '@ethereumjs/util'
import { Table } from '../abi/core.generated.js'
import { that } from '../door/choices.js'
import { check } from '../door/shape.js'
import { messageOf } from '../errors.js'
import { InvalidStateError, invalidState, type MemoryAccount } from '../sources/inputs.js'
import { decodeAccountRow } from './accountRow.js'
import type { StateAfter } from './firstState.js'
import type { StateStore } from './stateStore.js'

interface DumpHead {
  root?: string
  number?: string | number
  hash?: string
}

interface DumpAccount {
  address: string
  balance: string
  nonce: number | string
  code?: string
  /** Values without 0x, as geth writes them, or with. */
  storage?: Record<string, string>
}

const isStore = (value: unknown): value is StateStore =>
  typeof value === 'object' && value !== null && 'engine' in value && 'head' in value
export const STATE_STORE = that('a state that lmdbState or storeState made', isStore)
export const LINES = that(
  'a function that gives the lines',
  (value): value is () => Iterable<string> => typeof value === 'function',
)

/** The state of an open store, an account a line. What was not flushed is not in it. @throws InvalidStateError, StoreError */
export function dumpLines(state: StateStore): Generator<string, void, undefined> {
  return linesOf(check(STATE_STORE, state, 'state', invalidState))
}

function* linesOf(state: StateStore): Generator<string, void, undefined> {
  const { head } = state
  if (head === undefined) return
  const { number, hash, stateRoot } = head
  yield JSON.stringify({ root: bytesToHex(stateRoot), number: String(number), hash: bytesToHex(hash) })
  for (const account of accountLines(state)) yield JSON.stringify(account)
}

/** An account of a dump: `balance` and `nonce` decimal, the rest 0x-prefixed but for values of slots. */
export interface DumpLine {
  address: string
  balance: string
  nonce: string
  codeHash?: string
  code?: string
  /** Of its storage. */
  root?: string
  storage?: Record<string, string>
}

/** Accounts in the order of their addresses. */
export function* accountLines(state: StateStore): Generator<DumpLine, void, undefined> {
  const { engine } = state
  for (const [key, row] of engine.range(Uint8Array.of(Table.ACCOUNTS))) {
    const { nonce, balance, codeHash, storageRoot } = decodeAccountRow(row)
    const address = key.slice(1)
    const code = codeHash && engine.get(Uint8Array.of(Table.CODES, ...codeHash))
    yield {
      balance: String(balance),
      nonce: String(nonce),
      ...(codeHash && { codeHash: bytesToHex(codeHash) }),
      ...(code && { code: bytesToHex(code) }),
      ...(storageRoot && { root: bytesToHex(storageRoot), storage: storageOf(state, address) }),
      address: bytesToHex(address),
    }
  }
}

function storageOf({ engine }: StateStore, address: Uint8Array): Record<string, string> {
  const slots: Record<string, string> = {}
  for (const [key, value] of engine.range(Uint8Array.of(Table.SLOTS, ...address))) {
    slots[bytesToHex(key.slice(21))] = Buffer.from(value).reverse().toString('hex')
  }
  return slots
}

/**
 * The state of a dump, read a line at a time when a store begins with it.
 * @param lines called for each reading
 * @throws InvalidStateError naming the line
 */
export function stateOfDump(lines: () => Iterable<string>): StateAfter {
  const read = check(LINES, lines, 'lines', invalidState)
  for (const line of read()) {
    const { number, hash } = parse<DumpHead>(line, 1)
    if (number === undefined || hash === undefined) {
      throw new InvalidStateError(
        'dump',
        'line 1 must have the `number` and `hash` of the block that the state is after',
      )
    }
    const accounts = { [Symbol.iterator]: () => accountsOf(read()) }
    return { accounts, number: BigInt(number), hash: new Uint8Array(Buffer.from(hash.replace(/^0x/, ''), 'hex')) }
  }
  throw new InvalidStateError('dump', 'it is empty')
}

function* accountsOf(lines: Iterable<string>): Generator<MemoryAccount, void, undefined> {
  let at = 0
  for (const line of lines) {
    if (++at === 1 || line === '') continue
    const { address, balance, nonce, code = '0x', storage = {} } = parse<DumpAccount>(line, at)
    const slots = Object.entries(storage).map(([key, value]) => [key, `0x${value.replace(/^0x/, '')}`] as const)
    if (address === undefined)
      throw new InvalidStateError('dump', `line ${at} has no address: geth needs its preimages`)
    yield { address, balance: BigInt(balance), nonce: BigInt(nonce), code, storage: slots }
  }
}

function parse<T>(line: string, at: number): T {
  try {
    return JSON.parse(line) as T
  } catch (cause) {
    throw new InvalidStateError('dump', `line ${at} is no JSON: ${messageOf(cause)}`, { cause })
  }
}
