import { copyBytes, fillBytes } from '../mem/bulk'
import { FE_SIZE, feMul, feSqr } from './field'

// Everything of the field that is not a product: see field.ts for limbs and magnitudes.

const MASK: i32 = 0x1fff_ffff

// p = 2^256 - 8 * 2^29 - 977: in signed limbs (-977, -8, 0, 0, 0, 0, 0, 0, 2^24).

export function feCopy(a: usize, out: usize): void {
  copyBytes(out, a, 36)
}

export function feSetSmall(value: i32, out: usize): void {
  fillBytes(out, 0, 36)
  store<i32>(out, value)
}

/** out = a + b: magnitudes add. */
export function feAdd(a: usize, b: usize, out: usize): void {
  v128.store(out, i32x4.add(v128.load(a), v128.load(b)))
  v128.store(out, i32x4.add(v128.load(a, 16), v128.load(b, 16)), 16)
  store<i32>(out, load<i32>(a, 32) + load<i32>(b, 32), 32)
}

/** out = a - b: magnitude 1 when both are reduced. */
export function feSub(a: usize, b: usize, out: usize): void {
  v128.store(out, i32x4.sub(v128.load(a), v128.load(b)))
  v128.store(out, i32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16)
  store<i32>(out, load<i32>(a, 32) - load<i32>(b, 32), 32)
}

/** out = -a: the magnitude stays. */
export function feNeg(a: usize, out: usize): void {
  v128.store(out, i32x4.neg(v128.load(a)))
  v128.store(out, i32x4.neg(v128.load(a, 16)), 16)
  store<i32>(out, -load<i32>(a, 32), 32)
}

/** out = 3 a / 2 for a reduced a; the result has magnitude 1, its top limb at most 2^26. */
export function feThreeHalves(a: usize, out: usize): void {
  const odd = load<i32>(a) & 1
  let w = load<i32>(a) * 3 - odd * 977
  let next = load<i32>(a, 4) * 3 - (odd << 3) + (w >> 29)
  w &= MASK
  // Each limb gives its low bit to the limb below as 2^28.
  for (let i: usize = 0; i < 28; i += 4) {
    const above = load<i32>(a + i, 8) * 3 + (next >> 29) + (i == 24 ? odd << 24 : 0)
    next &= MASK
    store<i32>(out + i, (w >> 1) + ((next & 1) << 28))
    w = next
    next = above
  }
  store<i32>(out, (w >> 1) + ((next & 1) << 28), 28)
  store<i32>(out, next >> 1, 32)
}

/** The unique representative in [0, p), for magnitudes up to 3. */
export function feNormalize(a: usize, out: usize): void {
  // Two passes bring the value to [0, 2^256), as each takes what lies at and above bit 256 down; the second may leave
  // at most one p too much.
  pass(a, out)
  pass(out, out)
  if (load<i32>(out, 32) != 0xff_ffff) return
  for (let i: usize = 8; i < 32; i += 4) if (load<i32>(out + i) != MASK) return
  const l0 = load<i32>(out)
  const l1 = load<i32>(out, 4)
  if (l1 < MASK - 8 || (l1 == MASK - 8 && l0 < MASK + 1 - 977)) return
  // value >= p: subtract it, that is add 2^32 + 977 and drop bit 256.
  const s0 = l0 + 977
  fillBytes(out, 0, 36)
  store<i32>(out, s0 & MASK)
  store<i32>(out, (l1 + 8 + (s0 >> 29)) & MASK, 4)
}

function pass(a: usize, out: usize): void {
  const top = load<i32>(a, 32) >> 24
  let carry: i64 = <i64>top * 977
  for (let i: usize = 0; i < 32; i += 4) {
    carry += <i64>load<i32>(a + i)
    if (i == 4) carry += <i64>top << 3
    store<i32>(out + i, <i32>carry & MASK)
    carry >>= 29
  }
  store<i32>(out, (load<i32>(a, 32) & 0xff_ffff) + <i32>carry, 32)
}

