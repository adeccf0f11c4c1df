import { u256SetU64 } from '../u256'

/** Word from the `n` bytes (5 to 31) of a PUSH at `from`. Code is followed by zeros, so no length check is needed. */
export function pushBytes(from: usize, n: u32, out: usize): void {
  const rest: u64 = (64 - ((<u64>n & 7) << 3)) & 63
  const end = from + n
  // The highest limb may be partial: the first 8 bytes, shifted down.
  const first = bswap<u64>(load<u64>(from)) >> rest
  if (n <= 8) {
    u256SetU64(first, out)
    return
  }
  store<u64>(out, bswap<u64>(load<u64>(end - 8)))
  if (n <= 16) {
    store<u64>(out, first, 8)
    store<u64>(out, 0, 16)
    store<u64>(out, 0, 24)
    return
  }
  store<u64>(out, bswap<u64>(load<u64>(end - 16)), 8)
  if (n <= 24) {
    store<u64>(out, first, 16)
    store<u64>(out, 0, 24)
    return
  }
  store<u64>(out, bswap<u64>(load<u64>(end - 24)), 16)
  store<u64>(out, first, 24)
}

// @ts-ignore: decorator
@inline
export function swap(a: usize, b: usize): void {
  const a0 = v128.load(a)
  const a1 = v128.load(a, 16)
  v128.store(a, v128.load(b))
  v128.store(a, v128.load(b, 16), 16)
  v128.store(b, a0)
  v128.store(b, a1, 16)
}

/** Depth in bytes that the immediate byte of DUPN and SWAPN means (EIP-8024): 17 to 235 words; 0 when it means none. */
// @ts-ignore: decorator
@inline
export function single(immediate: u32): usize {
  return immediate > 90 && immediate < 128 ? 0 : <usize>((immediate + 145) & 255) << 5
}

/**
 * Depths in bytes of the two words that EXCHANGE swaps, the nearer one times 2^16; 0 when its immediate byte means
 * none.
 */
export function pair(immediate: u32): u32 {
  if (immediate > 81 && immediate < 128) return 0
  const k = immediate ^ 143
  const row = k >> 4
  const column = k & 15
  const near = row < column ? row + 1 : column + 1
  const far = row < column ? column + 1 : 29 - row
  return (near << 21) | (far << 5)
}
