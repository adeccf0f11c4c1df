import { CHUNK_SIZE, EVM_MEMORY_CHUNKS, MAX_THREADS } from '../abi/memory'
import { fillBytes } from '../mem/bulk'
import { bufferReserve, bufferTrim } from '../mem/buffer'
import { giveChunks, takeChunks } from '../mem/chunks'
import { CONTROL_EVM } from '../mem/layout'
import { stamp, txAlloc } from '../journal/txMemory'

// Call frames of one thread, in its own memory: the interpreter never recurses, so the depth of 1024 needs no host
// stack. Stacks have a fixed place per depth; the EVM memories of all frames lie one after the other in ONE buffer that
// may move when it grows, so positions in it are kept as offsets.

/** u32: next opcode (address). Saved while a frame waits for its child, like F_SP and F_GAS. */
export const F_PC: usize = 0
/** u32: address of the top word of the stack. */
export const F_SP: usize = 4
/** i64: gas left. */
export const F_GAS: usize = 8
/** u32: where F_SP points when the stack is empty. */
export const F_BOTTOM: usize = 16
/**
 * u32: address of the code, its length, its bitmap of jump destinations (0: not analysed yet), its record (0: init
 * code).
 */
export const F_CODE: usize = 20
export const F_CODE_LENGTH: usize = 24
export const F_BITMAP: usize = 28
export const F_CODE_RECORD: usize = 32
/** u32: the frame's EVM memory: offset in the memory buffer, size in bytes (a multiple of 32). */
export const F_MEM: usize = 36
export const F_MEM_SIZE: usize = 40
/** u32: TxAccount whose storage and address the frame has. */
export const F_SELF: usize = 44
/** u32: TxAccount of the caller. */
export const F_CALLER: usize = 48
/** u32: input, offset in the memory buffer and length. */
export const F_INPUT: usize = 52
export const F_INPUT_LENGTH: usize = 56
/** u32: where the caller wants the output: offset in ITS memory, and length. */
export const F_OUT: usize = 60
export const F_OUT_LENGTH: usize = 64
/** u32: FRAME_STATIC, FRAME_CREATE, FRAME_CHARGED. */
export const F_FLAGS: usize = 68
/** u32: 0 for the transaction's first frame. */
export const F_DEPTH: usize = 72
/** The checkpoint at its start: u32 undo log, u32 last log, u32 log count, i64 refund counter. */
export const F_UNDO: usize = 76
export const F_LAST_LOG: usize = 80
export const F_LOG_COUNT: usize = 84
export const F_REFUND: usize = 88
/** 32 bytes: value, wei. */
export const F_VALUE: usize = 96
/** u32: room for init code and its bitmap at this depth, its size, and the stamp of the transaction that made it. */
const F_INIT_BUFFER: usize = 128
const F_INIT_SIZE: usize = 132
const F_INIT_STAMP: usize = 136
/** u32: where the program counter of F_PC lies: F_CODE, or the copy of it with fused operations. */
export const F_RUN: usize = 140
/** i64 each: state gas that the frame has paid, and of which kinds, while it waits for a callee (stateGas.ts). */
export const F_STATE_USED: usize = 144
export const F_STATE_SPILLED: usize = 152
export const F_STATE_RESTORED: usize = 160
const F_SIZE: usize = 176

export const FRAME_STATIC: u32 = 1
export const FRAME_CREATE: u32 = 2
/** Its caller paid state gas for the account that begins to exist. */
export const FRAME_CHARGED: u32 = 4

export const MAX_DEPTH: u32 = 1024
const STACK_SIZE: usize = 32768
const STACKS_PER_CHUNK: u32 = <u32>(CHUNK_SIZE / STACK_SIZE)

/** u32 per thread: its block, kept when the thread's instance is replaced. */
const THREAD_BLOCKS: usize = CONTROL_EVM + 256

