import { copyBytes } from '../mem/bulk'
import { arenaAllocZeroed } from '../mem/arena'
import { context, tableArena, THREAD_COUNTS } from '../mem/thread'
import {
  ACC_ADDRESS,
  ACC_BALANCE,
  ACC_CODE,
  ACC_LIFE,
  ACC_NEXT,
  ACC_NONCE,
  ACC_SIZE,
  KIND_BALANCE,
  KIND_CODE,
  KIND_LIFE,
  KIND_NONCE,
  LOC_ACCOUNT,
  LOC_KIND,
} from '../abi/state'
import {
  bucketCount,
  bucketOf,
  bucketsOf,
  dropBuckets,
  growBuckets,
  hashPair,
  hashWords,
  TABLE_ACCOUNTS,
} from './tables'

// The account table: 20-byte address -> account record. See tables.ts for its invariant.

/** A record that lost the race for its bucket, used for the next new account. */
let spare: usize = 0

/** The record of the account with this address, made when there is none; 0 when out of space. */
export function internAccount(address: usize): usize {
  const bucket = bucketOf(TABLE_ACCOUNTS, hashAddress(address))
  let head: usize = atomic.load<u32>(bucket)
  let found = find(head, 0, address)
  if (found != 0) return found
  const record = make(address)
  if (record == 0) return 0
  while (true) {
    store<u32>(record, <u32>head, ACC_NEXT)
    const seen: usize = atomic.cmpxchg<u32>(bucket, <u32>head, <u32>record)
    if (seen == head) {
      const count = context + THREAD_COUNTS + (<usize>TABLE_ACCOUNTS << 2)
      store<u32>(count, load<u32>(count) + 1)
      return record
    }
    found = find(seen, head, address)
    if (found != 0) {
      spare = record
      return found
    }
    head = seen
  }
}

// @ts-ignore: decorator
@inline
function hashAddress(address: usize): u64 {
  return hashWords(address, 2) + hashPair(load<u32>(address, 16), 0)
}

// @ts-ignore: decorator
@inline
function find(from: usize, until: usize, address: usize): usize {
  const a = load<u64>(address)
  const b = load<u64>(address, 8)
  const c = load<u32>(address, 16)
  let at = from
  while (at != until) {
    if (
      load<u64>(at, ACC_ADDRESS) == a &&
      load<u64>(at, ACC_ADDRESS + 8) == b &&
      load<u32>(at, ACC_ADDRESS + 16) == c
    )
      return at
    at = load<u32>(at, ACC_NEXT)
  }
  return 0
}

function make(address: usize): usize {
  let record = spare
  if (record != 0) spare = 0
  else {
    record = arenaAllocZeroed(tableArena, ACC_SIZE)
    if (record == 0) return 0
    initLocation(record + ACC_BALANCE, KIND_BALANCE, record)
    initLocation(record + ACC_NONCE, KIND_NONCE, record)
    initLocation(record + ACC_CODE, KIND_CODE, record)
    initLocation(record + ACC_LIFE, KIND_LIFE, record)
  }
  copyBytes(record + ACC_ADDRESS, address, 20)
  return record
}

export function initLocation(location: usize, kind: u32, account: usize): void {
  store<u32>(location, kind, LOC_KIND)
  store<u32>(location, <u32>account, LOC_ACCOUNT)
}

/** Between blocks only. */
export function growAccounts(): void {
  const count = bucketCount(TABLE_ACCOUNTS)
  const old = growBuckets(TABLE_ACCOUNTS)
  if (old == 0) return
  for (let i: u32 = 0; i < count; i++) {
    let record: usize = load<u32>(old + (<usize>i << 2))
    while (record != 0) {
      const next: usize = load<u32>(record, ACC_NEXT)
      const bucket = bucketOf(TABLE_ACCOUNTS, hashAddress(record + ACC_ADDRESS))
      store<u32>(record, load<u32>(bucket), ACC_NEXT)
      store<u32>(bucket, <u32>record)
      record = next
    }
  }
  dropBuckets(old, count)
}

/** Walks all accounts: first with 0, then with the previous answer; 0 at the end. Between blocks only. */
export function nextAccount(after: usize): usize {
  let bucket = bucketsOf(TABLE_ACCOUNTS)
  const end = bucket + (<usize>bucketCount(TABLE_ACCOUNTS) << 2)
  if (after != 0) {
    const next: usize = load<u32>(after, ACC_NEXT)
    if (next != 0) return next
    bucket = bucketOf(TABLE_ACCOUNTS, hashAddress(after + ACC_ADDRESS)) + 4
  }
  for (; bucket < end; bucket += 4) {
    const head: usize = load<u32>(bucket)
    if (head != 0) return head
  }
  return 0
}