/** Whether a = 0 modulo p, for magnitudes up to 2; `scratch` is one element. */
export function feIsZero(a: usize, scratch: usize): bool {
  // A multiple k * p has the low limb -977 k modulo 2^29, and |k| is at most 64: nearly every other value is told at
  // once.
  if (((load<i32>(a) + 65536) & MASK) > 131072) return false
  feNormalize(a, scratch)
  return (
    (load<i64>(scratch) | load<i64>(scratch, 8) | load<i64>(scratch, 16) | load<i64>(scratch, 24)) == 0 &&
    load<i32>(scratch, 32) == 0
  )
}

/** Limbs from a word (four u64 limbs, below 2^256). */
export function feFromWord(word: usize, out: usize): void {
  let bit: u64 = 0
  for (let i: usize = 0; i < 9; i++) {
    const at = word + <usize>((bit >> 6) << 3)
    const shift = bit & 63
    let x = load<u64>(at) >> shift
    if (shift > 35 && bit < 192) x |= load<u64>(at, 8) << (64 - shift)
    store<i32>(out + (i << 2), <i32>x & MASK)
    bit += 29
  }
}

/** A normalised element to a word. */
export function feToWord(a: usize, word: usize): void {
  const l0 = <u64>load<u32>(a)
  const l1 = <u64>load<u32>(a, 4)
  const l2 = <u64>load<u32>(a, 8)
  const l3 = <u64>load<u32>(a, 12)
  const l4 = <u64>load<u32>(a, 16)
  const l5 = <u64>load<u32>(a, 20)
  const l6 = <u64>load<u32>(a, 24)
  const l7 = <u64>load<u32>(a, 28)
  store<u64>(word, l0 | (l1 << 29) | (l2 << 58))
  store<u64>(word, (l2 >> 6) | (l3 << 23) | (l4 << 52), 8)
  store<u64>(word, (l4 >> 12) | (l5 << 17) | (l6 << 46), 16)
  store<u64>(word, (l6 >> 18) | (l7 << 11) | (<u64>load<u32>(a, 32) << 40), 24)
}

function sqrTimes(a: usize, count: i32, out: usize): void {
  feSqr(a, out)
  for (let i = 1; i < count; i++) feSqr(out, out)
}

/** out = a^((p + 1) / 4): a square root of a when there is one. `scratch` is 6 elements; `out` must not be `a`. */
export function feSqrt(a: usize, out: usize, scratch: usize): void {
  // (p + 1) / 4 in binary: 223 ones, 0, 22 ones, 0000, 11, 00. x_n below is a^(2^n - 1).
  const x2 = scratch
  const x3 = scratch + FE_SIZE
  const x11 = scratch + 2 * FE_SIZE
  const x22 = scratch + 3 * FE_SIZE
  const x44 = scratch + 4 * FE_SIZE
  const x88 = scratch + 5 * FE_SIZE
  feSqr(a, x2)
  feMul(x2, a, x2)
  feSqr(x2, x3)
  feMul(x3, a, x3)
  sqrTimes(x3, 3, out)
  feMul(out, x3, out) // x6
  sqrTimes(out, 3, out)
  feMul(out, x3, out) // x9
  sqrTimes(out, 2, out)
  feMul(out, x2, x11)
  sqrTimes(x11, 11, x22)
  feMul(x22, x11, x22)
  sqrTimes(x22, 22, x44)
  feMul(x44, x22, x44)
  sqrTimes(x44, 44, x88)
  feMul(x88, x44, x88)
  sqrTimes(x88, 88, out)
  feMul(out, x88, out) // x176
  sqrTimes(out, 44, out)
  feMul(out, x44, out) // x220
  sqrTimes(out, 3, out)
  feMul(out, x3, out) // x223
  sqrTimes(out, 23, out)
  feMul(out, x22, out)
  sqrTimes(out, 6, out)
  feMul(out, x2, out)
  sqrTimes(out, 2, out)
}
