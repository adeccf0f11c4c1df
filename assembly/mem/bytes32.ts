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
