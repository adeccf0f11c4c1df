// Which bytes of code are jump destinations: a JUMPDEST (0x5b) that is an instruction and not data of a PUSH, sixteen
// bytes at a time. What makes it slow one by one is that each PUSH says where the next instruction is; here only one
// vector operation in sixteen bytes waits for what came before:
//
// `next` is, for each of the sixteen, where the instruction behind the one that would start there starts; from 16 on
// that is in the bytes that follow. Four times doubled (the next of the next) it is where the walk from there leaves
// the sixteen. On the way are collected, as bits, the JUMPDESTs that the walk meets. Which of the sixteen walks is the
// real one is known when `entry` is: where the first instruction starts, 32 at most. i8x16.swizzle gives 0 for an index
// of 16 and more, and a step never goes back: the larger of two is the one that counts.

const PUSH1: i8 = 0x60
const JUMPDEST: i8 = 0x5b

/** Size in bytes of the bitmap for `length` bytes of code: it is written sixteen bits at a time. */
// @ts-ignore: decorator
@inline
export function bitmapSize(length: u32): usize {
  return ((<usize>length + 15) >> 4) << 1
}

/**
 * Writes the bitmap, bit n for byte n; it may hold anything before. Requires zeros behind the code up to a multiple of
 * sixteen bytes.
 */
export function analyse(code: usize, length: u32, bitmap: usize): void {
  const index = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  const following = i8x16(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
  const bitsLow = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0)
  const bitsHigh = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, -128)
  const sixteen = i8x16.splat(16)
  // The same in all lanes.
  let entry = i8x16.splat(0)
  for (const end = code + length; code < end; code += 16, bitmap += 2) {
    const bytes = v128.load(code)
    const isDest = i8x16.eq(bytes, i8x16.splat(JUMPDEST))
    const isPush = i8x16.eq(v128.and(bytes, i8x16.splat(-32)), i8x16.splat(PUSH1))
    if (!v128.any_true(isPush)) {
      store<u16>(bitmap, <u16>i8x16.bitmask(v128.and(isDest, i8x16.ge_u(index, entry))))
      entry = i8x16.sub_sat_u(entry, sixteen)
      continue
    }
    let next = i8x16.add(following, v128.and(i8x16.sub(bytes, i8x16.splat(PUSH1 - 1)), isPush))
    let low = v128.and(isDest, bitsLow)
    let high = v128.and(isDest, bitsHigh)
    low = v128.or(low, i8x16.swizzle(low, next))
    high = v128.or(high, i8x16.swizzle(high, next))
    next = i8x16.max_u(next, i8x16.swizzle(next, next))
    low = v128.or(low, i8x16.swizzle(low, next))
    high = v128.or(high, i8x16.swizzle(high, next))
    next = i8x16.max_u(next, i8x16.swizzle(next, next))
    low = v128.or(low, i8x16.swizzle(low, next))
    high = v128.or(high, i8x16.swizzle(high, next))
    next = i8x16.max_u(next, i8x16.swizzle(next, next))
    low = v128.or(low, i8x16.swizzle(low, next))
    high = v128.or(high, i8x16.swizzle(high, next))
    next = i8x16.max_u(next, i8x16.swizzle(next, next))
    store<u8>(bitmap, i8x16.extract_lane_u(i8x16.swizzle(low, entry), 0))
    store<u8>(bitmap, i8x16.extract_lane_u(i8x16.swizzle(high, entry), 0), 1)
    // Of an entry from 16 on the walk is itself.
    entry = i8x16.sub(i8x16.max_u(entry, i8x16.swizzle(next, entry)), sixteen)
  }
}
