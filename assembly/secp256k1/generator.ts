import { copyBytes } from '../mem/bulk'
import { CONTROL_CRYPTO } from '../mem/layout'
import { lock, unlock } from '../mem/lock'
import { giveChunks, takeChunks } from '../mem/chunks'
import { BETA, GX, GY, P30, P30_INVERSE } from './constants'
import { FE_SIZE, feMul } from './field'
import { feFromWord, feNormalize, feSetSmall, feToWord } from './field-util'
import { inverse, INVERSE_SCRATCH } from './inverse'
import {
  AFFINE_BETA_X,
  AFFINE_SIZE,
  POINT_INFINITY,
  POINT_SIZE,
  POINT_Y,
  POINT_Z,
  pointAdd,
  pointDouble,
  pointToAffine,
} from './point'

// The odd multiples 1, 3, ... 2047 of the generator: built once for all threads, by the first one that needs them.
//
//   control block: u32 lock, u32 address of the table (atomic, 0 until it is complete)
// The lock is held for the whole building (about a millisecond, once in the life of the memory); waiters sleep. Nobody
// writes the table after its address is there. A reset of the memory keeps it: reset.ts.

/** Window width of the generator's digits. */
export const GENERATOR_WIDTH: u32 = 12
const ENTRIES: usize = 1 << (12 - 2)
const LOCK: usize = CONTROL_CRYPTO
export const GENERATOR_TABLE: usize = CONTROL_CRYPTO + 4
/** Bytes of the table: one chunk holds it. */
export const GENERATOR_SIZE: usize = ENTRIES * AFFINE_SIZE

/** out = a^-1; a and out are elements; `scratch` has INVERSE_SCRATCH + 32 bytes. */
export function feInverse(a: usize, out: usize, scratch: usize): void {
  const word = scratch + INVERSE_SCRATCH
  feNormalize(a, out)
  feToWord(out, word)
  inverse(word, P30, P30_INVERSE, word, scratch)
  feFromWord(word, out)
}

/** Address of the table, 0 when out of space. */
// @ts-ignore: decorator
@inline
export function generatorTable(): usize {
  const table: usize = atomic.load<u32>(GENERATOR_TABLE)
  return table != 0 ? table : buildOnce()
}

function buildOnce(): usize {
  lock(LOCK)
  let table: usize = atomic.load<u32>(GENERATOR_TABLE)
  if (table == 0) {
    table = takeChunks(1)
    let work: usize = 0
    if (table != 0) work = takeChunks(1)
    if (work != 0) {
      build(table, work)
      giveChunks(work, 1)
      atomic.store<u32>(GENERATOR_TABLE, <u32>table)
    } else {
      if (table != 0) giveChunks(table, 1)
      table = 0
    }
  }
  unlock(LOCK)
  return table
}

/** A thread may have died while it built: others may begin anew. What it had taken is lost: two chunks. */
export function freeGeneratorLock(): void {
  unlock(LOCK)
}

function build(table: usize, work: usize): void {
  const points = work
  const prefix = points + ENTRIES * POINT_SIZE
  const d = prefix + (ENTRIES + 1) * FE_SIZE
  const beta = d + POINT_SIZE
  const zi = beta + FE_SIZE
  const scratch = zi + FE_SIZE
  feFromWord(BETA, beta)
  feFromWord(GX, d)
  feFromWord(GY, d + POINT_Y)
  feSetSmall(1, d + POINT_Z)
  store<u32>(d, 0, POINT_INFINITY)
  copyBytes(points, d, POINT_SIZE)
  pointDouble(d, scratch)
  feInverse(d + POINT_Z, zi, scratch)
  pointToAffine(d, zi, d, scratch)
  // points[i] = (2i + 1) G
  for (let point = points + POINT_SIZE; point < prefix; point += POINT_SIZE) {
    copyBytes(point, point - POINT_SIZE, POINT_SIZE)
    pointAdd(point, d, d + POINT_Y, false, scratch)
  }
  pointsToAffine(points, ENTRIES, prefix, scratch)
  for (let i: usize = 0; i < ENTRIES; i++) {
    const entry = table + i * AFFINE_SIZE
    copyBytes(entry, points + i * POINT_SIZE, AFFINE_BETA_X)
    feMul(entry, beta, entry + AFFINE_BETA_X)
  }
}

/** Bytes of scratch that `pointsToAffine` needs. */
export const AFFINE_SCRATCH: usize = 2 * FE_SIZE + INVERSE_SCRATCH + 32

/**
 * `count` Jacobian points, none at infinity, to affine ones in their places, with one inversion; Z stays. `prefix`:
 * count + 1 elements.
 */
export function pointsToAffine(points: usize, count: usize, prefix: usize, scratch: usize): void {
  const zi = scratch
  const zj = scratch + FE_SIZE
  const inner = scratch + 2 * FE_SIZE
  // prefix[i] = product of the Z of points before i.
  feSetSmall(1, prefix)
  for (let i: usize = 0; i < count; i++) {
    feMul(prefix + i * FE_SIZE, points + i * POINT_SIZE + POINT_Z, prefix + (i + 1) * FE_SIZE)
  }
  feInverse(prefix + count * FE_SIZE, zi, inner)
  for (let i = count; i > 0; ) {
    i--
    const point = points + i * POINT_SIZE
    feMul(zi, prefix + i * FE_SIZE, zj)
    feMul(zi, point + POINT_Z, zi)
    pointToAffine(point, zj, point, inner)
  }
}
