import { scalarWnaf, WNAF_SIZE } from '../secp256k1/scalar'
import { u256Div, u256FromBytes, u256Lt, u256Mod, u256Sub } from '../u256/index'
import { ORDER, X_WORD } from './constants'
import { cBeta, cCopy, cInvert, cMul, coordinate } from './coordinates'
import { inGroup } from './group'
import { INVALID, POINT, pointBytes, readPoint } from './input'
import {
  copyPoint,
  pointAdd,
  pointAddAffine,
  pointDouble,
  POINT_SIZE,
  scaleTo,
  setAffine,
  setInfinity,
  yOf,
  zOf,
} from './points'
import { drop, take } from '../mem/stack'

// Sums of multiples of points, each a term. A scalar below r = X^4 - X^2 + 1 has four digits in base X, so that 64
// doublings are enough for k P = d0 P + d1 (X P) + d2 (X^2 P) + d3 (X^3 P): X P is at hand from the check of the
// group, and X^2 (x, y) = (beta x, -y). Odd multiples of P and X P are in tables of affine points, one inversion for
// all of them; points of a group share the doublings (Straus). Groups bound the memory.

/** Width of the windows, and the odd multiples below 2^(w - 1). */
const WIDTH: u32 = 4
const MULTIPLES: usize = 4
/** Points that share their doublings. Tables of as many take as much memory on G2 as twice as many on G1. */
const GROUP: usize = 16
const DIGITS: usize = 4
/** Entries of a point's two tables: Jacobian ones of three coordinates, then x, y, beta x. */
const ENTRIES: usize = 2 * MULTIPLES

// Working memory.
const TABLES_SIZE: usize = GROUP * ENTRIES * POINT_SIZE
const PRODUCTS_SIZE: usize = (GROUP * ENTRIES * POINT_SIZE) / 3
const DIGITS_SIZE: usize = GROUP * DIGITS * WNAF_SIZE
const TERMS_SIZE: usize = TABLES_SIZE + PRODUCTS_SIZE + DIGITS_SIZE
const WORDS_SIZE: usize = 96

let tables: usize = 0
let products: usize = 0
let digits: usize = 0

// @ts-ignore: decorator
@inline
function entrySize(): usize {
  return 3 * coordinate
}

/** Takes the memory for terms, of which setTerm makes one and sumOfTerms the sum. */
export function takeTerms(): void {
  tables = take(TERMS_SIZE)
  products = tables + TABLES_SIZE
  digits = products + PRODUCTS_SIZE
}

export function dropTerms(): void {
  drop(TERMS_SIZE)
}

/**
 * out = the sum of the multiples at `input`, a point and its scalar (32 bytes) each, up to `end`; false when a point
 * is none of its group.
 */
export function sumOfMultiples(input: usize, end: usize, out: usize): bool {
  const acc = take(POINT_SIZE)
  takeTerms()
  setInfinity(out)
  let valid = true
  while (valid && input < end) {
    let count: usize = 0
    for (; valid && input < end && count < GROUP; input += pointBytes() + 32) {
      const kind = readTerm(input, count)
      valid = kind != INVALID
      if (kind == POINT) count++
    }
    if (!valid || count == 0) continue
    sumOfTerms(count, acc)
    pointAdd(out, acc, false)
  }
  dropTerms()
  drop(POINT_SIZE)
  return valid
}

/** Reads a point and its scalar, and makes its tables. */
function readTerm(input: usize, index: usize): i32 {
  const point = take(2 * POINT_SIZE)
  const multiple = point + POINT_SIZE
  let kind = readPoint(input, point)
  if (kind == POINT) {
    if (inGroup(point, multiple)) setTerm(index, point, multiple, input + pointBytes())
    else kind = INVALID
  }
  drop(2 * POINT_SIZE)
  return kind
}

