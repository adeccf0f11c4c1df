import { shiftRight, u256And, u256BitLength } from './bits'
import { u256IsZero, u256Lt } from './compare'
import { u256Copy, u256SetU64, u256SetZero } from './convert'
import { u256MulMod } from './modular'
import { u256Add, u256Sub } from './add'
import { u256Exp } from './exp'
import { u256Mul } from './mul'
import { oddInverse } from './oddInverse'

// Modular powers of words: Montgomery products (Koc, Acar, Kaliski, "Analyzing and comparing Montgomery multiplication
// algorithms", 1996, product scanning) on nine limbs of 29 bits, R = 2^261. The limbs let a whole column of 58-bit
// products be summed without a carry: at most 18 of them and a carry, below 2^63. Values stay below 2m: since 4m < R,
// the result of a product of two such is again below 2m, with no subtraction.

const MASK: u64 = 0x1fff_ffff
const BITS: u64 = 29

// The modulus and its negative inverse modulo 2^29, the running value, and the factor: globals are per thread.
let m0: u64 = 0
let m1: u64 = 0
let m2: u64 = 0
let m3: u64 = 0
let m4: u64 = 0
let m5: u64 = 0
let m6: u64 = 0
let m7: u64 = 0
let m8: u64 = 0
let x0: u64 = 0
let x1: u64 = 0
let x2: u64 = 0
let x3: u64 = 0
let x4: u64 = 0
let x5: u64 = 0
let x6: u64 = 0
let x7: u64 = 0
let x8: u64 = 0
let y0: u64 = 0
let y1: u64 = 0
let y2: u64 = 0
let y3: u64 = 0
let y4: u64 = 0
let y5: u64 = 0
let y6: u64 = 0
let y7: u64 = 0
let y8: u64 = 0
let negativeInverse: u64 = 0

/** x = x * y / R, from the columns of x * y. */
// @ts-ignore: decorator
@inline
function reduce(
  c0: u64, c1: u64, c2: u64, c3: u64, c4: u64, c5: u64, c6: u64, c7: u64, c8: u64,
  c9: u64, c10: u64, c11: u64, c12: u64, c13: u64, c14: u64, c15: u64, c16: u64,
): void {
  const n0 = m0
  const n1 = m1
  const n2 = m2
  const n3 = m3
  const n4 = m4
  const n5 = m5
  const n6 = m6
  const n7 = m7
  const n8 = m8
  let t = c0
  const q0 = (t * negativeInverse) & MASK
  t = (t + q0 * n0) >> BITS
  t += c1 + q0 * n1
  const q1 = (t * negativeInverse) & MASK
  t = (t + q1 * n0) >> BITS
  t += c2 + q0 * n2 + q1 * n1
  const q2 = (t * negativeInverse) & MASK
  t = (t + q2 * n0) >> BITS
  t += c3 + q0 * n3 + q1 * n2 + q2 * n1
  const q3 = (t * negativeInverse) & MASK
  t = (t + q3 * n0) >> BITS
  t += c4 + q0 * n4 + q1 * n3 + q2 * n2 + q3 * n1
  const q4 = (t * negativeInverse) & MASK
  t = (t + q4 * n0) >> BITS
  t += c5 + q0 * n5 + q1 * n4 + q2 * n3 + q3 * n2 + q4 * n1
  const q5 = (t * negativeInverse) & MASK
  t = (t + q5 * n0) >> BITS
  t += c6 + q0 * n6 + q1 * n5 + q2 * n4 + q3 * n3 + q4 * n2 + q5 * n1
  const q6 = (t * negativeInverse) & MASK
  t = (t + q6 * n0) >> BITS
  t += c7 + q0 * n7 + q1 * n6 + q2 * n5 + q3 * n4 + q4 * n3 + q5 * n2 + q6 * n1
  const q7 = (t * negativeInverse) & MASK
  t = (t + q7 * n0) >> BITS
  t += c8 + q0 * n8 + q1 * n7 + q2 * n6 + q3 * n5 + q4 * n4 + q5 * n3 + q6 * n2 + q7 * n1
  const q8 = (t * negativeInverse) & MASK
  t = (t + q8 * n0) >> BITS
  t += c9 + q1 * n8 + q2 * n7 + q3 * n6 + q4 * n5 + q5 * n4 + q6 * n3 + q7 * n2 + q8 * n1
  x0 = t & MASK
  t >>= BITS
  t += c10 + q2 * n8 + q3 * n7 + q4 * n6 + q5 * n5 + q6 * n4 + q7 * n3 + q8 * n2
  x1 = t & MASK
  t >>= BITS
  t += c11 + q3 * n8 + q4 * n7 + q5 * n6 + q6 * n5 + q7 * n4 + q8 * n3
  x2 = t & MASK
  t >>= BITS
  t += c12 + q4 * n8 + q5 * n7 + q6 * n6 + q7 * n5 + q8 * n4
  x3 = t & MASK
  t >>= BITS
  t += c13 + q5 * n8 + q6 * n7 + q7 * n6 + q8 * n5
  x4 = t & MASK
  t >>= BITS
  t += c14 + q6 * n8 + q7 * n7 + q8 * n6
  x5 = t & MASK
  t >>= BITS
  t += c15 + q7 * n8 + q8 * n7
  x6 = t & MASK
  t >>= BITS
  t += c16 + q8 * n8
  x7 = t & MASK
  t >>= BITS
  x8 = t
}

