import { OK, OUT_OF_SPACE } from '../abi/status'
import { MAX_THREADS } from '../abi/memory'
import { arenaAlloc, arenaAllocZeroed } from '../mem/arena'
import { resetChunksLock } from '../mem/chunks'
import { freeGeneratorLock } from '../secp256k1/generator'
import { freeWindowsLock } from '../secp256k1/windows'
import { CONTROL_STM } from '../mem/layout'
import { blockArena, contextOf, resetBlockArenas, THREAD_TOUCHED } from '../mem/thread'
import { nextAccount } from '../state/accounts'
import { resolveAccount, resolveSlot, setBaseSlot } from '../state/base'
import { copy32, equal32, isZero32, zero32 } from '../mem/bytes32'
import {
  ACC_BALANCE,
  ACC_CODE,
  ACC_DIFF,
  ACC_FLAGS,
  ACC_LIFE,
  ACC_NONCE,
  ACC_SLOTS,
  ACC_STORAGE_CLEARED,
  DIFF_ACCOUNT,
  DIFF_BALANCE,
  DIFF_CLEARED,
  DIFF_CODE_HASH,
  DIFF_EXISTED,
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_NONCE,
  DIFF_SIZE,
  DIFF_SLOT_COUNT,
  DIFF_SLOTS,
  DSLOT_SIZE,
  DSLOT_SLOT,
  DSLOT_VALUE,
  KIND_SLOT,
  LOC_ACCOUNT,
  LOC_BASE,
  LOC_KIND,
  LOC_LISTED,
  SLOT_LOC,
  SLOT_SIBLING,
} from '../abi/state'
import { nextSlot, relinkSiblings } from '../state/slots'
import { BLOCK_COUNT, BLOCK_FEES, COMMIT_LOCK } from './block'
import { answer, clearVersions, nextTouched, readEpoch, readExists, readSlotValue, readValue } from './versions'

// The end of a block: its state difference, then either commitBase or abandonBlock; or recover after a thread died.
// All of it is done by one thread when no other is inside the block. Base values change in commitBase only.

/** u32: array of u32 pointers to DIFF records, and their number; valid from collectDiff until the block is ended. */
const DIFFS: usize = CONTROL_STM + 9 * 64
const DIFF_COUNT: usize = CONTROL_STM + 9 * 64 + 4

export function diffRecords(): usize {
  return load<u32>(DIFFS)
}

export function diffCount(): u32 {
  return load<u32>(DIFF_COUNT)
}

/**
 * Makes the DIFF records of the accounts whose final state differs from that before the block. OK, OUT_OF_SPACE, or
 * MISSING when the base value of a location that was only written is not known: make it known and call again.
 */
export function collectDiff(): i32 {
  forgetDiff()
  let accounts: u32 = 0
  let status: i32 = OK
  // First every account with a touched location, with its number of touched slots.
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    for (let location = firstTouched(id); location != 0; location = nextTouched(location)) {
      const account: usize = load<u32>(location, LOC_ACCOUNT)
      let diff: usize = load<u32>(account, ACC_DIFF)
      if (diff == 0) {
        status = resolveAccount(account)
        if (status != OK) return fail(status)
        diff = arenaAllocZeroed(blockArena, DIFF_SIZE)
        if (diff == 0) return fail(OUT_OF_SPACE)
        store<u32>(diff, <u32>account, DIFF_ACCOUNT)
        store<u32>(account, <u32>diff, ACC_DIFF)
        accounts++
      }
      if (load<u32>(location, LOC_KIND) != KIND_SLOT) continue
      // Under storage that the block cleared nothing from before counts: a witness need not have it.
      status = readEpoch(account, load<u32>(BLOCK_COUNT))
      if (status == OK && answer == 0) status = resolveSlot(location - SLOT_LOC)
      if (status != OK) return fail(status)
      store<u32>(diff, load<u32>(diff, DIFF_SLOT_COUNT) + 1, DIFF_SLOT_COUNT)
    }
  }
  const records = arenaAlloc(blockArena, (<usize>accounts << 2) + 4)
  if (records == 0) return fail(OUT_OF_SPACE)
  // Then their final values; then those slots that differ; then drop the accounts that do not.
  let made: u32 = 0
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    for (let location = firstTouched(id); location != 0; location = nextTouched(location)) {
      const account: usize = load<u32>(location, LOC_ACCOUNT)
      const diff: usize = load<u32>(account, ACC_DIFF)
      if (load<u32>(diff, DIFF_SLOTS) == 0) {
        status = fillAccount(diff, account)
        if (status != OK) return fail(status)
        store<u32>(records + (<usize>made << 2), <u32>diff)
        made++
      }
      if (load<u32>(location, LOC_KIND) == KIND_SLOT) {
        status = addSlot(diff, location - SLOT_LOC)
        if (status != OK) return fail(status)
      }
    }
  }
  let kept: u32 = 0
  for (let i: u32 = 0; i < made; i++) {
    const diff: usize = load<u32>(records + (<usize>i << 2))
    if (!differs(diff)) continue
    store<u32>(records + (<usize>kept << 2), <u32>diff)
    kept++
  }
  store<u32>(DIFFS, <u32>records)
  store<u32>(DIFF_COUNT, kept)
  forgetMarks()
  return OK
}

