// Copying and filling, for the whole core: `memory.copy` and `memory.fill` must not be used anywhere else.
//
// Invariant: an instance never hands the engine a bulk operation on pages that it does not know of yet. V8 checks bulk
// operations against the size of the memory as the instance last heard of it, and traps when another thread has just grown
// it and handed over a pointer to the new pages. (Plain loads and stores are caught by guard pages and have no such limit.)
// Decision 12 (docs/adr/0012-bulk-operations.md).

/** Below this many bytes a loop is faster than the call into the engine. */
const SHORT: usize = 64

/** Makes the instance hear of all pages below `end`. */
// @ts-ignore: decorator
@inline
function reach(end: u64): void {
  if (end > <u64>memory.size() << 16) memory.grow(0)
}

/** Copies `length` bytes; the ranges may overlap. */
export function copyBytes(to: usize, from: usize, length: usize): void {
  if (length < SHORT && (to <= from || to >= from + length)) {
    copyShort(to, from, length)
    return
  }
  reach(<u64>max(to, from) + <u64>length)
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
  reach(<u64>at + <u64>length)
  memory.fill(at, <u8>value, length)
}
