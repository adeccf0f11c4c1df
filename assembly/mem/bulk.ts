// Copying and filling, for the whole core.

/** Below this many bytes a loop is faster than the call into the engine. */
const SHORT: usize = 64

/** Copies `length` bytes; the ranges may overlap. */
export function copyBytes(to: usize, from: usize, length: usize): void {
  if (length < SHORT && (to <= from || to >= from + length)) {
    copyShort(to, from, length)
    return
  }
  memory.copy(to, from, length)
}

// @ts-ignore: decorator
@inline
function copyShort(to: usize, from: usize, length: usize): void {
  const end = from + length
  while (from + 8 <= end) {
    store<u64>(to, load<u64>(from))
    from += 8
    to += 8
  }
  if (length & 4) {
    store<u32>(to, load<u32>(from))
    from += 4
    to += 4
  }
  while (from < end) store<u8>(to++, load<u8>(from++))
}

/** Fills `length` bytes with the low byte of `value`. */
export function fillBytes(at: usize, value: i32, length: usize): void {
  memory.fill(at, <u8>value, length)
}
