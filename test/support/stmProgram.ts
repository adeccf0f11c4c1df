// A tiny language of synthetic transactions over TxState, generated from a seed: everything the versioned memory offers,
// in blocks that conflict in every way. One interpreter runs it on the core and on the sequential model.
import type { AccountHandle, SlotHandle, TxState } from '../../src/wasm/txStatePort.js'

export type Op =
  | ['sload', number, number]
  | ['sstore', number, number, number]
  | ['sadd', number, number, number]
  | ['balance', number]
  | ['transfer', number, number, number]
  | ['credit', number, number]
  | ['drain', number]
  | ['nonce', number]
  | ['code', number]
  | ['exists', number]
  | ['empty', number]
  | ['atLeast', number, number]
  | ['create', number]
  | ['destroy', number]
  | ['touch', number]
  | ['skipIfOdd', number]
  | ['abortIfOdd']

export interface Program {
  name: string
  seed: number
  /** Number of its first account: accounts that no block had before are interned by several threads at once. */
  first: number
  accounts: number
  slots: number
  txs: Op[][]
}

/** TxState with the predicate that the interface leaves to the implementation. */
export interface PredicateState extends TxState {
  balanceAtLeast(account: AccountHandle, wei: bigint): boolean
}

export const addressOf = (i: number): Uint8Array => {
  const address = new Uint8Array(20).fill((i % 255) + 1, 0, 17)
  address[18] = i >> 8
  address[19] = i & 255
  return address
}
export const keyOf = (i: number): Uint8Array => {
  const key = new Uint8Array(32)
  key[31] = i
  key[3] = i & 1
  return key
}
export const CODES = [1, 2, 3].map((n) => new Uint8Array(n * 5).fill(n))

/** xorshift32. */
export function randomFrom(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

interface LocalAccount {
  handle: AccountHandle
  balance?: bigint
  delta: bigint
  wroteBalance: boolean
  nonce?: bigint
  wroteNonce: boolean
  code?: Uint8Array
  wroteCode: boolean
  created: boolean
  destroyed: boolean
  touched: boolean
  slots: Map<number, { handle: SlotHandle; value: bigint; wrote: boolean }>
}

const toBigInt = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
const to32 = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(32)
  for (let i = 31; i >= 0; i--, value >>= 8n) bytes[i] = Number(value & 255n)
  return bytes
}

