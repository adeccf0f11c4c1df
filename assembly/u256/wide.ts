// 64 x 64 -> 128 bit products. WebAssembly has no such instruction, so the high half is built from four 32 x 32 -> 64
// products; the sums below cannot overflow: (2^32-1)^2 + 2 * (2^32-1) = 2^64 - 1.

const LOW: u64 = 0xffff_ffff

/** High 64 bits of a * b; the low 64 bits are simply `a * b`. */
// @ts-ignore: decorator
@inline
export function mulHigh(a: u64, b: u64): u64 {
  const a0 = a & LOW
  const a1 = a >> 32
  const b0 = b & LOW
  const b1 = b >> 32
  const middle = a1 * b0 + ((a0 * b0) >> 32)
  return a1 * b1 + (middle >> 32) + ((a0 * b1 + (middle & LOW)) >> 32)
}
