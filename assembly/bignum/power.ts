import { copyBytes, fillBytes } from '../mem/bulk'
import { binaryInverse, carryColumns, keepBits, lowDifference, lowProduct } from './binary'
import { addColumns8, PAD } from './columns'
import { exponentBit, exponentLow, setExponent, windowBits } from './exponent'
import { bitLengthOfBytes, limbOfBytes, limbsToBytes, mask, setWidth, width } from './limbs'
import {
  montgomeryLeave,
  montgomeryLimbs,
  montgomeryMultiply,
  montgomerySquare,
  setMontgomery,
  subtractModulus,
} from './montgomery'
import { remainderOfBytes, remainderWork } from './remainder'

// Modular powers of long numbers: by Montgomery products modulo the odd part of the modulus, by low products modulo the
// power of two in it, each by windows of the exponent, and put together by the Chinese remainder theorem (Garner).
// Decision 18 (docs/adr/0018-modexp-in-the-core.md).

// The operands: big-endian bytes, of which `present` are there, zeros up to the length. Per thread.
let baseAt: usize = 0
let basePresent: usize = 0
let baseLength: usize = 0
let modulusAt: usize = 0
let modulusPresent: usize = 0
let modulusLength: usize = 0
let exponentBits: i64 = 0

/** Bits of the modulus, zeros below its lowest bit, limbs of the whole modulus: a multiple of eight. */
let modulusBits: u64 = 0
let twos: u64 = 0
let whole: usize = 0

/** The table of odd powers is no longer than this, whatever the exponent: its window shrinks. */
const TABLE_MOST: usize = 65536

export function setBase(at: usize, present: usize, length: usize): void {
  baseAt = at
  basePresent = present
  baseLength = length
}

/** Takes exponent and modulus, after setBase: the bytes that `power` works in, 0 for a modulus that is too long. */
export function preparePower(
  exponent: usize, exponentPresent: usize, exponentLength: usize, modulus: usize, present: usize, length: usize,
): usize {
  setExponent(exponent, exponentPresent, exponentLength)
  exponentBits = <i64>bitLengthOfBytes(exponent, exponentPresent, exponentLength)
  modulusAt = modulus
  modulusPresent = present
  modulusLength = length
  modulusBits = bitLengthOfBytes(modulus, present, length)
  if (!setWidth(modulusBits)) return 0
  whole = (montgomeryLimbs(modulusBits) + 7) & ~7
  const table = whole << 2 << (windowOf(exponentBits) - 1)
  const dividend = remainderWork(baseLimbs() + whole)
  return NUMBERS * numberSize() + (whole << 4) + (table > dividend ? table : dividend)
}

function baseLimbs(): usize {
  const bits = bitLengthOfBytes(baseAt, basePresent, baseLength)
  return <usize>((bits + width - 1) / width)
}

function windowOf(bits: i64): u32 {
  let window = windowBits(bits)
  while (window > 1 && whole << 2 << (window - 1) > TABLE_MOST) window--
  return window
}

const NUMBERS: usize = 7

/** Bytes of a number with zeros on both sides. */
function numberSize(): usize {
  return (whole + 2 * PAD) << 2
}

let work: usize = 0

/** A number of `whole` limbs, padded. */
function number(index: usize): usize {
  return work + index * numberSize() + (PAD << 2)
}

function columns(): usize {
  return work + NUMBERS * numberSize()
}

function table(): usize {
  return columns() + (whole << 4)
}

// Numbers by index.
const MODULUS: usize = 0
const X: usize = 1
const DOUBLED: usize = 2
const QUOTIENT: usize = 3
const FACTOR: usize = 4
const RESULT: usize = 5
const INVERSE: usize = 6

/** Writes base ^ exponent mod modulus as `modulusLength` bytes, 0 for the modulus 0. `memory`: as preparePower asks. */
export function power(memory: usize, out: usize): void {
  work = memory
  fillBytes(work, 0, NUMBERS * numberSize())
  if (modulusBits == 0) {
    fillBytes(out, 0, modulusLength)
    return
  }
  twos = trailingZeros()
  const oddBits = modulusBits - twos
  if (oddBits > 1) {
    powerOdd(oddBits)
    subtractModulus()
  } else {
    store<u32>(number(MODULUS), 1)
  }
  if (twos > 0) {
    copyBytes(number(RESULT), number(X), whole << 2)
    powerOfTwo()
    combine()
  }
  limbsToBytes(number(X), whole, out, modulusLength)
}

function trailingZeros(): u64 {
  let i = modulusLength
  let zeros: u64 = 0
  while (i > modulusPresent || load<u8>(modulusAt + i - 1) == 0) {
    i--
    zeros += 8
  }
  return zeros + <u64>ctz<u32>(load<u8>(modulusAt + i - 1))
}