function multiply(): void {
  const a0 = x0
  const a1 = x1
  const a2 = x2
  const a3 = x3
  const a4 = x4
  const a5 = x5
  const a6 = x6
  const a7 = x7
  const a8 = x8
  const b0 = y0
  const b1 = y1
  const b2 = y2
  const b3 = y3
  const b4 = y4
  const b5 = y5
  const b6 = y6
  const b7 = y7
  const b8 = y8
  reduce(
    a0 * b0,
    a0 * b1 + a1 * b0,
    a0 * b2 + a1 * b1 + a2 * b0,
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0,
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
    a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
    a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
    a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
    a6 * b8 + a7 * b7 + a8 * b6,
    a7 * b8 + a8 * b7,
    a8 * b8,
  )
}

function square(): void {
  const a0 = x0
  const a1 = x1
  const a2 = x2
  const a3 = x3
  const a4 = x4
  const a5 = x5
  const a6 = x6
  const a7 = x7
  const a8 = x8
  reduce(
    a0 * a0,
    ((a0 * a1) << 1),
    a1 * a1 + ((a0 * a2) << 1),
    ((a0 * a3 + a1 * a2) << 1),
    a2 * a2 + ((a0 * a4 + a1 * a3) << 1),
    ((a0 * a5 + a1 * a4 + a2 * a3) << 1),
    a3 * a3 + ((a0 * a6 + a1 * a5 + a2 * a4) << 1),
    ((a0 * a7 + a1 * a6 + a2 * a5 + a3 * a4) << 1),
    a4 * a4 + ((a0 * a8 + a1 * a7 + a2 * a6 + a3 * a5) << 1),
    ((a1 * a8 + a2 * a7 + a3 * a6 + a4 * a5) << 1),
    a5 * a5 + ((a2 * a8 + a3 * a7 + a4 * a6) << 1),
    ((a3 * a8 + a4 * a7 + a5 * a6) << 1),
    a6 * a6 + ((a4 * a8 + a5 * a7) << 1),
    ((a5 * a8 + a6 * a7) << 1),
    a7 * a7 + ((a6 * a8) << 1),
    ((a7 * a8) << 1),
    a8 * a8,
  )
}

/** Loads the modulus from a word. */
function setModulus(a: usize): void {
  const w0 = load<u64>(a)
  const w1 = load<u64>(a, 8)
  const w2 = load<u64>(a, 16)
  const w3 = load<u64>(a, 24)
  m0 = (w0) & MASK
  m1 = (w0 >> 29) & MASK
  m2 = ((w0 >> 58) | (w1 << 6)) & MASK
  m3 = (w1 >> 23) & MASK
  m4 = ((w1 >> 52) | (w2 << 12)) & MASK
  m5 = (w2 >> 17) & MASK
  m6 = ((w2 >> 46) | (w3 << 18)) & MASK
  m7 = (w3 >> 11) & MASK
  m8 = (w3 >> 40) & MASK
  negativeInverse = (0 - oddInverse(w0)) & MASK
}

