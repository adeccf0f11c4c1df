import { T_DEPTH, T_OP, T_SIZE, T_TYPE } from '../abi/trace'
import { copyBytes } from '../mem/bulk'

// The stream of events (abi/trace.ts): a buffer that the host empties whenever it is full. An event may lie on both
// sides of that.

/** The bytes [at, at + length) are next in the stream; they are gone when this returns. */
// @ts-ignore: decorator
@external('env', 'traceFlush')
declare function hostFlush(at: usize, length: u32): void

/** WANT_*. */
export let wanted: u32 = 0
/** Number of runs and gas of each opcode, 16 bytes each: of this thread, hence no static data. */
export let counts: usize = 0
export const COUNTS_SIZE: usize = 4096
let buffer: usize = 0
let cursor: usize = 0
let end: usize = 0

/** From now on these events go through the buffer; `size`: at least 16 KiB. */
export function setTrace(want: u32, at: usize, size: u32): void {
  wanted = want
  counts = at
  buffer = at + COUNTS_SIZE
  cursor = buffer
  end = at + size
}

/** Hands over what there is. */
export function flushTrace(): void {
  const length = <u32>(cursor - buffer)
  cursor = buffer
  if (length != 0) hostFlush(buffer, length)
}

/** Drops what nobody was told yet. */
export function dropTrace(): void {
  cursor = buffer
}

/** Begins an event: the address of its first `fixed` bytes, which are all to be written; `more` are put behind them. */
export function event(type: u32, op: u32, depth: u32, fixed: usize, more: usize): usize {
  if (cursor + fixed > end) flushTrace()
  const at = cursor
  cursor += fixed
  store<u32>(at, <u32>(fixed + more), T_SIZE)
  store<u8>(at, <u8>type, T_TYPE)
  store<u8>(at, <u8>op, T_OP)
  store<u16>(at, <u16>depth, T_DEPTH)
  return at
}

/** Puts bytes behind the event's fixed ones. */
export function put(from: usize, length: usize): void {
  while (length != 0) {
    if (cursor == end) flushTrace()
    const part = min(length, end - cursor)
    copyBytes(cursor, from, part)
    cursor += part
    from += part
    length -= part
  }
}
