import { invert, INVERT_INPUT, INVERSE_SCRATCH } from '../secp256k1/inverse'
import { HALF_P, ONE_PLAIN, P_BYTES, P30, P30_INVERSE, R_SQUARED } from './constants'
import { FE_SIZE, limb, MASK, P_LIMBS, reduce, wideMul, WIDE_SIZE, wideSqr } from './field'
import { drop, take } from '../mem/stack'
import { wideAddElement, wideSub, wideSubTwo } from './wide'

// Elements of the field: products, sums, and the way in and out. See field.ts for limbs and weights.

/** out = a b. */
export function feMul(a: usize, b: usize, out: usize): void {
  const w = take(WIDE_SIZE)
  wideMul(a, b, w)
  reduce(w, out)
  drop(WIDE_SIZE)
}

/** out = a^2. */
export function feSqr(a: usize, out: usize): void {
  const w = take(WIDE_SIZE)
  wideSqr(a, w)
  reduce(w, out)
  drop(WIDE_SIZE)
}

/** out = a b - c d, with one reduction. */
export function feMulSubMul(a: usize, b: usize, c: usize, d: usize, out: usize): void {
  const w = take(2 * WIDE_SIZE)
  wideMul(a, b, w)
  wideMul(c, d, w + WIDE_SIZE)
  wideSub(w, w + WIDE_SIZE, w, WIDE_SIZE)
  reduce(w, out)
  drop(2 * WIDE_SIZE)
}

/** out = a b - 2 c^2, with one reduction. */
export function feMulSubSqr(a: usize, b: usize, c: usize, out: usize): void {
  const w = take(2 * WIDE_SIZE)
  wideMul(a, b, w)
  wideSqr(c, w + WIDE_SIZE)
  wideSubTwo(w, w + WIDE_SIZE, w + WIDE_SIZE, w, WIDE_SIZE)
  reduce(w, out)
  drop(2 * WIDE_SIZE)
}

/** out = a^2 - n b. */
export function feSqrSub(a: usize, n: i32, b: usize, out: usize): void {
  const w = take(WIDE_SIZE)
  wideSqr(a, w)
  wideAddElement(-n, b, w)
  reduce(w, out)
  drop(WIDE_SIZE)
}

/** out = a + b: weights add; likewise below. */
export function feAdd(a: usize, b: usize, out: usize): void {
  v128.store(out, i32x4.add(v128.load(a), v128.load(b)))
  v128.store(out, i32x4.add(v128.load(a, 16), v128.load(b, 16)), 16)
  v128.store(out, i32x4.add(v128.load(a, 32), v128.load(b, 32)), 32)
  v128.store(out, i32x4.add(v128.load(a, 48), v128.load(b, 48)), 48)
}

/** out = a - b. */
export function feSub(a: usize, b: usize, out: usize): void {
  v128.store(out, i32x4.sub(v128.load(a), v128.load(b)))
  v128.store(out, i32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16)
  v128.store(out, i32x4.sub(v128.load(a, 32), v128.load(b, 32)), 32)
  v128.store(out, i32x4.sub(v128.load(a, 48), v128.load(b, 48)), 48)
}

/** out = n a. */
export function feTimes(n: i32, a: usize, out: usize): void {
  const factor = i32x4.splat(n)
  v128.store(out, i32x4.mul(v128.load(a), factor))
  v128.store(out, i32x4.mul(v128.load(a, 16), factor), 16)
  v128.store(out, i32x4.mul(v128.load(a, 32), factor), 32)
  v128.store(out, i32x4.mul(v128.load(a, 48), factor), 48)
}

/** out = -a. */
export function feNeg(a: usize, out: usize): void {
  v128.store(out, i32x4.neg(v128.load(a)))
  v128.store(out, i32x4.neg(v128.load(a, 16)), 16)
  v128.store(out, i32x4.neg(v128.load(a, 32)), 32)
  v128.store(out, i32x4.neg(v128.load(a, 48)), 48)
}

