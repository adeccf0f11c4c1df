import { POINT_LINK, POINT_WALK } from '../abi/debug'
import { MAX_THREADS } from '../abi/memory'
import { BLOCKED, MISSING, OK, OUT_OF_SPACE } from '../abi/status'
import { fillBytes } from '../mem/bulk'
import { arenaAlloc } from '../mem/arena'
import { lock, unlock } from '../mem/lock'
import { blockArena, context, contextOf, THREAD_CREDITS, THREAD_TEMP } from '../mem/thread'
import { hasBaseStorage, resolveAccount, resolveSlot } from '../state/base'
import { copy32, equal32, isZero32, zero32 } from '../mem/bytes32'
import { u256Add, u256Lt } from '../u256'
import { EMPTY_CODE_HASH, isEmptyCode } from '../state/code'
import {
  ACC_BALANCE,
  ACC_CODE,
  ACC_LIFE,
  ACC_NONCE,
  KIND_BALANCE,
  KIND_CODE,
  KIND_SLOT,
  LOC_ACCOUNT,
  LOC_BASE,
  LOC_BASE_KNOWN,
  LOC_GIVEN,
  LOC_KIND,
  LOC_LOCK,
  LOC_SIZE,
  LOC_TOUCHED_NEXT,
  LOC_VERSIONS,
  SLOT_ACCOUNT,
  SLOT_LOC,
} from '../abi/state'
import { BLOCK_FEES } from './block'
import { yieldPoint } from './debug'
import { G_VALUE, givenBelow, isGiven } from './given'
import { touch } from './touched'
import { lookPast, lookThrough } from './look'

// The versions of a location in the running block: a list in descending order of transactions over the base value.
//
// Invariants: value, tx and kind of an entry never change once it is linked, only its ESTIMATE flag, its incarnation
// and its `next` do. Lists are changed under LOC_LOCK, and entries stay allocated until the block ends, so that readers
// walk without a lock: whatever entry a reader stands on was linked at some time since it started, hence so is the next
// one, and an entry that was there all the time is never missed.
//
// What is a location, and what is no read: decision 4 (docs/adr/0004-locations.md).

/**
 * u32, atomic: the entry of the next lower transaction, 0 at the end. At the offset of LOC_VERSIONS: a list head looks
 * alike.
 */
const ENTRY_NEXT: usize = 0
const ENTRY_TX: usize = 4
/** u32, atomic. */
export const ENTRY_FLAGS: usize = 8
const ENTRY_INCARNATION: usize = 12
const ENTRY_VALUE: usize = 16
const ENTRY_SIZE: usize = 48

/** Inside this file: the base value is not there, and any will do. */
const GUESSED: i32 = -1

/** The transaction was aborted and will probably write here again. */
export const ESTIMATE: u32 = 1
/** The value is to be added (mod 2^256) to the balance below. */
export const DELTA: u32 = 2
/** Limb 1 (the storage epoch) is that of the entry below. */
export const KEEP_EPOCH: u32 = 4

/** One version per location, changed in place: nobody else reads. Set by blockBegin through txn.ts. */
let single: bool = false
export function setSingleVersion(value: bool): void {
  single = value
}

/** After OK of the predicate functions: the answer. After OK of readEpoch: the epoch. */
export let answer: u64 = 0
/** After OK of putVersion: 0 when the transaction's previous incarnation had written the same. */
export let changed: bool = false
/** After OK of putVersion. */
export let entryPut: usize = 0

// @ts-ignore: decorator
@inline
function firstBelow(location: usize, tx: u32): usize {
  let entry: usize = atomic.load<u32>(location, LOC_VERSIONS)
  while (entry != 0 && load<u32>(entry, ENTRY_TX) >= tx) entry = nextOf(entry)
  return entry
}

// @ts-ignore: decorator
@inline
function nextOf(entry: usize): usize {
  yieldPoint(POINT_WALK)
  return atomic.load<u32>(entry, ENTRY_NEXT)
}

/** The transaction of the newest version below `tx`, -1: there is none. */
export function newestBelow(location: usize, tx: u32): i32 {
  const entry = firstBelow(location, tx)
  return entry == 0 ? -1 : load<i32>(entry, ENTRY_TX)
}

/** BLOCKED by an ESTIMATE; OK where its value will do. */
// @ts-ignore: decorator
@inline
function meetEstimate(entry: usize): i32 {
  return lookThrough(load<u32>(entry, ENTRY_TX)) ? OK : BLOCKED
}

