import { CHUNK_SIZE } from '../abi/memory'
import { copyBytes } from './bulk'
import { extendChunks, giveChunks, takeChunks } from './chunks'

// A growable contiguous buffer of one thread. Its descriptor is 8 bytes of the owner's memory:
//
//   u32 address (0 before the first reservation), u32 capacity in bytes
//
// Growing may move the contents: whoever keeps a position inside keeps an offset, or reloads the address.

/** Makes room for `size` bytes and keeps the first `used` ones; false when out of space. */
export function bufferReserve(buffer: usize, used: usize, size: usize): bool {
  const capacity: usize = load<u32>(buffer, 4)
  if (size <= capacity) return true
  if (size > 0x7000_0000) return false
  const enough = chunksFor(size)
  const count = max(chunksFor(capacity * 2), enough)
  const old: usize = load<u32>(buffer)
  const have = <u32>(capacity / CHUNK_SIZE)
  // In place first: beside the old contents a large buffer of twice their size may not fit.
  if (old != 0) {
    const grown = extendChunks(old, have, count - have) ? count : extendChunks(old, have, enough - have) ? enough : 0
    if (grown != 0) {
      store<u32>(buffer, grown * <u32>CHUNK_SIZE, 4)
      return true
    }
  }
  const fresh = takeChunks(count)
  if (fresh == 0) return false
  if (used != 0) copyBytes(fresh, old, used)
  store<u32>(buffer, <u32>fresh)
  store<u32>(buffer, count * <u32>CHUNK_SIZE, 4)
  if (old != 0) giveChunks(old, have)
  return true
}

// @ts-ignore: decorator
@inline
function chunksFor(size: usize): u32 {
  return <u32>((size + CHUNK_SIZE - 1) / CHUNK_SIZE)
}

/** Gives the memory back when it has grown past `keep` bytes (after an unusually big transaction). */
export function bufferTrim(buffer: usize, keep: usize): void {
  const capacity: usize = load<u32>(buffer, 4)
  if (capacity <= keep) return
  giveChunks(load<u32>(buffer), <u32>(capacity / CHUNK_SIZE))
  store<u64>(buffer, 0)
}
