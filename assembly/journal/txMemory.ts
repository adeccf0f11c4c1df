import { CHUNK_SIZE, MAX_THREADS } from '../abi/memory'
import { fillBytes } from '../mem/bulk'
import { bufferReserve, bufferTrim } from '../mem/buffer'
import { giveChunks, takeChunks } from '../mem/chunks'
import { CONTROL_EVM } from '../mem/layout'

// Memory of one thread for the transaction it runs: a bump area that is rewound (not given back) between transactions,
// the undo log, and the tables that find accounts and slots.
//
// A table entry is (u32 stamp, u32 record); it is empty unless its stamp is the running transaction's. So a new
// transaction empties both tables by taking the next stamp.

/** u32 per thread: its block of memory, kept when the thread's instance is replaced by another. */
const THREAD_BLOCKS: usize = CONTROL_EVM

// The block: descriptors first, then a first bump area.
const UNDO_BUFFER: usize = 0
const ACCOUNT_TABLE: usize = 8
const SLOT_TABLE: usize = 16
/** u32: stamp. */
const STAMP: usize = 24
export const TX_SCRATCH: usize = 64
const BUMP_START: usize = 1024

/** Entries of an empty table: few, so that those of most transactions stay in the first-level cache. */
const TABLE_START: u32 = 256
const UNDO_KEEP: usize = 4 * 1024 * 1024
const TABLE_KEEP: usize = 4 * 1024 * 1024

/** The thread's block; TX_SCRATCH inside is free for short-lived results. */
export let txBlock: usize = 0
export let undoBase: usize = 0
export let undoLimit: usize = 0
export let accountTable: usize = 0
export let accountMask: u32 = 0
export let slotTable: usize = 0
export let slotMask: u32 = 0
export let stamp: u32 = 0

let cursor: usize = 0
let end: usize = 0
/** The chunk that the bump area is in: u32 next chunk in its first word (0 = last). */
let chunk: usize = 0
let chunksUsed: u32 = 0

/** Prepares the thread's memory; false when out of space. */
export function txMemoryInit(threadId: u32): bool {
  if (threadId >= MAX_THREADS) return false
  let block: usize = load<u32>(THREAD_BLOCKS + <usize>threadId * 4)
  if (block == 0) {
    block = takeChunks(1)
    if (block == 0) return false
    fillBytes(block, 0, BUMP_START)
    if (!bufferReserve(block + UNDO_BUFFER, 0, CHUNK_SIZE)) return false
    if (!newTable(block + ACCOUNT_TABLE) || !newTable(block + SLOT_TABLE)) return false
    store<u32>(THREAD_BLOCKS + <usize>threadId * 4, <u32>block)
  }
  txBlock = block
  stamp = load<u32>(block, STAMP)
  return txMemoryReset()
}

/**
 * A chunk for a table. Invariant: a table of n entries lies at byte 8 n of its buffer, so that one twice as large has
 * its own place.
 */
function newTable(table: usize): bool {
  store<u64>(table, 0)
  if (!bufferReserve(table, 0, CHUNK_SIZE)) return false
  fillBytes(load<u32>(table), 0, load<u32>(table, 4))
  return true
}

/** Copies the descriptor into globals: a global is cheaper to read on the hot path. */
function adoptUndo(): void {
  undoBase = load<u32>(txBlock, UNDO_BUFFER)
  undoLimit = undoBase + <usize>load<u32>(txBlock, UNDO_BUFFER + 4)
}

function adoptAccounts(entries: u32): void {
  accountTable = <usize>load<u32>(txBlock, ACCOUNT_TABLE) + <usize>entries * 8
  accountMask = entries - 1
}

function adoptSlots(entries: u32): void {
  slotTable = <usize>load<u32>(txBlock, SLOT_TABLE) + <usize>entries * 8
  slotMask = entries - 1
}

/** Forgets everything about the previous transaction. All records are dead. False when out of space. */
export function txMemoryReset(): bool {
  if (chunksUsed > CHUNKS_KEPT || load<u32>(txBlock, BIG) != 0) giveBack()
  chunksUsed = 0
  cursor = txBlock + BUMP_START
  end = txBlock + CHUNK_SIZE
  chunk = txBlock
  stamp += 1
  if (stamp == 0) {
    // The counter wrapped: entries of 2^32 transactions ago must not look fresh.
    fillBytes(load<u32>(txBlock, ACCOUNT_TABLE), 0, load<u32>(txBlock, ACCOUNT_TABLE + 4))
    fillBytes(load<u32>(txBlock, SLOT_TABLE), 0, load<u32>(txBlock, SLOT_TABLE + 4))
    stamp = 1
  }
  store<u32>(txBlock, stamp, STAMP)
  bufferTrim(txBlock + UNDO_BUFFER, UNDO_KEEP)
  const ok =
    bufferReserve(txBlock + UNDO_BUFFER, 0, CHUNK_SIZE) && shrinkTable(ACCOUNT_TABLE) && shrinkTable(SLOT_TABLE)
  adoptUndo()
  adoptAccounts(TABLE_START)
  adoptSlots(TABLE_START)
  return ok
}

