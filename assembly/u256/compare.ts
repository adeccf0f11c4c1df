// Comparisons. They return 0 or 1; the interpreter stores that as a word with u256SetU64.

export { equal32 as u256Eq, isZero32 as u256IsZero } from '../mem/bytes32'

/** a < b, unsigned. */
// @ts-ignore: decorator
@inline
export function u256Lt(a: usize, b: usize): bool {
  const a3 = load<u64>(a, 24)
  const b3 = load<u64>(b, 24)
  if (a3 != b3) return a3 < b3
  const a2 = load<u64>(a, 16)
  const b2 = load<u64>(b, 16)
  if (a2 != b2) return a2 < b2
  const a1 = load<u64>(a, 8)
  const b1 = load<u64>(b, 8)
  if (a1 != b1) return a1 < b1
  return load<u64>(a) < load<u64>(b)
}

/** a > b, unsigned. */
// @ts-ignore: decorator
@inline
export function u256Gt(a: usize, b: usize): bool {
  return u256Lt(b, a)
}

/** a < b, two's complement: only the top limb is compared as signed. */
// @ts-ignore: decorator
@inline
export function u256Slt(a: usize, b: usize): bool {
  const a3 = load<i64>(a, 24)
  const b3 = load<i64>(b, 24)
  if (a3 != b3) return a3 < b3
  return u256Lt(a, b)
}

/** a > b, two's complement. */
// @ts-ignore: decorator
@inline
export function u256Sgt(a: usize, b: usize): bool {
  return u256Slt(b, a)
}
