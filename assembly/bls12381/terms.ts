import { u256Div, u256FromBytes, u256Lt, u256Mod, u256Sub } from '../u256/index'
import { drop, take } from '../mem/stack'
import { ORDER, X_WORD } from './constants'
import { cBeta, cCopy, cInvert, cMul, coordinate } from './coordinates'
import { copyPoint, pointAdd, pointDouble, POINT_SIZE, scaleTo, setAffine, yOf, zOf } from './points'

// Terms: multiples of points that are summed together (straus.ts, buckets.ts). A scalar below r = X^4 - X^2 + 1 has
// four digits in base X, so that 64 doublings are enough for k P = d0 P + d1 (X P) + d2 (X^2 P) + d3 (X^3 P): X P is
// at hand from the check of the group, and X^2 (x, y) = (beta x, -y). Of P and X P a term has tables of odd
// multiples, affine points that take one inversion for all of them.

/** Bytes of all tables together: of 16 terms with tables of four, or 64 with tables of one. */
const TABLES_SIZE: usize = 16 * 8 * POINT_SIZE
const PRODUCTS_SIZE: usize = TABLES_SIZE / 3
const MOST: usize = 128
/** Base-X digits of a term, u64 each. */
export const DIGITS: usize = 4
const SCALAR_SIZE: usize = 8 * DIGITS
const TERMS_SIZE: usize = TABLES_SIZE + PRODUCTS_SIZE + MOST * SCALAR_SIZE

let tables: usize = 0
let products: usize = 0
let scalars: usize = 0
/** Odd multiples in each of a term's two tables. */
let multiples: usize = 0

/** Bytes of a table's entry: a Jacobian point, then x, y, beta x. */
// @ts-ignore: decorator
@inline
export function entrySize(): usize {
  return 3 * coordinate
}

/** Takes the memory for terms whose tables have so many odd multiples. */
export function takeTerms(count: usize): void {
  multiples = count
  tables = take(TERMS_SIZE)
  products = tables + TABLES_SIZE
  scalars = products + PRODUCTS_SIZE
}

export function dropTerms(): void {
  drop(TERMS_SIZE)
}

/** How many terms there is memory for. */
export function termsThatFit(): usize {
  return TABLES_SIZE / (2 * multiples * entrySize())
}

/** The table of a term's P; behind it is that of X P. */
// @ts-ignore: decorator
@inline
export function tableOf(term: usize): usize {
  return tables + term * 2 * multiples * entrySize()
}

// @ts-ignore: decorator
@inline
export function scalarOf(term: usize): usize {
  return scalars + term * SCALAR_SIZE
}

/** Makes the tables, Jacobian yet, of an affine point for a scalar of 32 bytes; `multiple` is X times the point. */
export function setTerm(term: usize, point: usize, multiple: usize, scalar: usize): void {
  const table = tableOf(term)
  const second = table + multiples * entrySize()
  setAffine(table, point, yOf(point), false)
  oddMultiples(table)
  copyPoint(multiple, second)
  oddMultiples(second)
  baseX(scalar, scalarOf(term))
}

/** The point at `table` times 3, 5, ... behind it. Its order is a large prime, so none is at infinity. */
function oddMultiples(table: usize): void {
  if (multiples == 1) return
  const twice = take(POINT_SIZE)
  copyPoint(table, twice)
  pointDouble(twice)
  for (let i: usize = 1; i < multiples; i++) {
    const entry = table + i * entrySize()
    copyPoint(entry - entrySize(), entry)
    pointAdd(entry, twice, false)
  }
  drop(POINT_SIZE)
}

/** The digits of a scalar of 32 bytes in base X. */
function baseX(scalar: usize, out: usize): void {
  const k = take(96)
  const digit = k + 32
  const quotient = k + 64
  u256FromBytes(scalar, k)
  while (!u256Lt(k, ORDER)) u256Sub(k, ORDER, k)
  for (let i: usize = 0; i < SCALAR_SIZE; i += 8) {
    u256Mod(k, X_WORD, digit)
    u256Div(k, X_WORD, quotient)
    store<u64>(out + i, load<u64>(digit))
    memory.copy(k, quotient, 32)
  }
  drop(96)
}

/** The entries of the tables of `count` terms, at least one, to x, y, beta x. */
export function makeAffine(count: usize): void {
  const entries: usize = 2 * multiples * count
  const inverse = take(2 * POINT_SIZE)
  const z = inverse + POINT_SIZE
  // The product of all Zs before each.
  let entry = tables
  cCopy(zOf(entry), inverse)
  for (let i: usize = 1; i < entries; i++) {
    entry += entrySize()
    cCopy(inverse, products + i * coordinate)
    cMul(inverse, zOf(entry), inverse)
  }
  cInvert(inverse, inverse)
  for (let i = entries; i > 0; ) {
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