// @ts-ignore: decorator
@inline
function resolve(location: usize): i32 {
  if (atomic.load<u32>(location, LOC_BASE_KNOWN) != 0) return OK
  const status =
    load<u32>(location, LOC_KIND) == KIND_SLOT
      ? resolveSlot(location - SLOT_LOC)
      : resolveAccount(load<u32>(location, LOC_ACCOUNT))
  return status == MISSING && lookPast() ? GUESSED : status
}

/** The value below all versions. */
// @ts-ignore: decorator
@inline
function readBase(location: usize, out: usize): i32 {
  const status = resolve(location)
  if (status == OK) copy32(out, location + LOC_BASE)
  else if (status == GUESSED) {
    // Not what lies there: the host may be writing it.
    if (load<u32>(location, LOC_KIND) == KIND_CODE) copy32(out, EMPTY_CODE_HASH)
    else zero32(out)
    return OK
  }
  return status
}

// --- The fee recipient's balance -------------------------------------------------------------------------------------
// Decision 11 (docs/adr/0011-what-threads-share.md).
// Every transaction credits it, so that one list would go from core to core with each. Credits to it are kept in a list
// of the thread that makes them, by the same rules as any other list; whoever reads the balance adds up all lists.
//
// Invariant: when a transaction becomes EXECUTED it has one entry in all lists of this balance at most (txEnd drops
// what an earlier incarnation put into another thread's list), so a sum over transactions that are committed is exact.

/** Makes this account the fee recipient of the block that has begun; before any of its transactions runs. */
export function setFeeRecipient(account: usize): void {
  store<u32>(BLOCK_FEES, <u32>(account + ACC_BALANCE))
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at == 0) continue
    fillBytes(at + THREAD_CREDITS, 0, LOC_SIZE)
    store<u32>(at + THREAD_CREDITS, KIND_BALANCE, LOC_KIND)
    store<u32>(at + THREAD_CREDITS, <u32>account, LOC_ACCOUNT)
  }
}

/** Where this thread puts a credit to a balance. */
// @ts-ignore: decorator
@inline
export function creditLocation(location: usize): usize {
  return location == load<u32>(BLOCK_FEES) ? context + THREAD_CREDITS : location
}

function readFees(location: usize, tx: u32, out: usize): i32 {
  zero32(out)
  let entry = firstBelow(location, tx)
  // Credits of this transaction and those above it are on top of what it wrote.
  let from: u32 = 0
  while (true) {
    if (entry == 0) {
      const status = resolve(location)
      if (status == GUESSED) break
      if (status != OK) return status
      u256Add(out, location + LOC_BASE, out)
      break
    }
    const flags = atomic.load<u32>(entry, ENTRY_FLAGS)
    if (flags & ESTIMATE && meetEstimate(entry) != OK) return BLOCKED
    u256Add(out, entry + ENTRY_VALUE, out)
    if ((flags & DELTA) == 0) {
      from = load<u32>(entry, ENTRY_TX)
      break
    }
    entry = nextOf(entry)
  }
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at == 0) continue
    entry = firstBelow(at + THREAD_CREDITS, tx)
    for (; entry != 0 && load<u32>(entry, ENTRY_TX) >= from; entry = nextOf(entry)) {
      if (atomic.load<u32>(entry, ENTRY_FLAGS) & ESTIMATE && meetEstimate(entry) != OK) return BLOCKED
      u256Add(out, entry + ENTRY_VALUE, out)
    }
  }
  return OK
}

/** The value that transaction `tx` sees at a location other than a slot: 32 bytes. */
export function readValue(location: usize, tx: u32, out: usize): i32 {
  if (load<u32>(location, LOC_GIVEN) != 0) return readGiven(location, tx, out)
  if (location == load<u32>(BLOCK_FEES)) return readFees(location, tx, out)
  let entry = firstBelow(location, tx)
  if (entry == 0) return readBase(location, out)
  let flags = atomic.load<u32>(entry, ENTRY_FLAGS)
  if (flags & ESTIMATE && meetEstimate(entry) != OK) return BLOCKED
  copy32(out, entry + ENTRY_VALUE)
  while (flags & DELTA) {
    entry = nextOf(entry)
    if (entry == 0) {
      const status = resolve(location)
      if (status == OK) u256Add(out, location + LOC_BASE, out)
      return status == GUESSED ? OK : status
    }
    flags = atomic.load<u32>(entry, ENTRY_FLAGS)
    if (flags & ESTIMATE && meetEstimate(entry) != OK) return BLOCKED
    u256Add(out, entry + ENTRY_VALUE, out)
  }
  return OK
}