/** Loads x from a word. */
function setValue(a: usize): void {
  const w0 = load<u64>(a)
  const w1 = load<u64>(a, 8)
  const w2 = load<u64>(a, 16)
  const w3 = load<u64>(a, 24)
  x0 = (w0) & MASK
  x1 = (w0 >> 29) & MASK
  x2 = ((w0 >> 58) | (w1 << 6)) & MASK
  x3 = (w1 >> 23) & MASK
  x4 = ((w1 >> 52) | (w2 << 12)) & MASK
  x5 = (w2 >> 17) & MASK
  x6 = ((w2 >> 46) | (w3 << 18)) & MASK
  x7 = (w3 >> 11) & MASK
  x8 = (w3 >> 40) & MASK
}

/** Loads y from a word. */
function setFactor(a: usize): void {
  const w0 = load<u64>(a)
  const w1 = load<u64>(a, 8)
  const w2 = load<u64>(a, 16)
  const w3 = load<u64>(a, 24)
  y0 = (w0) & MASK
  y1 = (w0 >> 29) & MASK
  y2 = ((w0 >> 58) | (w1 << 6)) & MASK
  y3 = (w1 >> 23) & MASK
  y4 = ((w1 >> 52) | (w2 << 12)) & MASK
  y5 = (w2 >> 17) & MASK
  y6 = ((w2 >> 46) | (w3 << 18)) & MASK
  y7 = (w3 >> 11) & MASK
  y8 = (w3 >> 40) & MASK
}

/** Stores x, which is below 2^256, as a word. */
function storeValue(out: usize): void {
  store<u64>(out, x0 | (x1 << 29) | (x2 << 58))
  store<u64>(out, (x2 >> 6) | (x3 << 23) | (x4 << 52), 8)
  store<u64>(out, (x4 >> 12) | (x5 << 17) | (x6 << 46), 16)
  store<u64>(out, (x6 >> 18) | (x7 << 11) | (x8 << 40), 24)
}

/** Stores x as table entry: nine u32 limbs. */
function storeEntry(at: usize): void {
  store<u32>(at, <u32>x0)
  store<u32>(at, <u32>x1, 4)
  store<u32>(at, <u32>x2, 8)
  store<u32>(at, <u32>x3, 12)
  store<u32>(at, <u32>x4, 16)
  store<u32>(at, <u32>x5, 20)
  store<u32>(at, <u32>x6, 24)
  store<u32>(at, <u32>x7, 28)
  store<u32>(at, <u32>x8, 32)
}

/** Loads y from a table entry. */
function loadEntry(at: usize): void {
  y0 = <u64>load<u32>(at)
  y1 = <u64>load<u32>(at, 4)
  y2 = <u64>load<u32>(at, 8)
  y3 = <u64>load<u32>(at, 12)
  y4 = <u64>load<u32>(at, 16)
  y5 = <u64>load<u32>(at, 20)
  y6 = <u64>load<u32>(at, 24)
  y7 = <u64>load<u32>(at, 28)
  y8 = <u64>load<u32>(at, 32)
}

/** Loads x from a table entry. */
function loadValue(at: usize): void {
  loadEntry(at)
  x0 = y0
  x1 = y1
  x2 = y2
  x3 = y3
  x4 = y4
  x5 = y5
  x6 = y6
  x7 = y7
  x8 = y8
}

const ENTRY: usize = 40
const ENTRIES: usize = 16
/** Bytes of memory that u256PowMod and u256PowModLong work in. */
export const POWMOD_WORK: usize = ENTRIES * ENTRY + 6 * 32

/**
 * out = base ^ exponent mod modulus, 0 when the modulus is 0 or 1. `work` has POWMOD_WORK bytes outside the operands.
 */
export function u256PowMod(base: usize, exponent: usize, modulus: usize, out: usize, work: usize): void {
  const e = work + ENTRIES * ENTRY
  u256Copy(exponent, e)
  u256PowModLong(base, e, 1, modulus, out, work)
}