// The thread's block: descriptors and scratch, the table of stack chunks (u32 each), the frames of MAX_DEPTH + 1
// depths, the memo.
const MEMORY_BUFFER: usize = 0
const RETURN_BUFFER: usize = 8
const WORK_BUFFER: usize = 16
/** u32: the chunk of pointMemo.ts, 0 until it asks for one. */
const POINT_CHUNK: usize = 24
const SCRATCH: usize = 64
const STACK_TABLE: usize = 4096
const FRAMES: usize = 8192
/** Behind the frames: what precompileMemo.ts, pointMemo.ts and hashMemo.ts remember. */
const MEMO: usize = 192 * 1024
export const MEMO_ROOM: usize = CHUNK_SIZE - MEMO

// What a thread keeps between transactions; more is given back after one that needed it.
const MEMORY_KEEP: usize = 4 * 1024 * 1024
const RETURN_KEEP: usize = 1024 * 1024
const WORK_KEEP: usize = CHUNK_SIZE
const STACK_CHUNKS_KEPT: u32 = 4

let block: usize = 0
/** 4032 bytes for values that live within one operation. */
export let scratch: usize = 0
/** The buffer of all EVM memories. */
export let memoryBuffer: usize = 0
let memoryCapacity: usize = 0
/** Return data of the last call: address and length. */
export let returnData: usize = 0
export let returnLength: u32 = 0
/** Gas of the running frame while an operation outside the loop has it. */
export let gasLeft: i64 = 0
/** The running frame. */
export let current: usize = 0

/** Prepares the thread's memory; false when out of space. */
export function framesInit(threadId: u32): bool {
  if (FRAMES + (<usize>MAX_DEPTH + 1) * F_SIZE > MEMO) ERROR('frames reach into the memo')
  if (threadId >= MAX_THREADS) return false
  const word = THREAD_BLOCKS + <usize>threadId * 4
  block = load<u32>(word)
  if (block == 0) {
    block = takeChunks(1)
    if (block == 0) return false
    fillBytes(block, 0, CHUNK_SIZE)
    store<u32>(word, <u32>block)
  }
  // A thread that died may have left an entry half written, and generations begin anew.
  fillBytes(block + MEMO, 0, MEMO_ROOM)
  scratch = block + SCRATCH
  stackChunks = (MAX_DEPTH + STACKS_PER_CHUNK) / STACKS_PER_CHUNK
  return framesReset()
}

/** Stack chunks that may be present: those below this index. */
let stackChunks: u32 = 0

/** Before a transaction. */
export function framesReset(): bool {
  capped = false
  while (stackChunks > STACK_CHUNKS_KEPT) {
    stackChunks -= 1
    const entry = block + STACK_TABLE + <usize>stackChunks * 4
    if (load<u32>(entry) != 0) giveChunks(load<u32>(entry), 1)
    store<u32>(entry, 0)
  }
  bufferTrim(block + MEMORY_BUFFER, MEMORY_KEEP)
  bufferTrim(block + RETURN_BUFFER, RETURN_KEEP)
  bufferTrim(block + WORK_BUFFER, WORK_KEEP)
  if (!bufferReserve(block + MEMORY_BUFFER, 0, EVM_MEMORY_CHUNKS * CHUNK_SIZE)) return false
  if (!bufferReserve(block + RETURN_BUFFER, 0, CHUNK_SIZE)) return false
  memoryBuffer = load<u32>(block, MEMORY_BUFFER)
  memoryCapacity = load<u32>(block, MEMORY_BUFFER + 4)
  returnData = load<u32>(block, RETURN_BUFFER)
  returnLength = 0
  return true
}

/** Makes the first `size` bytes of the memory buffer usable, keeping the first `used`. */
// @ts-ignore: decorator
@inline
export function reserveMemory(used: usize, size: usize): bool {
  return size <= memoryCapacity || growMemoryBuffer(used, size)
}