/** Of a location that the access list names from which the block is executed: no version is written then. */
function readGiven(location: usize, tx: u32, out: usize): i32 {
  const claim = givenBelow(location, tx)
  if (claim == 0) return readBase(location, out)
  copy32(out, claim + G_VALUE)
  return OK
}

/** The storage epoch of an account that transaction `tx` sees, in `answer`. No base value is needed: it is 0 there. */
export function readEpoch(account: usize, tx: u32): i32 {
  answer = 0
  if (atomic.load<u32>(account + ACC_LIFE, LOC_VERSIONS) == 0) return OK
  let entry = firstBelow(account + ACC_LIFE, tx)
  while (entry != 0) {
    const flags = atomic.load<u32>(entry, ENTRY_FLAGS)
    if (flags & ESTIMATE && meetEstimate(entry) != OK) return BLOCKED
    if ((flags & KEEP_EPOCH) == 0) {
      answer = load<u64>(entry, ENTRY_VALUE + 8)
      return OK
    }
    entry = nextOf(entry)
  }
  return OK
}

/** The value of a slot that transaction `tx` sees under the storage epoch it sees (state/layout.ts). */
export function readSlotValue(slot: usize, tx: u32, out: usize): i32 {
  const location = slot + SLOT_LOC
  if (load<u32>(location, LOC_GIVEN) != 0) return readGiven(location, tx, out)
  const status = readEpoch(load<u32>(slot, SLOT_ACCOUNT), tx)
  if (status != OK) return status
  const epoch = answer
  const entry = firstBelow(location, tx)
  if (entry != 0) {
    if (((<u64>load<u32>(entry, ENTRY_TX)) << 1) + 1 < epoch) zero32(out)
    else if (atomic.load<u32>(entry, ENTRY_FLAGS) & ESTIMATE && meetEstimate(entry) != OK) return BLOCKED
    else copy32(out, entry + ENTRY_VALUE)
    return OK
  }
  if (epoch != 0) {
    zero32(out)
    return OK
  }
  return readBase(location, out)
}

/** Whether the account has nonce 0, balance 0 and no code (EIP-161), in `answer`. */
export function readEmpty(account: usize, tx: u32): i32 {
  const temp = context + THREAD_TEMP
  answer = 0
  let status = readValue(account + ACC_NONCE, tx, temp)
  if (status != OK || load<u64>(temp) != 0) return status
  status = readValue(account + ACC_BALANCE, tx, temp)
  if (status != OK || !isZero32(temp)) return status
  status = readValue(account + ACC_CODE, tx, temp)
  if (status != OK || !isEmptyCode(temp)) return status
  answer = 1
  return OK
}

/** Whether the account exists: it says so itself, or it is not empty. In `answer`. */
export function readExists(account: usize, tx: u32): i32 {
  const temp = context + THREAD_TEMP
  if (isGiven(account, tx)) {
    // No list says so itself; what a transaction changed is gone when it is empty (EIP-161).
    const status = readEmpty(account, tx)
    answer ^= 1
    return status
  }
  let status = readValue(account + ACC_LIFE, tx, temp)
  if (status != OK) return status
  if (load<u64>(temp) != 0) {
    answer = 1
    return OK
  }
  status = readEmpty(account, tx)
  answer ^= 1
  return status
}

/**
 * Whether the account has storage, in `answer` (EIP-7610). Asked for an account with neither nonce nor code: what it
 * has is from before the block then, until something cleared it.
 */
export function readHasStorage(account: usize, tx: u32): i32 {
  answer = 0
  let status = resolveAccount(account)
  if (status == MISSING && lookPast()) return OK
  if (status != OK || !hasBaseStorage(account)) return status
  status = readEpoch(account, tx)
  if (status == OK) answer = u64(answer == 0)
  return status
}

/** Whether the balance is at least the word at `bound`, in `answer`. */
export function readBalanceAtLeast(account: usize, tx: u32, bound: usize): i32 {
  const temp = context + THREAD_TEMP
  const status = readValue(account + ACC_BALANCE, tx, temp)
  if (status == OK) answer = u64(!u256Lt(temp, bound))
  return status
}