/** The same for an exponent of `words` words, the lowest first, which stay as they are; `out` is none of them. */
export function u256PowModLong(
  base: usize, exponent: usize, words: usize, modulus: usize, out: usize, work: usize,
): void {
  const m = work + ENTRIES * ENTRY + 32
  const b = m + 32
  u256Copy(modulus, m)
  u256Copy(base, b)
  if ((load<u64>(m) & 1) != 0) powOdd(b, exponent, words, m, out, work)
  else powEven(b, exponent, words, m, out, work)
}

/** Digit of four bits at a position in words. */
// @ts-ignore: decorator
@inline
function digitOf(word: usize, position: usize): usize {
  return (<usize>load<u8>(word + (position >> 1)) >> ((position & 1) << 2)) & 15
}

/** Digits of four bits up to the most significant one that is not zero. */
function digitCount(word: usize, words: usize): usize {
  let count: usize = words << 6
  while (count > 0 && digitOf(word, count - 1) == 0) count--
  return count
}

function powOdd(b: usize, e: usize, words: usize, m: usize, out: usize, table: usize): void {
  setModulus(m)
  // Into the table's last entries, not in use yet: R = 2^131 * 2^130 modulo m, then base * R.
  const one = table + 14 * ENTRY
  const other = table + 15 * ENTRY
  setPowerOfTwo(131, one)
  setPowerOfTwo(130, other)
  u256MulMod(one, other, m, one)
  u256MulMod(b, one, m, b)
  setValue(one)
  storeEntry(table)
  setFactor(b)
  for (let i: usize = 1; i < ENTRIES; i++) {
    multiply()
    storeEntry(table + i * ENTRY)
  }
  let i = digitCount(e, words)
  if (i == 0) loadValue(table)
  else loadValue(table + digitOf(e, --i) * ENTRY)
  while (i > 0) {
    i--
    square()
    square()
    square()
    square()
    const digit = digitOf(e, i)
    if (digit == 0) continue
    loadEntry(table + digit * ENTRY)
    multiply()
  }
  // Times 1 / R: at most m, and m itself only for a multiple of m.
  y0 = 1
  y1 = 0
  y2 = 0
  y3 = 0
  y4 = 0
  y5 = 0
  y6 = 0
  y7 = 0
  y8 = 0
  multiply()
  storeValue(out)
  if (!u256Lt(out, m)) u256Sub(out, m, out)
}

function setPowerOfTwo(n: usize, out: usize): void {
  u256SetZero(out)
  store<u64>(out + ((n >> 6) << 3), <u64>1 << <u64>(n & 63))
}

/** m = 2^twos * odd: the powers modulo either, and the Chinese remainder theorem (Garner). */
function powEven(b: usize, e: usize, words: usize, m: usize, out: usize, work: usize): void {
  if (u256IsZero(m)) {
    u256SetZero(out)
    return
  }
  const odd = b + 32
  const low = odd + 32
  const inverse = low + 32
  const twos = trailingZeros(m)
  shiftRight(m, twos, odd)
  // An odd base has an order that divides 2^twos; an even one to a power that has more than a word is 0.
  setPowerOfTwo(<usize>twos, m)
  u256SetU64(1, inverse)
  u256Sub(m, inverse, m)
  u256Copy(e, low)
  if ((load<u64>(b) & 1) != 0) u256And(low, m, low)
  u256Exp(b, low, low)
  if ((load<u64>(b) & 1) == 0 && digitCount(e, words) > 64) u256SetZero(low)
  // Newton: each step doubles the number of right bits, of which an odd number itself has three.
  u256Copy(odd, inverse)
  for (let i = 0; i < 7; i++) {
    u256Mul(odd, inverse, out)
    u256SetU64(2, work)
    u256Sub(work, out, out)
    u256Mul(inverse, out, inverse)
  }
  if (u256BitLength(odd) == 1) u256SetZero(out)
  else powOdd(b, e, words, odd, out, work)
  u256Sub(low, out, low)
  u256Mul(low, inverse, low)
  u256And(low, m, low)
  u256Mul(low, odd, low)
  u256Add(out, low, out)
}

/** Zeros below the lowest bit of a word that is not 0. */
function trailingZeros(a: usize): u64 {
  let i: usize = 0
  while (load<u64>(a + (i << 3)) == 0) i++
  return (<u64>i << 6) + ctz<u64>(load<u64>(a + (i << 3)))
}