/** x = the power modulo the odd part of the modulus. */
function powerOdd(bits: u64): void {
  const m = number(MODULUS)
  const x = number(X)
  const n = montgomeryLimbs(bits)
  loadShifted(m, n)
  setMontgomery(m, n, x, number(DOUBLED), number(QUOTIENT), columns())
  if (exponentBits == 0) {
    store<u32>(x, 1)
    return
  }
  const used = <usize>((bits + width - 1) / width)
  remainderOfBytes(baseAt, basePresent, baseLength, baseLimbs(), n, m, used, x, n, table())
  climb(exponentBits, false)
  montgomeryLeave()
}

/** The modulus without its factors of two. */
function loadShifted(out: usize, limbs: usize): void {
  const skipped = <usize>(twos / width)
  const shift = twos % width
  let low = limbOfBytes(modulusAt, modulusPresent, modulusLength, skipped)
  for (let i: usize = 0; i < limbs; i++) {
    const high = limbOfBytes(modulusAt, modulusPresent, modulusLength, skipped + i + 1)
    store<u32>(out + (i << 2), <u32>(((low | (high << width)) >> shift) & mask))
    low = high
  }
}

/** Limbs that hold a number below 2^twos: a multiple of eight, at most `whole`. */
function twosLimbs(): usize {
  return ((<usize>((twos + width - 1) / width) + 7) & ~7)
}

/** x = the power modulo 2^twos. */
function powerOfTwo(): void {
  const x = number(X)
  const n = twosLimbs()
  fillBytes(x, 0, whole << 2)
  if (exponentBits == 0) {
    store<u32>(x, 1)
    return
  }
  for (let i: usize = 0; i < n; i++) {
    store<u32>(x + (i << 2), <u32>limbOfBytes(baseAt, basePresent, baseLength, i))
  }
  keepBits(x, twos, n)
  let bits = exponentBits
  if ((load<u32>(x) & 1) == 0) {
    // An even base: 2^exponent divides the power.
    if (bits > 40 || exponentLow(bits) >= twos) {
      fillBytes(x, 0, n << 2)
      return
    }
  } else if (<u64>bits > twos) {
    // The order of an odd base divides 2^twos: higher bits of the exponent change nothing.
    bits = <i64>twos
    while (bits > 0 && exponentBit(bits - 1) == 0) bits--
    if (bits == 0) {
      fillBytes(x, 0, n << 2)
      store<u32>(x, 1)
      return
    }
  }
  climb(bits, true)
  keepBits(x, twos, n)
}

/** x = the number below the modulus that is RESULT modulo the odd part and x modulo 2^twos: RESULT + odd * h. */
function combine(): void {
  const n = twosLimbs()
  const x = number(X)
  const odd = number(MODULUS)
  const inverse = number(INVERSE)
  const h = number(DOUBLED)
  binaryInverse(odd, n, inverse, number(FACTOR), columns())
  lowDifference(x, number(RESULT), n, x)
  lowProduct(inverse, x, n, h, columns())
  keepBits(h, twos, n)
  fillBytes(h + (n << 2), 0, (whole - n) << 2)
  const sums = columns()
  for (let i: usize = 0; i < whole; i++) store<u64>(sums + (i << 3), <u64>load<u32>(number(RESULT) + (i << 2)))
  for (let k: usize = 0; k < whole; k += 8) addColumns8(h, odd, k, 0, k + 8, sums + (k << 3))
  carryColumns(sums, whole, x)
}

/** x = x ^ (the lowest `bits` bits of the exponent, of which the highest is set) by windows that end in a set bit. */
function climb(bits: i64, binary: bool): void {
  const x = number(X)
  const window = windowOf(bits)
  const size = whole << 2
  const entries = table()
  copyBytes(entries, x, size)
  if (window > 1) {
    const factor = number(FACTOR)
    square(binary)
    copyBytes(factor, x, size)
    copyBytes(x, entries, size)
    for (let i: usize = 1; i < <usize>1 << (window - 1); i++) {
      multiply(factor, binary)
      copyBytes(entries + i * size, x, size)
    }
  }
  let started = false
  for (let i = bits - 1; i >= 0; ) {
    if (exponentBit(i) == 0) {
      square(binary)
      i--
      continue
    }
    let low = i - <i64>window + 1
    if (low < 0) low = 0
    while (exponentBit(low) == 0) low++
    let digit: usize = 0
    for (; i >= low; i--) {
      if (started) square(binary)
      digit = (digit << 1) | <usize>exponentBit(i)
    }
    const entry = entries + (digit >> 1) * size
    if (started) multiply(entry, binary)
    else copyBytes(x, entry, size)
    started = true
  }
}

function square(binary: bool): void {
  if (binary) lowProduct(number(X), number(X), twosLimbs(), number(X), columns())
  else montgomerySquare()
}

function multiply(factor: usize, binary: bool): void {
  if (binary) lowProduct(factor, number(X), twosLimbs(), number(X), columns())
  else montgomeryMultiply(factor)
}