/** Makes the tables of an affine point for a scalar of 32 bytes; `multiple` is X times the point. */
export function setTerm(index: usize, point: usize, multiple: usize, scalar: usize): void {
  const table = tables + index * ENTRIES * entrySize()
  setAffine(table, point, yOf(point), false)
  oddMultiples(table)
  copyPoint(multiple, table + MULTIPLES * entrySize())
  oddMultiples(table + MULTIPLES * entrySize())
  digitsOf(scalar, digits + index * DIGITS * WNAF_SIZE)
}

/**
 * The point at `table` times 3, 5, ... behind it. The order of the point is a large prime, so none is at infinity.
 */
function oddMultiples(table: usize): void {
  const twice = take(POINT_SIZE)
  copyPoint(table, twice)
  pointDouble(twice)
  for (let i: usize = 1; i < MULTIPLES; i++) {
    const entry = table + i * entrySize()
    copyPoint(entry - entrySize(), entry)
    pointAdd(entry, twice, false)
  }
  drop(POINT_SIZE)
}

/** Jacobian entries to x, y, beta x. */
function normalise(count: usize): void {
  const inverse = take(2 * POINT_SIZE)
  const z = inverse + POINT_SIZE
  // The product of all Zs before each.
  let entry = tables
  cCopy(zOf(entry), inverse)
  for (let i: usize = 1; i < count; i++) {
    entry += entrySize()
    cCopy(inverse, products + i * coordinate)
    cMul(inverse, zOf(entry), inverse)
  }
  cInvert(inverse, inverse)
  for (let i = count; i > 0; ) {
    i--
    if (i > 0) cMul(inverse, products + i * coordinate, z)
    else cCopy(inverse, z)
    cMul(inverse, zOf(entry), inverse)
    scaleTo(entry, z, entry)
    cBeta(entry, zOf(entry))
    entry -= entrySize()
  }
  drop(2 * POINT_SIZE)
}

/** The digits of a scalar of 32 bytes in base X, and of these the digits of width WIDTH. */
function digitsOf(scalar: usize, out: usize): void {
  const k = take(WORDS_SIZE)
  const digit = k + 32
  const quotient = k + 64
  u256FromBytes(scalar, k)
  while (!u256Lt(k, ORDER)) u256Sub(k, ORDER, k)
  for (let i: usize = 0; i < DIGITS; i++) {
    u256Mod(k, X_WORD, digit)
    u256Div(k, X_WORD, quotient)
    scalarWnaf(digit, WIDTH, out + i * WNAF_SIZE)
    memory.copy(k, quotient, 32)
  }
  drop(WORDS_SIZE)
}

/** The digits are below 2^64. */
const POSITIONS: usize = 65

/** acc = the sum of `count` terms, at least one. */
export function sumOfTerms(count: usize, acc: usize): void {
  normalise(count * ENTRIES)
  setInfinity(acc)
  for (let i = POSITIONS; i > 0; ) {
    i--
    pointDouble(acc)
    for (let point: usize = 0; point < count; point++) {
      const at = digits + point * DIGITS * WNAF_SIZE + (i << 1)
      const table = tables + point * ENTRIES * entrySize()
      addMultiple(acc, table, load<i16>(at), false)
      addMultiple(acc, table + MULTIPLES * entrySize(), load<i16>(at, WNAF_SIZE), false)
      addMultiple(acc, table, load<i16>(at, 2 * WNAF_SIZE), true)
      addMultiple(acc, table + MULTIPLES * entrySize(), load<i16>(at, 3 * WNAF_SIZE), true)
    }
  }
}

/** acc += digit * P, or digit * X^2 * P, for the table of P. */
// @ts-ignore: decorator
@inline
function addMultiple(acc: usize, table: usize, digit: i32, square: bool): void {
  if (digit == 0) return
  const entry = table + <usize>(abs(digit) >> 1) * entrySize()
  pointAddAffine(acc, square ? zOf(entry) : entry, yOf(entry), (digit < 0) != square)
}