function growMemoryBuffer(used: usize, size: usize): bool {
  if (!bufferReserve(block + MEMORY_BUFFER, used, size)) return false
  memoryBuffer = load<u32>(block, MEMORY_BUFFER)
  memoryCapacity = load<u32>(block, MEMORY_BUFFER + 4)
  return true
}

/** Room for `length` bytes of return data at the address `returnData`; false when out of space. */
export function setReturnLength(length: u32): bool {
  returnLength = 0
  if (!bufferReserve(block + RETURN_BUFFER, 0, length)) return false
  returnData = load<u32>(block, RETURN_BUFFER)
  returnLength = length
  return true
}

/** MEMO_ROOM bytes, zero at first, that are the thread's for good. */
export function memoMemory(): usize {
  return block + MEMO
}

/** A chunk that is the thread's for good from the first time on; 0 when out of space. */
export function pointChunk(): usize {
  if (load<u32>(block, POINT_CHUNK) == 0) store<u32>(block, <u32>takeChunks(1), POINT_CHUNK)
  return load<u32>(block, POINT_CHUNK)
}

/** `size` bytes for one operation that needs more than `scratch` has, contents undefined; 0 when out of space. */
export function workMemory(size: usize): usize {
  return bufferReserve(block + WORK_BUFFER, 0, size) ? <usize>load<u32>(block, WORK_BUFFER) : 0
}

export function setGasLeft(gas: i64): void {
  gasLeft = gas
}

export function setCurrent(frame: usize): void {
  current = frame
}

/** Gas of the running frame and all it was called from, when the transaction is given up. */
export function gasOfAllFrames(): i64 {
  let gas = gasLeft
  for (let depth = load<u32>(current, F_DEPTH); depth > 0; depth--) gas += load<i64>(frameAt(depth - 1), F_GAS)
  return gas
}

/** What runs on guesses may use so much gas: some milliseconds. */
const LOOK_GAS: i64 = 2_000_000
let capped: bool = false

/** The transaction looks ahead: a loop whose end was guessed must not keep the thread. */
export function capGas(): void {
  if (capped) return
  capped = true
  if (gasLeft > LOOK_GAS) gasLeft = LOOK_GAS
  for (let depth: usize = load<u32>(current, F_DEPTH); depth > 0; depth--)
    store<i64>(block + FRAMES + (depth - 1) * F_SIZE, 0, F_GAS)
}

/** The frame of a depth with its stack empty; 0 when out of space. */
export function frameAt(depth: u32): usize {
  const index = depth / STACKS_PER_CHUNK
  const entry = block + STACK_TABLE + <usize>index * 4
  let chunk: usize = load<u32>(entry)
  if (chunk == 0) {
    chunk = takeChunks(1)
    if (chunk == 0) return 0
    store<u32>(entry, <u32>chunk)
    if (index >= stackChunks) stackChunks = index + 1
  }
  const frame = block + FRAMES + <usize>depth * F_SIZE
  const bottom = chunk + <usize>(depth % STACKS_PER_CHUNK) * STACK_SIZE - 32
  store<u32>(frame, <u32>bottom, F_BOTTOM)
  store<u32>(frame, <u32>bottom, F_SP)
  store<u32>(frame, depth, F_DEPTH)
  return frame
}

/** The frame that waits for this one. Not for the first frame. */
// @ts-ignore: decorator
@inline
export function parentOf(frame: usize): usize {
  return frame - F_SIZE
}

/** Memory for init code and its bitmap at a frame's depth; 0 when out of space. */
export function initCodeBuffer(frame: usize, size: usize): usize {
  if (load<u32>(frame, F_INIT_STAMP) != stamp || <usize>load<u32>(frame, F_INIT_SIZE) < size) {
    const fresh = txAlloc(size)
    if (fresh == 0) return 0
    store<u32>(frame, <u32>fresh, F_INIT_BUFFER)
    store<u32>(frame, <u32>size, F_INIT_SIZE)
    store<u32>(frame, stamp, F_INIT_STAMP)
  }
  return load<u32>(frame, F_INIT_BUFFER)
}
