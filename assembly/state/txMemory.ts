import { bufferReserve, bufferTrim } from '../mem/buffer'
import { giveChunks, takeChunks } from '../mem/chunks'
import { CHUNK_SIZE, CONTROL_EVM, MAX_THREADS } from '../mem/layout'

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

/** Entries of a fresh table: one chunk. */
const TABLE_START: u32 = <u32>(CHUNK_SIZE / 8)
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
    memory.fill(block, 0, BUMP_START)
    if (!bufferReserve(block + UNDO_BUFFER, 0, CHUNK_SIZE)) return false
    if (!newTable(block + ACCOUNT_TABLE, TABLE_START)) return false
    if (!newTable(block + SLOT_TABLE, TABLE_START)) return false
    store<u32>(THREAD_BLOCKS + <usize>threadId * 4, <u32>block)
  }
  txBlock = block
  stamp = load<u32>(block, STAMP)
  adopt()
  return txMemoryReset()
}

function newTable(table: usize, entries: u32): bool {
  store<u64>(table, 0)
  const size = <usize>entries * 8
  if (!bufferReserve(table, 0, size)) return false
  memory.fill(load<u32>(table), 0, load<u32>(table, 4))
  return true
}

/** Copies the descriptors into globals: a global is cheaper to read on the hot path. */
function adopt(): void {
  undoBase = load<u32>(txBlock, UNDO_BUFFER)
  undoLimit = undoBase + <usize>load<u32>(txBlock, UNDO_BUFFER + 4)
  accountTable = load<u32>(txBlock, ACCOUNT_TABLE)
  accountMask = load<u32>(txBlock, ACCOUNT_TABLE + 4) / 8 - 1
  slotTable = load<u32>(txBlock, SLOT_TABLE)
  slotMask = load<u32>(txBlock, SLOT_TABLE + 4) / 8 - 1
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
    memory.fill(accountTable, 0, (<usize>accountMask + 1) * 8)
    memory.fill(slotTable, 0, (<usize>slotMask + 1) * 8)
    stamp = 1
  }
  store<u32>(txBlock, stamp, STAMP)
  bufferTrim(txBlock + UNDO_BUFFER, UNDO_KEEP)
  const ok =
    bufferReserve(txBlock + UNDO_BUFFER, 0, CHUNK_SIZE) && shrinkTable(ACCOUNT_TABLE) && shrinkTable(SLOT_TABLE)
  adopt()
  return ok
}

function shrinkTable(which: usize): bool {
  const table = txBlock + which
  bufferTrim(table, TABLE_KEEP)
  return load<u32>(table) != 0 || newTable(table, TABLE_START)
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
  adopt()
  return ok
}

/** Doubles a table that is half full. `hashAt`: where records keep their hash. */
export function growAccountTable(hashAt: usize): bool {
  return growTable(ACCOUNT_TABLE, hashAt)
}
export function growSlotTable(hashAt: usize): bool {
  return growTable(SLOT_TABLE, hashAt)
}

function growTable(which: usize, hashAt: usize): bool {
  const descriptor = txBlock + which
  const old: usize = load<u32>(descriptor)
  const size: usize = load<u32>(descriptor, 4)
  const count = <u32>(size / CHUNK_SIZE) * 2
  const fresh = takeChunks(count)
  if (fresh == 0) return false
  memory.fill(fresh, 0, <usize>count * CHUNK_SIZE)
  const mask = <u32>((<usize>count * CHUNK_SIZE) / 8) - 1
  for (let at: usize = 0; at < size; at += 8) {
    if (load<u32>(old + at) != stamp) continue
    const record: usize = load<u32>(old + at, 4)
    let index = load<u32>(record + hashAt) & mask
    while (load<u32>(fresh + <usize>index * 8) == stamp) index = (index + 1) & mask
    store<u32>(fresh + <usize>index * 8, stamp)
    store<u32>(fresh + <usize>index * 8, <u32>record, 4)
  }
  store<u32>(descriptor, <u32>fresh)
  store<u32>(descriptor, count * <u32>CHUNK_SIZE, 4)
  giveChunks(old, <u32>(size / CHUNK_SIZE))
  adopt()
  return true
}