function fail(status: i32): i32 {
  forgetMarks()
  return status
}

/** Zeroes ACC_DIFF everywhere. */
function forgetMarks(): void {
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    for (let location = firstTouched(id); location != 0; location = nextTouched(location))
      store<u32>(load<u32>(location, LOC_ACCOUNT), 0, ACC_DIFF)
  }
}

function forgetDiff(): void {
  store<u32>(DIFFS, 0)
  store<u32>(DIFF_COUNT, 0)
}

function firstTouched(thread: u32): usize {
  const at = contextOf(thread)
  return at == 0 ? 0 : load<u32>(at, THREAD_TOUCHED)
}

/** Final values of the account, and room for its slot differences. */
function fillAccount(diff: usize, account: usize): i32 {
  const end = load<u32>(BLOCK_COUNT)
  let status = readEpoch(account, end)
  if (status != OK) return status
  let flags: u32 = answer != 0 ? DIFF_CLEARED : 0
  status = readExists(account, end)
  if (status != OK) return status
  flags |= answer != 0 ? DIFF_EXISTS : DIFF_CLEARED
  status = readExists(account, 0)
  if (status != OK) return status
  if (answer != 0) flags |= DIFF_EXISTED
  store<u32>(diff, flags, DIFF_FLAGS)
  status = readValue(account + ACC_BALANCE, end, diff + DIFF_BALANCE)
  if (status != OK) return status
  // As a word first, then moved: a nonce is limb 0 of its location.
  status = readValue(account + ACC_NONCE, end, diff + DIFF_CODE_HASH)
  if (status != OK) return status
  store<u64>(diff, load<u64>(diff, DIFF_CODE_HASH), DIFF_NONCE)
  status = readValue(account + ACC_CODE, end, diff + DIFF_CODE_HASH)
  if (status != OK) return status
  const slots = arenaAlloc(blockArena, (<usize>load<u32>(diff, DIFF_SLOT_COUNT) << 2) + 4)
  if (slots == 0) return OUT_OF_SPACE
  store<u32>(diff, <u32>slots, DIFF_SLOTS)
  store<u32>(diff, 0, DIFF_SLOT_COUNT)
  return OK
}

function addSlot(diff: usize, slot: usize): i32 {
  const flags = load<u32>(diff, DIFF_FLAGS)
  if ((flags & DIFF_EXISTS) == 0) return OK
  const change = arenaAlloc(blockArena, DSLOT_SIZE)
  if (change == 0) return OUT_OF_SPACE
  store<u32>(change, <u32>slot, DSLOT_SLOT)
  const status = readSlotValue(slot, load<u32>(BLOCK_COUNT), change + DSLOT_VALUE)
  if (status != OK) return status
  const value = change + DSLOT_VALUE
  if (flags & DIFF_CLEARED ? isZero32(value) : equal32(value, slot + SLOT_LOC + LOC_BASE)) return OK
  const count = load<u32>(diff, DIFF_SLOT_COUNT)
  store<u32>(<usize>load<u32>(diff, DIFF_SLOTS) + (<usize>count << 2), <u32>change)
  store<u32>(diff, count + 1, DIFF_SLOT_COUNT)
  return OK
}

