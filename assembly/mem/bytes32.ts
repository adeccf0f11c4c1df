// 32-byte values, aligned or not.

// @ts-ignore: decorator
@inline
export function equal32(a: usize, b: usize): bool {
  return (
    ((load<u64>(a) ^ load<u64>(b)) |
      (load<u64>(a, 8) ^ load<u64>(b, 8)) |
      (load<u64>(a, 16) ^ load<u64>(b, 16)) |
      (load<u64>(a, 24) ^ load<u64>(b, 24))) ==
    0
  )
}

// @ts-ignore: decorator
@inline
export function isZero32(a: usize): bool {
  return (load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) == 0
}

// @ts-ignore: decorator
@inline
export function copy32(to: usize, from: usize): void {
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
}

// @ts-ignore: decorator
@inline
export function zero32(to: usize): void {
  v128.store(to, i64x2(0, 0))
  v128.store(to, i64x2(0, 0), 16)
}

/** to += from, modulo 2^256, little-endian limbs. */
export function add32(to: usize, from: usize): void {
  let carry: u64 = 0
  for (let i: usize = 0; i < 32; i += 8) {
    const a = load<u64>(to + i)
    const sum = a + load<u64>(from + i)
    const total = sum + carry
    carry = u64(sum < a) | u64(total < sum)
    store<u64>(to + i, total)
  }
}

/** a >= b as unsigned words. */
export function atLeast32(a: usize, b: usize): bool {
  for (let i: isize = 24; i >= 0; i -= 8) {
    const x = load<u64>(a + <usize>i)
    const y = load<u64>(b + <usize>i)
    if (x != y) return x > y
  }
  return true
}
