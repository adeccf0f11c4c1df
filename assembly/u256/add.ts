// Addition and subtraction modulo 2^256. A word is four u64 limbs, least significant first, at any alignment; `out` may
// be one of the inputs: every limb is read before the limb of the same index is written.

/** out = a + b. */
// @ts-ignore: decorator
@inline
export function u256Add(a: usize, b: usize, out: usize): void {
  const a0 = load<u64>(a)
  const a1 = load<u64>(a, 8)
  const a2 = load<u64>(a, 16)
  const s0 = a0 + load<u64>(b)
  const t1 = a1 + load<u64>(b, 8)
  const s1 = t1 + <u64>(s0 < a0)
  const t2 = a2 + load<u64>(b, 16)
  const s2 = t2 + (<u64>(t1 < a1) | <u64>(s1 < t1))
  const s3 = load<u64>(a, 24) + load<u64>(b, 24) + (<u64>(t2 < a2) | <u64>(s2 < t2))
  store<u64>(out, s0)
  store<u64>(out, s1, 8)
  store<u64>(out, s2, 16)
  store<u64>(out, s3, 24)
}

/** out = a + n. */
// @ts-ignore: decorator
@inline
export function u256AddU64(a: usize, n: u64, out: usize): void {
  const s0 = load<u64>(a) + n
  const c0 = <u64>(s0 < n)
  const s1 = load<u64>(a, 8) + c0
  const c1 = <u64>(s1 < c0)
  const s2 = load<u64>(a, 16) + c1
  store<u64>(out, s0)
  store<u64>(out, s1, 8)
  store<u64>(out, s2, 16)
  store<u64>(out, load<u64>(a, 24) + <u64>(s2 < c1), 24)
}

/** out = a + b, returning the carry (0 or 1) out of bit 255. */
export function u256AddCarry(a: usize, b: usize, out: usize): u64 {
  const a3 = load<u64>(a, 24)
  const a2 = load<u64>(a, 16)
  const a1 = load<u64>(a, 8)
  const a0 = load<u64>(a)
  const s0 = a0 + load<u64>(b)
  const t1 = a1 + load<u64>(b, 8)
  const s1 = t1 + <u64>(s0 < a0)
  const t2 = a2 + load<u64>(b, 16)
  const s2 = t2 + (<u64>(t1 < a1) | <u64>(s1 < t1))
  const t3 = a3 + load<u64>(b, 24)
  const s3 = t3 + (<u64>(t2 < a2) | <u64>(s2 < t2))
  store<u64>(out, s0)
  store<u64>(out, s1, 8)
  store<u64>(out, s2, 16)
  store<u64>(out, s3, 24)
  return <u64>(t3 < a3) | <u64>(s3 < t3)
}

/** out = a - b. */
// @ts-ignore: decorator
@inline
export function u256Sub(a: usize, b: usize, out: usize): void {
  const a0 = load<u64>(a)
  const a1 = load<u64>(a, 8)
  const a2 = load<u64>(a, 16)
  const b0 = load<u64>(b)
  const b1 = load<u64>(b, 8)
  const b2 = load<u64>(b, 16)
  const c0 = <u64>(a0 < b0)
  const t1 = a1 - b1
  const c1 = <u64>(a1 < b1) | <u64>(t1 < c0)
  const t2 = a2 - b2
  const c2 = <u64>(a2 < b2) | <u64>(t2 < c1)
  const s3 = load<u64>(a, 24) - load<u64>(b, 24) - c2
  store<u64>(out, a0 - b0)
  store<u64>(out, t1 - c0, 8)
  store<u64>(out, t2 - c1, 16)
  store<u64>(out, s3, 24)
}

/** out = a - b, returning the borrow: 1 when a < b. */
export function u256SubBorrow(a: usize, b: usize, out: usize): u64 {
  const a3 = load<u64>(a, 24)
  const b3 = load<u64>(b, 24)
  const a2 = load<u64>(a, 16)
  const b2 = load<u64>(b, 16)
  const a1 = load<u64>(a, 8)
  const b1 = load<u64>(b, 8)
  const a0 = load<u64>(a)
  const b0 = load<u64>(b)
  const c0 = <u64>(a0 < b0)
  const t1 = a1 - b1
  const c1 = <u64>(a1 < b1) | <u64>(t1 < c0)
  const t2 = a2 - b2
  const c2 = <u64>(a2 < b2) | <u64>(t2 < c1)
  const t3 = a3 - b3
  store<u64>(out, a0 - b0)
  store<u64>(out, t1 - c0, 8)
  store<u64>(out, t2 - c1, 16)
  store<u64>(out, t3 - c2, 24)
  return <u64>(a3 < b3) | <u64>(t3 < c2)
}