export function feCopy(a: usize, out: usize): void {
  v128.store(out, v128.load(a))
  v128.store(out, v128.load(a, 16), 16)
  v128.store(out, v128.load(a, 32), 32)
  v128.store(out, v128.load(a, 48), 48)
}

/** round(2^404 / p): limb 13 times this is about 2^40 times the number of p in an element. */
const PER_TOP: i64 = 10322795

/** out = a, reduced and below 0.51 p in size, for a below 7 p whose weight is at most 7. */
export function feSettle(a: usize, out: usize): void {
  const k = i32x4.splat(<i32>((limb(a, 52) * PER_TOP + ((<i64>1) << 39)) >> 40))
  const v0 = i32x4.sub(v128.load(a), i32x4.mul(k, v128.load(P_LIMBS)))
  const v1 = i32x4.sub(v128.load(a, 16), i32x4.mul(k, v128.load(P_LIMBS, 16)))
  const v2 = i32x4.sub(v128.load(a, 32), i32x4.mul(k, v128.load(P_LIMBS, 32)))
  const v3 = i32x4.sub(v128.load(a, 48), i32x4.mul(k, v128.load(P_LIMBS, 48)))
  // Carries of limbs 0 to 12, all at once.
  const half = i32x4.splat(0x0800_0000)
  const c0 = i32x4.shr_s(i32x4.add(v0, half), 28)
  const c1 = i32x4.shr_s(i32x4.add(v1, half), 28)
  const c2 = i32x4.shr_s(i32x4.add(v2, half), 28)
  const c3 = v128.and(i32x4.shr_s(i32x4.add(v3, half), 28), i32x4(-1, 0, 0, 0))
  const zero = i32x4.splat(0)
  v128.store(out, i32x4.add(i32x4.sub(v0, i32x4.shl(c0, 28)), v128.shuffle<i32>(zero, c0, 0, 4, 5, 6)))
  v128.store(out, i32x4.add(i32x4.sub(v1, i32x4.shl(c1, 28)), v128.shuffle<i32>(c0, c1, 3, 4, 5, 6)), 16)
  v128.store(out, i32x4.add(i32x4.sub(v2, i32x4.shl(c2, 28)), v128.shuffle<i32>(c1, c2, 3, 4, 5, 6)), 32)
  v128.store(out, i32x4.add(i32x4.sub(v3, i32x4.shl(c3, 28)), v128.shuffle<i32>(c2, c3, 3, 4, 5, 6)), 48)
}

/** Whether a = 0, for what can be settled: of k p only 0 is below 0.51 p, and its limbs, all below 2^28, are zero. */
export function feIsZero(a: usize): bool {
  const t = take(FE_SIZE)
  feSettle(a, t)
  const any = v128.any_true(
    v128.or(v128.or(v128.load(t), v128.load(t, 16)), v128.or(v128.load(t, 32), v128.load(t, 48))),
  )
  drop(FE_SIZE)
  return !any
}

export function feEquals(a: usize, b: usize): bool {
  const t = take(FE_SIZE)
  feSub(a, b, t)
  const zero = feIsZero(t)
  drop(FE_SIZE)
  return zero
}

// --- the way in and out ---------------------------------------------------------------------------------------------

/** Bytes of a field element in an encoding, big-endian. */
export const FE_BYTES: usize = 48

/** Whether a number of 48 bytes is below another. */
export function bytesBelow(a: usize, b: usize): bool {
  for (let i: usize = 0; i < FE_BYTES; i += 8) {
    const x = bswap<u64>(load<u64>(a + i))
    const y = bswap<u64>(load<u64>(b + i))
    if (x != y) return x < y
  }
  return false
}