/** Runs one transaction; yields between its steps. Returns its outcome: what it saw, digested. */
export function* runTransaction(
  { txs, first }: Program,
  index: number,
  state: PredicateState,
): Generator<void, Uint8Array> {
  const ops = txs[index]!
  const accounts = new Map<number, LocalAccount>()
  let seen = 1n
  const see = (value: bigint) => {
    seen = BigInt.asUintN(64, seen * 1099511628211n + value + 1n)
  }
  const open = (i: number): LocalAccount => {
    let account = accounts.get(i)
    if (account === undefined) {
      account = {
        handle: state.account(addressOf(first + i)),
        delta: 0n,
        wroteBalance: false,
        wroteNonce: false,
        wroteCode: false,
        created: false,
        destroyed: false,
        touched: false,
        slots: new Map(),
      }
      accounts.set(i, account)
    }
    return account
  }
  const balanceOf = (account: LocalAccount): bigint => {
    account.balance ??= state.balance(account.handle)
    return account.balance + account.delta
  }
  const slotOf = (i: number, k: number) => {
    const account = open(i)
    let slot = account.slots.get(k)
    if (slot === undefined) {
      const handle = state.slot(account.handle, keyOf(k))
      slot = { handle, value: account.created ? 0n : toBigInt(state.storage(handle)), wrote: false }
      account.slots.set(k, slot)
    }
    return slot
  }
  const untouched = (account: LocalAccount) =>
    account.delta === 0n && !account.wroteNonce && !account.wroteCode && !account.touched && !account.wroteBalance

  for (let pc = 0; pc < ops.length; pc++) {
    yield
    const op = ops[pc]!
    switch (op[0]) {
      case 'sload':
        see(slotOf(op[1], op[2]).value)
        break
      case 'sstore': {
        const slot = slotOf(op[1], op[2])
        slot.value = op[3] < 0 ? seen % 5n : BigInt(op[3])
        slot.wrote = true
        break
      }
      case 'sadd': {
        const slot = slotOf(op[1], op[2])
        slot.value += BigInt(op[3])
        slot.wrote = true
        see(slot.value)
        break
      }
      case 'balance':
        see(balanceOf(open(op[1])))
        break
      case 'transfer': {
        const from = open(op[1])
        const amount = BigInt(op[3])
        const enough =
          from.balance !== undefined || from.delta !== 0n
            ? balanceOf(from) >= amount
            : state.balanceAtLeast(from.handle, amount)
        see(enough ? 1n : 0n)
        if (!enough) break
        from.delta -= amount
        open(op[2]).delta += amount
        break
      }
      case 'credit':
        open(op[1]).delta += BigInt(op[2])
        break
      case 'drain': {
        const account = open(op[1])
        account.balance = 0n
        account.delta = 0n
        account.wroteBalance = true
        break
      }
      case 'nonce': {
        const account = open(op[1])
        account.nonce ??= state.nonce(account.handle)
        account.nonce += 1n
        account.wroteNonce = true
        see(account.nonce)
        break
      }
      case 'code': {
        const account = open(op[1])
        account.code ??= state.code(account.handle)
        see(BigInt(account.code.length) + toBigInt(account.wroteCode ? account.code : state.codeHash(account.handle)))
        break
      }
      case 'exists': {
        const account = open(op[1])
        see(untouched(account) && state.exists(account.handle) ? 1n : 0n)
        break
      }
      case 'empty': {
        const account = open(op[1])
        see(untouched(account) && state.isEmpty(account.handle) ? 1n : 0n)
        break
      }
      case 'atLeast': {
        const account = open(op[1])
        see(untouched(account) && state.balanceAtLeast(account.handle, BigInt(op[2])) ? 1n : 0n)
        break
      }
      case 'create': {
        const account = open(op[1])
        account.created = true
        account.nonce = 1n
        account.wroteNonce = true
        account.code = CODES[op[1] % CODES.length]!
        account.wroteCode = true
        for (const slot of account.slots.values()) {
          slot.value = 0n
          slot.wrote = false
        }
        break
      }
      case 'destroy':
        open(op[1]).destroyed = true
        break
      case 'touch':
        open(op[1]).touched = true
        break
      case 'skipIfOdd':
        if (seen & 1n) pc += op[1]
        break
      case 'abortIfOdd':
        if (seen & 1n) return to32((seen << 8n) | 0xffn)
        break
    }
  }
  for (const account of accounts.values()) {
    yield
    flush(account, state)
  }
  return to32(seen)
}

function flush(account: LocalAccount, state: PredicateState): void {
  const { handle } = account
  if (account.destroyed) {
    state.setBalance(handle, 0n)
    state.setNonce(handle, 0n)
    state.setCode(handle, new Uint8Array(0))
    state.setLife(handle, false, 'destroyed')
    for (const slot of account.slots.values()) if (slot.wrote) state.setStorage(slot.handle, to32(slot.value))
    return
  }
  if (account.created) state.setLife(handle, true, 'created')
  else if (account.touched) state.setLife(handle, true, 'keep')
  if (account.wroteBalance || (account.balance !== undefined && account.delta !== 0n))
    state.setBalance(handle, BigInt.asUintN(256, account.balance! + account.delta))
  else if (account.delta !== 0n) state.credit(handle, account.delta)
  if (account.wroteNonce) state.setNonce(handle, account.nonce!)
  if (account.wroteCode) state.setCode(handle, account.code!)
  for (const slot of account.slots.values()) if (slot.wrote) state.setStorage(slot.handle, to32(slot.value))
}
