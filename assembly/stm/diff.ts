import { resetChunksLock } from '../mem/chunks'
import { freeGeneratorLock } from '../secp256k1/generator'
import { freeWindowsLock } from '../secp256k1/windows'
import { MAX_THREADS } from '../abi/memory'
import { resetBlockArenas } from '../mem/thread'
import { nextAccount } from '../state/accounts'
import { setBaseSlot } from '../state/base'
import { copy32, zero32 } from '../mem/bytes32'
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
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_NONCE,
  DIFF_SLOT_COUNT,
  DIFF_SLOTS,
  DSLOT_SLOT,
  DSLOT_VALUE,
  LOC_BASE,
  LOC_LISTED,
  SLOT_LOC,
  SLOT_SIBLING,
} from '../abi/state'
import { diffCount, diffRecords, diffsAreMarked, forgetDiffs } from '../state/diff'
import { nextSlot, relinkSiblings } from '../state/slots'
import { BLOCK_COUNT, BLOCK_FEES, COMMIT_LOCK, GIVEN_FIRST } from './block'
import { unmarkDiffs } from './collect'
import { forgetGiven } from './given'
import { firstTouched, forgetTouched, nextTouched } from './touched'
import { clearVersions } from './versions'

// The end of a block, its state difference having been made (collect.ts): commitBase or abandonBlock; or recover after
// a thread died. All of it is done by one thread when no other is inside the block. Base values change in commitBase
// only.

/** Makes the state after the block the base of the next one, and ends the block. After the difference was made. */
export function commitBase(): void {
  const records = diffRecords()
  for (let i: u32 = 0; i < diffCount(); i++) {
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
  if (diffsAreMarked()) unmarkDiffs()
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    let location = firstTouched(id)
    while (location != 0) {
      const next = nextTouched(location)
      clearVersions(location)
      location = next
    }
  }
  forgetGiven()
  release()
}

function release(): void {
  forgetTouched()
  forgetDiffs()
  store<u32>(BLOCK_FEES, 0)
  store<u32>(GIVEN_FIRST, 0)
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
  release()
}