function differs(diff: usize): bool {
  const flags = load<u32>(diff, DIFF_FLAGS)
  const account: usize = load<u32>(diff, DIFF_ACCOUNT)
  const exists = (flags & DIFF_EXISTS) != 0
  if (exists != ((flags & DIFF_EXISTED) != 0)) return true
  if (!exists) return false
  return (
    (flags & DIFF_CLEARED) != 0 ||
    load<u32>(diff, DIFF_SLOT_COUNT) != 0 ||
    load<u64>(diff, DIFF_NONCE) != load<u64>(account + ACC_NONCE, LOC_BASE) ||
    !equal32(diff + DIFF_BALANCE, account + ACC_BALANCE + LOC_BASE) ||
    !equal32(diff + DIFF_CODE_HASH, account + ACC_CODE + LOC_BASE)
  )
}

/** Makes the state after the block the base of the next one, and ends the block. After collectDiff returned OK. */
export function commitBase(): void {
  const records: usize = load<u32>(DIFFS)
  for (let i: u32 = 0; i < load<u32>(DIFF_COUNT); i++) {
    const diff: usize = load<u32>(records + (<usize>i << 2))
    const account: usize = load<u32>(diff, DIFF_ACCOUNT)
    const flags = load<u32>(diff, DIFF_FLAGS)
    copy32(account + ACC_BALANCE + LOC_BASE, diff + DIFF_BALANCE)
    store<u64>(account + ACC_NONCE, load<u64>(diff, DIFF_NONCE), LOC_BASE)
    copy32(account + ACC_CODE + LOC_BASE, diff + DIFF_CODE_HASH)
    store<u64>(account + ACC_LIFE, u64((flags & DIFF_EXISTS) != 0), LOC_BASE)
    if (flags & DIFF_CLEARED) clearStorage(account)
    const slots: usize = load<u32>(diff, DIFF_SLOTS)
    for (let j: u32 = 0; j < load<u32>(diff, DIFF_SLOT_COUNT); j++) {
      const change: usize = load<u32>(slots + (<usize>j << 2))
      copy32(<usize>load<u32>(change, DSLOT_SLOT) + SLOT_LOC + LOC_BASE, change + DSLOT_VALUE)
    }
  }
  endBlock()
}

function clearStorage(account: usize): void {
  atomic.or<u32>(account, ACC_STORAGE_CLEARED, ACC_FLAGS)
  for (let slot: usize = load<u32>(account, ACC_SLOTS); slot != 0; slot = load<u32>(slot, SLOT_SIBLING)) {
    zero32(slot + SLOT_LOC + LOC_BASE)
    setBaseSlot(slot, slot + SLOT_LOC + LOC_BASE)
  }
}

/** Ends the block and leaves the base as it was before. */
export function abandonBlock(): void {
  endBlock()
}

function endBlock(): void {
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at == 0) continue
    let location: usize = load<u32>(at, THREAD_TOUCHED)
    while (location != 0) {
      const next = nextTouched(location)
      clearVersions(location)
      location = next
    }
    store<u32>(at, 0, THREAD_TOUCHED)
  }
  release()
}

function release(): void {
  forgetDiff()
  store<u32>(BLOCK_FEES, 0)
  store<u32>(BLOCK_COUNT, 0)
  resetBlockArenas()
}

/** Frees the locks that a thread may hold while there is no block. Only when it is known to have stopped. */
export function freeLocks(): void {
  resetChunksLock()
  freeGeneratorLock()
  freeWindowsLock()
}

/**
 * Ends a block of which a thread died, wherever that was: frees every lock and forgets every version. Base values are
 * as before the block. Only when all other threads are known to have stopped.
 */
export function recover(): void {
  freeLocks()
  atomic.store<u32>(COMMIT_LOCK, 0)
  for (let account = nextAccount(0); account != 0; account = nextAccount(account)) {
    clearVersions(account + ACC_BALANCE)
    clearVersions(account + ACC_NONCE)
    clearVersions(account + ACC_CODE)
    clearVersions(account + ACC_LIFE)
    store<u32>(account, 0, ACC_SLOTS)
    store<u32>(account, 0, ACC_DIFF)
    store<u32>(account + ACC_BALANCE, 0, LOC_LISTED)
  }
  for (let slot = nextSlot(0); slot != 0; slot = nextSlot(slot)) {
    clearVersions(slot + SLOT_LOC)
    store<u32>(slot + SLOT_LOC, 0, LOC_LISTED)
  }
  relinkSiblings()
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at = contextOf(id)
    if (at != 0) store<u32>(at, 0, THREAD_TOUCHED)
  }
  release()
}