/** Puts what transaction `tx` writes to a location into its list. Sets `changed` and `entryPut`. OK or OUT_OF_SPACE. */
export function putVersion(location: usize, tx: u32, incarnation: u32, flags: u32, value: usize): i32 {
  if (single) return putSingle(location, tx, flags, value)
  const locked = location + LOC_LOCK
  lock(locked)
  let link = location + LOC_VERSIONS
  let entry: usize = load<u32>(link)
  while (entry != 0 && load<u32>(entry, ENTRY_TX) > tx) {
    link = entry + ENTRY_NEXT
    entry = load<u32>(link)
  }
  const own = entry != 0 && load<u32>(entry, ENTRY_TX) == tx
  if (own && (load<u32>(entry, ENTRY_FLAGS) | ESTIMATE) == (flags | ESTIMATE) && equal32(entry + ENTRY_VALUE, value)) {
    store<u32>(entry, incarnation, ENTRY_INCARNATION)
    atomic.store<u32>(entry, flags, ENTRY_FLAGS)
    changed = false
    entryPut = entry
    unlock(locked)
    return OK
  }
  const fresh = arenaAlloc(blockArena, ENTRY_SIZE)
  if (fresh == 0) {
    unlock(locked)
    return OUT_OF_SPACE
  }
  store<u32>(fresh, own ? load<u32>(entry, ENTRY_NEXT) : <u32>entry, ENTRY_NEXT)
  fill(fresh, tx, incarnation, flags, value)
  yieldPoint(POINT_LINK)
  atomic.store<u32>(link, <u32>fresh)
  touch(location, true)
  changed = true
  entryPut = fresh
  unlock(locked)
  return OK
}

// @ts-ignore: decorator
@inline
function fill(entry: usize, tx: u32, incarnation: u32, flags: u32, value: usize): void {
  store<u32>(entry, tx, ENTRY_TX)
  store<u32>(entry, flags, ENTRY_FLAGS)
  store<u32>(entry, incarnation, ENTRY_INCARNATION)
  copy32(entry + ENTRY_VALUE, value)
}

function putSingle(location: usize, tx: u32, flags: u32, value: usize): i32 {
  let entry: usize = load<u32>(location, LOC_VERSIONS)
  if (entry == 0) {
    entry = arenaAlloc(blockArena, ENTRY_SIZE)
    if (entry == 0) return OUT_OF_SPACE
    store<u32>(entry, 0, ENTRY_NEXT)
    fill(entry, tx, 0, flags, value)
    store<u32>(location, <u32>entry, LOC_VERSIONS)
    touch(location, false)
    return OK
  }
  const before = load<u32>(entry, ENTRY_FLAGS)
  if (flags & DELTA) {
    u256Add(entry + ENTRY_VALUE, value, entry + ENTRY_VALUE)
    flags = before
  } else if (flags & KEEP_EPOCH) {
    store<u64>(entry, load<u64>(value), ENTRY_VALUE)
    flags = before
  } else {
    copy32(entry + ENTRY_VALUE, value)
  }
  store<u32>(entry, tx, ENTRY_TX)
  store<u32>(entry, flags, ENTRY_FLAGS)
  return OK
}

/** Unlinks what transaction `tx` wrote in an incarnation before this one. Returns whether there was such an entry. */
export function dropVersion(location: usize, tx: u32, incarnation: u32): bool {
  const locked = location + LOC_LOCK
  lock(locked)
  let link = location + LOC_VERSIONS
  let entry: usize = load<u32>(link)
  while (entry != 0 && load<u32>(entry, ENTRY_TX) > tx) {
    link = entry + ENTRY_NEXT
    entry = load<u32>(link)
  }
  const stale = entry != 0 && load<u32>(entry, ENTRY_TX) == tx && load<u32>(entry, ENTRY_INCARNATION) != incarnation
  if (stale) atomic.store<u32>(link, load<u32>(entry, ENTRY_NEXT))
  unlock(locked)
  return stale
}

// @ts-ignore: decorator
@inline
export function markEstimate(entry: usize): void {
  atomic.or<u32>(entry, ESTIMATE, ENTRY_FLAGS)
}

/** Empties the list of a location. Only when no thread is inside the block. */
export function clearVersions(location: usize): void {
  store<u32>(location, 0, LOC_VERSIONS)
  store<u32>(location, 0, LOC_LOCK)
  store<u32>(location, 0, LOC_TOUCHED_NEXT)
  store<u32>(location, 0, LOC_GIVEN)
}