/** 28 bits of a big-endian number of 48 bytes. */
function bits28(bytes: usize, bit: usize): u32 {
  const byte = bit >> 3
  // The last eight bytes that are there, when these are fewer.
  const from = byte <= 40 ? byte : 40
  return <u32>(bswap<u64>(load<u64>(bytes + 40 - from)) >> (bit - (from << 3))) & 0x0fff_ffff
}

/** An element from 48 bytes; false when the number is p or more. */
export function feFromBytes(bytes: usize, out: usize): bool {
  if (!bytesBelow(bytes, P_BYTES)) return false
  const t = take(FE_SIZE)
  for (let i: usize = 0; i < 14; i++) store<u32>(t + (i << 2), bits28(bytes, 28 * i))
  store<u64>(t, 0, 56)
  feMul(t, R_SQUARED, out)
  drop(FE_SIZE)
  return true
}

/** The number below p that an element stands for: limbs between 0 and 2^28. `a` as for feSettle. */
function plainLimbs(a: usize, out: usize): void {
  feMul(a, ONE_PLAIN, out)
  feSettle(out, out)
  let t: i64 = 0
  // A negative number's sum of limbs has a negative end.
  for (let i: usize = 0; i < 56; i += 4) t = (t + limb(out, i)) >> 28
  const add = t < 0
  t = 0
  for (let i: usize = 0; i < 56; i += 4) {
    t += limb(out, i) + (add ? limb(P_LIMBS, i) : 0)
    store<u32>(out + i, <u32>(t & MASK))
    t >>= 28
  }
}

/** The number below p that an element of weight up to 7 stands for, as 48 bytes. */
export function feToBytes(a: usize, bytes: usize): void {
  const t = take(FE_SIZE)
  plainLimbs(a, t)
  let pending: u64 = 0
  let bits: u64 = 0
  let next: usize = 0
  for (let at = bytes + FE_BYTES; at > bytes; ) {
    if (bits < 8) {
      pending |= <u64>load<u32>(t + next) << bits
      next += 4
      bits += 28
    }
    at--
    store<u8>(at, <u8>pending)
    pending >>= 8
    bits -= 8
  }
  drop(FE_SIZE)
}

/** Whether the number below p that an element stands for is more than (p - 1) / 2. */
export function feIsLarger(a: usize): bool {
  const t = take(FE_SIZE)
  feToBytes(a, t)
  const larger = bytesBelow(HALF_P, t)
  drop(FE_SIZE)
  return larger
}

/** Whether that number is odd: sgn0 of RFC 9380. */
export function feIsOdd(a: usize): bool {
  const t = take(FE_SIZE)
  plainLimbs(a, t)
  const odd = load<u32>(t) & 1
  drop(FE_SIZE)
  return odd != 0
}

/** Limbs of 28 bits to limbs of 30 bits, or back; all bits of the last one but those that it has in both are zero. */
function regroup(from: usize, width: u64, limbs: usize, out: usize, outWidth: u64, outLimbs: usize): void {
  let pending: u64 = 0
  let bits: u64 = 0
  const end = from + (limbs << 2)
  for (let i: usize = 0; i < outLimbs; i++) {
    while (bits < outWidth && from < end) {
      pending |= <u64>load<u32>(from) << bits
      bits += width
      from += 4
    }
    store<u32>(out + (i << 2), <u32>(pending & ((<u64>1 << outWidth) - 1)))
    pending >>= outWidth
    bits = bits > outWidth ? bits - outWidth : 0
  }
}

/** out = 1 / a, 0 for 0. `a` is of weight up to 7. */
export function feInvert(a: usize, out: usize): void {
  const t = take(FE_SIZE)
  const scratch = take(INVERSE_SCRATCH)
  plainLimbs(a, t)
  regroup(t, 28, 14, scratch + INVERT_INPUT, 30, 13)
  invert(P30, P30_INVERSE, 13, scratch)
  regroup(scratch, 30, 13, t, 28, 14)
  feMul(t, R_SQUARED, out)
  drop(INVERSE_SCRATCH)
  drop(FE_SIZE)
}
