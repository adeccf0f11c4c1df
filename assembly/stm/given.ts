import { ACC_BALANCE, ACC_CODE, ACC_NONCE, LOC_GIVEN } from '../abi/state'
import { equal32 } from '../mem/bytes32'
import { arenaAlloc } from '../mem/arena'
import { blockArena } from '../mem/thread'
import { GIVEN_BUDGET, GIVEN_FIRST, GIVEN_ITEMS, GIVEN_LEFT } from './block'

// What the access list that a block is executed from (EIP-7928) claims: of each location that it names, an array of
// (index, value after it) in ascending order. Transaction i reads the last value below i, or that before the block.
//
// Invariants:
// - The records are written by one thread before the first transaction is executed (window.ts), and do not change but
//   for G_SEEN, which goes once from 0 to 1, and for the counters below, which only go down then.
// - A claim counts as met when the transaction of its index ended with that value there, an address or slot when some
//   transaction that ended looked at it. A transaction that differs from the list fails the block. So when all are
//   committed and GIVEN_LEFT is 0, the list says what they did, and by induction over the indices each read the value
//   that it would have read in order. Whoever uses the outcome asks (givenLeft).
// Decision 33 (docs/adr/0033-executing-from-a-list.md).

/** u32: number of claims. */
const G_COUNT: usize = 0
/** u32, atomic: some transaction looked here. */
const G_SEEN: usize = 4
/** u32: the location, and the next record. */
const G_LOCATION: usize = 8
const G_NEXT: usize = 12
const G_SIZE: usize = 16
/** Of a claim: u32 index; u32 address and u32 length of a code; the value, a nonce as a word, of a code its hash. */
export const G_INDEX: usize = 0
export const G_CODE: usize = 4
export const G_CODE_LENGTH: usize = 8
export const G_VALUE: usize = 16
export const G_CLAIM_SIZE: usize = 48

/** Begins an empty list: executing from it may cost so much, in units of 1,024 gas. */
export function openGiven(budget: i32): void {
  store<u32>(GIVEN_FIRST, 0)
  store<u32>(GIVEN_ITEMS, 0)
  atomic.store<u32>(GIVEN_LEFT, 0)
  atomic.store<i32>(GIVEN_BUDGET, budget)
}

/**
 * Room for `count` claims about a location that has none; the first of them, which its list alone may hold. 0 when out
 * of space.
 */
export function addGiven(location: usize, count: u32): usize {
  const given = arenaAlloc(blockArena, G_SIZE + <usize>count * G_CLAIM_SIZE)
  if (given == 0) return 0
  store<u32>(given, count, G_COUNT)
  store<u32>(given, 0, G_SEEN)
  store<u32>(given, <u32>location, G_LOCATION)
  store<u32>(given, load<u32>(GIVEN_FIRST), G_NEXT)
  store<u32>(GIVEN_FIRST, <u32>given)
  store<u32>(location, <u32>given, LOC_GIVEN)
  atomic.add<u32>(GIVEN_LEFT, count)
  return given + G_SIZE
}

/** The location stands for an address or a slot: somebody must look there. */
export function countItem(): u32 {
  const items = load<u32>(GIVEN_ITEMS) + 1
  store<u32>(GIVEN_ITEMS, items)
  atomic.add<u32>(GIVEN_LEFT, 1)
  return items
}

/** Takes the list away from its locations; when no thread is inside the block. */
export function forgetGiven(): void {
  for (let given: usize = load<u32>(GIVEN_FIRST); given != 0; given = load<u32>(given, G_NEXT))
    store<u32>(load<u32>(given, G_LOCATION), 0, LOC_GIVEN)
}

/** How many claims lie below index `tx`, of a location that has a record. */
// @ts-ignore: decorator
@inline
function countBelow(given: usize, tx: u32): u32 {
  let low: u32 = 0
  let high = load<u32>(given, G_COUNT)
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<u32>(given + G_SIZE + <usize>middle * G_CLAIM_SIZE, G_INDEX) < tx) low = middle + 1
    else high = middle
  }
  return low
}

/** The last claim about a location below index `tx`, 0 when there is none. */
export function givenBelow(location: usize, tx: u32): usize {
  const given: usize = load<u32>(location, LOC_GIVEN)
  if (given == 0) return 0
  const count = countBelow(given, tx)
  return count == 0 ? 0 : given + G_SIZE + <usize>(count - 1) * G_CLAIM_SIZE
}

/** Whether the list claims a change of the account itself below index `tx`. */
export function isGiven(account: usize, tx: u32): bool {
  if (load<u32>(account + ACC_BALANCE, LOC_GIVEN) == 0) return false
  return (
    givenBelow(account + ACC_BALANCE, tx) != 0 ||
    givenBelow(account + ACC_NONCE, tx) != 0 ||
    givenBelow(account + ACC_CODE, tx) != 0
  )
}

/** Whether the list claims that a location has this value, 32 bytes, from index `tx` on. */
export function claims(location: usize, tx: u32, value: usize): bool {
  const claim = givenBelow(location, tx + 1)
  return claim != 0 && load<u32>(claim, G_INDEX) == tx && equal32(claim + G_VALUE, value)
}

/** A transaction that ends looked at a location that stands for an address or a slot. False: it is not in the list. */
export function lookAt(location: usize): bool {
  const given: usize = load<u32>(location, LOC_GIVEN)
  if (given == 0) return false
  if (atomic.load<u32>(given, G_SEEN) == 0 && atomic.xchg<u32>(given, 1, G_SEEN) == 0) atomic.sub<u32>(GIVEN_LEFT, 1)
  return true
}

/** So many claims were met by a transaction that ends: once a transaction. */
export function meet(count: u32): void {
  if (count != 0) atomic.sub<u32>(GIVEN_LEFT, count)
}

/** A transaction cost so much. False: all of them cost more than those of a valid block. */
export function spendGiven(cost: u32): bool {
  return atomic.sub<i32>(GIVEN_BUDGET, <i32>cost) >= <i32>cost
}

/** Claims, addresses and slots that no transaction has met: 0 when all are committed and the list is true. */
export function givenLeft(): u32 {
  return atomic.load<u32>(GIVEN_LEFT)
}

/** Addresses and slots of the list. */
export function givenItems(): u32 {
  return load<u32>(GIVEN_ITEMS)
}
