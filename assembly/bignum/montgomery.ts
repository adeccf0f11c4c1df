import { fillBytes } from '../mem/bulk'
import { oddInverse } from '../u256'
import { lowDifference } from './binary'
import { addColumns4, addColumns8, squareColumns8 } from './columns'
import { limbsFor, mask, width } from './limbs'
import { SHORT_BITS, SHORT_LIMBS, SHORT_WIDTH, shortMultiply, shortSquare } from './short'

// Montgomery products of long numbers by columns: first those of the product, then each quotient digit as its column
// is complete, then the upper half with the digits known. Values stay below 2m, with R = 2^(width * limbs) at least 4m.

/** The modulus (padded), its limbs, its negative inverse modulo a limb. Globals are per thread. */
let modulus: usize = 0
let limbs: usize = 0
let negativeInverse: u64 = 0
/** The running value x and twice it (both padded), the quotient, and two columns a limb (u64). */
let x: usize = 0
let doubled: usize = 0
let quotient: usize = 0
let columns: usize = 0
/** Whether short.ts computes: `doubled` has what it calls the multiple, and `quotient` the number 1. */
let short: bool = false

/** With so many limbs loops take less time than lines for 18. */
const LOOPS_BELOW: usize = 16

/** Limbs of products modulo an odd number of `bits` bits: a multiple of four, or those of short.ts. */
export function montgomeryLimbs(bits: u64): usize {
  const count = limbsFor(bits)
  return width == SHORT_WIDTH && bits <= SHORT_BITS && count >= LOOPS_BELOW ? SHORT_LIMBS : count
}

/** Takes an odd modulus and the memory to work in. */
export function setMontgomery(m: usize, count: usize, value: usize, twice: usize, digits: usize, sums: usize): void {
  modulus = m
  limbs = count
  x = value
  doubled = twice
  quotient = digits
  columns = sums
  negativeInverse = (0 - oddInverse(<u64>load<u32>(m))) & mask
  short = count == SHORT_LIMBS
  if (short) setMultiple()
}

function setMultiple(): void {
  let t = <u64>load<u32>(modulus) * negativeInverse + 1
  for (let i: usize = 0; i < limbs; i++) {
    t = (t >> width) + <u64>load<u32>(modulus + (i << 2), 4) * negativeInverse
    store<u32>(doubled + (i << 2), <u32>(t & mask))
  }
  store<u32>(quotient, 1)
}

/** x = x * factor / R. */
export function montgomeryMultiply(factor: usize): void {
  if (short) {
    shortMultiply(x, factor, modulus, doubled, negativeInverse)
    return
  }
  const n = limbs
  const end = n << 1
  fillBytes(columns, 0, end << 3)
  for (let k: usize = 0; k < end; k += 8) {
    addColumns8(factor, x, k, k < n ? 0 : k - n + 1, k + 8 < n ? k + 8 : n, columns + (k << 3))
  }
  reduce()
}

/** x = x * x / R. */
export function montgomerySquare(): void {
  if (short) {
    shortSquare(x, modulus, doubled, negativeInverse)
    return
  }
  const n = limbs
  const end = n << 1
  for (let i: usize = 0; i < n << 2; i += 16) {
    v128.store(doubled + i, i32x4.shl(v128.load(x + i), 1))
  }
  for (let k: usize = 0; k < end; k += 8) {
    squareColumns8(x, doubled, k, k < n ? 0 : k - n + 1, columns + (k << 3))
  }
  reduce()
}

/** x = x / R, below 2m. */
export function montgomeryLeave(): void {
  if (short) {
    shortMultiply(x, quotient, modulus, doubled, negativeInverse)
    return
  }
  fillBytes(columns, 0, limbs << 4)
  for (let i: usize = 0; i < limbs; i++) store<u64>(columns + (i << 3), <u64>load<u32>(x + (i << 2)))
  reduce()
}

/** x = columns / R. */
function reduce(): void {
  const n = limbs
  const m = modulus
  const q = quotient
  const sums = columns
  const bits = width
  const ones = mask
  const inverse = negativeInverse
  const m0 = <u64>load<u32>(m)
  const m1 = <u64>load<u32>(m, 4)
  const m2 = <u64>load<u32>(m, 8)
  const m3 = <u64>load<u32>(m, 12)
  let t: u64 = 0
  for (let k: usize = 0; k < n; k += 4) {
    const at = sums + (k << 3)
    addColumns4(q, m, k, 0, k, at)
    t += load<u64>(at)
    const q0 = (t * inverse) & ones
    t = (t + q0 * m0) >> bits
    t += load<u64>(at, 8) + q0 * m1
    const q1 = (t * inverse) & ones
    t = (t + q1 * m0) >> bits
    t += load<u64>(at, 16) + q0 * m2 + q1 * m1
    const q2 = (t * inverse) & ones
    t = (t + q2 * m0) >> bits
    t += load<u64>(at, 24) + q0 * m3 + q1 * m2 + q2 * m1
    const q3 = (t * inverse) & ones
    t = (t + q3 * m0) >> bits
    const digits = q + (k << 2)
    store<u32>(digits, <u32>q0)
    store<u32>(digits, <u32>q1, 4)
    store<u32>(digits, <u32>q2, 8)
    store<u32>(digits, <u32>q3, 12)
  }
  let k = n
  if ((n & 4) != 0) {
    addColumns4(q, m, k, 1, n, sums + (k << 3))
    k += 4
  }
  for (; k < n << 1; k += 8) addColumns8(q, m, k, k - n + 1, n, sums + (k << 3))
  const upper = sums + (n << 3)
  for (let i: usize = 0; i < n; i++) {
    t += load<u64>(upper + (i << 3))
    store<u32>(x + (i << 2), <u32>(t & ones))
    t >>= bits
  }
}

/** x = x - m if x is m or more. */
export function subtractModulus(): void {
  let i = limbs
  while (i > 0) {
    i--
    const a = load<u32>(x + (i << 2))
    const b = load<u32>(modulus + (i << 2))
    if (a < b) return
    if (a > b) break
  }
  lowDifference(x, modulus, limbs, x)
}