function shrinkTable(which: usize): bool {
  const table = txBlock + which
  bufferTrim(table, TABLE_KEEP)
  return load<u32>(table) != 0 || newTable(table)
}

/** `size` bytes (contents undefined, 16-byte aligned) that live until the transaction ends; 0 when out of space. */
export function txAlloc(size: usize): usize {
  const at = cursor
  const next = at + ((size + 15) & ~15)
  if (next <= end && next >= at) {
    cursor = next
    return at
  }
  return allocSlow(size)
}

/** u32 in the thread's block: first of the further chunks; they link through their first word. */
const LINK: usize = 32
/** u32 in the thread's block: runs for single requests beyond a chunk, linked: u32 next, u32 chunks. */
const BIG: usize = 40
/** More chunks than these are given back after the transaction. */
const CHUNKS_KEPT: u32 = 16

function allocSlow(size: usize): usize {
  if (size + 32 > CHUNK_SIZE) return allocBig(size)
  const link = chunk == txBlock ? chunk + LINK : chunk
  let next: usize = load<u32>(link)
  if (next == 0) {
    next = takeChunks(1)
    if (next == 0) return 0
    store<u32>(next, 0)
    store<u32>(link, <u32>next)
  }
  chunk = next
  chunksUsed += 1
  cursor = next + 16
  end = next + CHUNK_SIZE
  return txAlloc(size)
}

function allocBig(size: usize): usize {
  if (size > 0x4000_0000) return 0
  const count = <u32>((size + 16 + CHUNK_SIZE - 1) / CHUNK_SIZE)
  const run = takeChunks(count)
  if (run == 0) return 0
  store<u32>(run, load<u32>(txBlock, BIG))
  store<u32>(run, count, 4)
  store<u32>(txBlock, <u32>run, BIG)
  return run + 16
}

/** After a transaction that needed unusually much. */
function giveBack(): void {
  let run: usize = load<u32>(txBlock, BIG)
  while (run != 0) {
    const next: usize = load<u32>(run)
    giveChunks(run, load<u32>(run, 4))
    run = next
  }
  store<u32>(txBlock, 0, BIG)
  if (chunksUsed <= CHUNKS_KEPT) return
  let link = txBlock + LINK
  for (let i: u32 = 0; i < CHUNKS_KEPT; i++) link = load<u32>(link)
  let rest: usize = load<u32>(link)
  store<u32>(link, 0)
  while (rest != 0) {
    const next: usize = load<u32>(rest)
    giveChunks(rest, 1)
    rest = next
  }
}

/** Room for one more undo entry when the log is full: false when out of space. */
export function growUndo(used: usize): bool {
  const ok = bufferReserve(txBlock + UNDO_BUFFER, used, undoLimit - undoBase + CHUNK_SIZE)
  adoptUndo()
  return ok
}

/** Doubles a table that is half full; false when out of space. `hashAt`: where records keep their hash. */
export function growAccountTable(hashAt: usize): bool {
  const entries = (accountMask + 1) * 2
  if (!growTable(ACCOUNT_TABLE, accountTable, entries, hashAt)) return false
  adoptAccounts(entries)
  return true
}
export function growSlotTable(hashAt: usize): bool {
  const entries = (slotMask + 1) * 2
  if (!growTable(SLOT_TABLE, slotTable, entries, hashAt)) return false
  adoptSlots(entries)
  return true
}

function growTable(which: usize, old: usize, entries: u32, hashAt: usize): bool {
  const descriptor = txBlock + which
  const buffer: usize = load<u32>(descriptor)
  const capacity: usize = load<u32>(descriptor, 4)
  const size = <usize>entries * 8
  let fresh = buffer
  const both = size + size
  if (both > capacity) {
    const count = <u32>(both / CHUNK_SIZE)
    fresh = takeChunks(count)
    if (fresh == 0) return false
    fillBytes(fresh, 0, both)
    store<u32>(descriptor, <u32>fresh)
    store<u32>(descriptor, count * <u32>CHUNK_SIZE, 4)
  }
  const table = fresh + size
  const mask = entries - 1
  for (let at = old; at < old + size / 2; at += 8) {
    if (load<u32>(at) != stamp) continue
    const record: usize = load<u32>(at, 4)
    let index = load<u32>(record + hashAt) & mask
    while (load<u32>(table + <usize>index * 8) == stamp) index = (index + 1) & mask
    store<u32>(table + <usize>index * 8, stamp)
    store<u32>(table + <usize>index * 8, <u32>record, 4)
  }
  if (fresh != buffer) giveChunks(buffer, <u32>(capacity / CHUNK_SIZE))
  return true
}
