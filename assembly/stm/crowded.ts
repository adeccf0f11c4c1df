import { POINT_CROWDED } from '../abi/debug'
import { SLOT_LOC } from '../abi/state'
import { fillBytes } from '../mem/bulk'
import { CONTROL_STM } from '../mem/layout'
import {
  EXECUTING, FAILURE, FRONT, IN_ORDER, STATUS_MASK, TX_STATUS, TX_TARGET, txRecord, WINDOW,
} from './block'
import { sourceIsAsync } from '../state/base'
import { yieldPoint } from './debug'
import { newestBelow } from './versions'

// Slots that transaction after transaction changes: the reserves of a pool, the balance of a vault. That such a slot
// was read too early is known after a whole execution; so whoever comes to one waits until the lower transactions
// that are being executed have ended, and goes on with what they left. What comes before that read, and after its
// change, overlaps.
//
// All here are hints: whether a read was right is decided at the commit (decision 2).
// Decision 42 (docs/adr/0042-waiting-at-crowded-slots.md).

/**
 * Entries of u32 slot, score, target, atomic each, at the place that the slot's address says; the last one stays.
 * Target: TX_TARGET of those that change it, ANY where that of the reader was another one.
 */
const TABLE: usize = CONTROL_STM + 6144
const ENTRIES: usize = 128
const ENTRY_SHIFT: u32 = 4
const SCORE: usize = 4
const TARGET: usize = 8
const ANY: u32 = 0

const OF_CONFLICT: u32 = 2
const MOST_SCORE: u32 = 8

/** Transactions below that are looked at, and looks at those that are executed: some 0.4 ms. */
const FAR: u32 = 64
const MOST_LOOKS: u32 = 65536

/** Claims after such a slot in which this thread takes one transaction at a time: others wait for what it has taken. */
const SINGLE_CLAIMS: u32 = 16
export let singleClaims: u32 = 0
export function claimedSingle(): void {
  singleClaims--
}

/** Begins a block. */
export function crowdedBegin(): void {
  fillBytes(TABLE, 0, ENTRIES << ENTRY_SHIFT)
}

// @ts-ignore: decorator
@inline
function entryOf(slot: usize): usize {
  return TABLE + <usize>(((<u32>slot * 0x9e37_79b1) >> 25) << ENTRY_SHIFT)
}

/** The thread's own: the last comparison that did not hold met a slot of which that was not known. */
export let learned: bool = false
export function forgetLearned(): void {
  learned = false
}

/** Transaction `index` has read this slot before a lower one changed it. */
export function readTooEarly(slot: usize, index: u32): void {
  // Whoever may wait for a source looks ahead instead (look.ts).
  if (sourceIsAsync()) return
  const entry = entryOf(slot)
  const score = atomic.load<u32>(entry) == <u32>slot ? atomic.load<u32>(entry, SCORE) : 0
  if (score == 0) learned = true
  atomic.store<u32>(entry, <u32>slot)
  const writer = newestBelow(slot + SLOT_LOC, index)
  const target = atomic.load<u32>(txRecord(index), TX_TARGET)
  const same = writer >= 0 && atomic.load<u32>(txRecord(writer), TX_TARGET) == target
  atomic.store<u32>(entry, same ? target : ANY, TARGET)
  atomic.store<u32>(entry, min(MOST_SCORE, score + OF_CONFLICT), SCORE)
}

// @ts-ignore: decorator
@inline
export function isCrowded(slot: usize): bool {
  const entry = entryOf(slot)
  return atomic.load<u32>(entry) == <u32>slot && atomic.load<u32>(entry, SCORE) != 0
}

/**
 * Waits until the lower transactions that other threads are executing have ended, for some time, where they may change
 * the slot; or until the turn of this one has come, or waiting is in vain.
 * Progress: who waits is above who is waited for, and the lowest that is executed waits for nobody.
 */
export function awaitLower(slot: usize, index: u32): void {
  singleClaims = SINGLE_CLAIMS
  yieldPoint(POINT_CROWDED)
  const lowest = max(atomic.load<u32>(FRONT), index - min(index, FAR))
  const target = atomic.load<u32>(entryOf(slot), TARGET)
  let waited = index
  let looks: u32 = 0
  for (let lower = index; lower > lowest && looks < MOST_LOOKS; ) {
    const record = txRecord(--lower)
    if (target != ANY && atomic.load<u32>(record, TX_TARGET) != target) continue
    while ((atomic.load<u32>(record, TX_STATUS) & STATUS_MASK) == EXECUTING && ++looks < MOST_LOOKS) {
      waited = lower
      if (atomic.load<u32>(FRONT) == index || atomic.load<u32>(WINDOW) == IN_ORDER) return
      if (atomic.load<u32>(FAILURE) != 0) return
    }
  }
  if (waited == index) return
  const changed = newestBelow(slot + SLOT_LOC, index) >= <i32>waited
  const entry = entryOf(slot)
  const score = atomic.load<u32>(entry, SCORE)
  atomic.store<u32>(entry, changed ? min(MOST_SCORE, score + 1) : score - min(score, 1), SCORE)
}
