import { giveChunks, takeChunks } from '../mem/chunks'
import { copyBytes } from '../mem/bulk'
import { CONTROL_CRYPTO } from '../mem/layout'
import { lock, unlock } from '../mem/lock'
import { GX, GY, HX, HY } from './constants'
import { FE_SIZE } from './field'
import { E, sub13 } from './field13'
import { feFromWord, feNeg, feSetSmall } from './field-util'
import { AFFINE_SCRATCH, pointsToAffine } from './generator'
import { PACKED_POINT, packPoint } from './lanes'
import { POINT_INFINITY, POINT_SCRATCH, POINT_SIZE, POINT_Y, POINT_Z, pointAdd, pointDouble } from './point'
import { addAffine4, AFFINE13, INVERT_SCRATCH, invertAll, laneFromElement } from './points13'

// Multiples of the generator by windows, for u1 G without a doubling: entry d of window i is T[i] + d * 2^(8 i) G, so
// u1 G is the sum of 32 entries, one for each byte of u1.
//
// The offsets T keep infinity, and points with the same x, out of that sum: T[i] = 2^i H for i < 31, and the last one
// is such that all together are -2^125 H. That takes away what recovery starts from, H, doubled 125 times. Sums of
// different offsets are different multiples of H, by numbers below 2^127; two partial sums with the same x would
// therefore give H as a multiple of the generator.
//
//   control block: u32 lock; u32, atomic: address of the windows, 0 until they are complete; u32, atomic: signatures
// Invariant: built under the lock, once in the life of the memory, by the first thread that finds them worth it; nobody
// writes them after the address is there. Waiters sleep. A reset of the memory keeps them: reset.ts.

export const WINDOWS: usize = 32
const ENTRIES: usize = 256
export const WINDOW_SIZE: usize = ENTRIES * PACKED_POINT
export const WINDOW_CHUNKS: u32 = 3
/** Doublings of H between the start of recovery and its end. */
const DOUBLINGS: usize = 125

const LOCK: usize = CONTROL_CRYPTO + 8
export const WINDOW_TABLE: usize = CONTROL_CRYPTO + 12
/** Signatures that came in batches while there were no windows. */
export const ASKED: usize = CONTROL_CRYPTO + 16
/** Building takes the time that so many signatures save: where fewer are recovered, none are better. */
const WORTH: u32 = 400

// The memory that building needs: one chunk.
const GENERATORS: usize = 0 // 2^i G, i < 256
const OFFSETS: usize = GENERATORS + 8 * WINDOWS * POINT_SIZE // T
const PREFIX: usize = OFFSETS + WINDOWS * POINT_SIZE
const POINT: usize = PREFIX + (8 * WINDOWS + 1) * FE_SIZE
const SCRATCH: usize = POINT + POINT_SIZE
const LANES: usize = SCRATCH + max(POINT_SCRATCH, max(AFFINE_SCRATCH, INVERT_SCRATCH))
const STEP: usize = (LANES + 15) & ~15
const POINTS: usize = STEP + AFFINE13
const DENOMINATORS: usize = POINTS + ENTRIES * AFFINE13
const PREFIX13: usize = DENOMINATORS + (ENTRIES / 2) * E

/** The same for `count` signatures to be recovered: 0 too while windows are not worth it. */
export function windowsFor(count: u32): usize {
  const table: usize = atomic.load<u32>(WINDOW_TABLE)
  if (table != 0) return table
  return atomic.add<u32>(ASKED, count) + count < WORTH ? 0 : buildOnce()
}

/** Address of the windows, 0 when out of space. Uses the page of field13.ts. */
// @ts-ignore: decorator
@inline
export function generatorWindows(): usize {
  const table: usize = atomic.load<u32>(WINDOW_TABLE)
  return table != 0 ? table : buildOnce()
}

function buildOnce(): usize {
  lock(LOCK)
  let table: usize = atomic.load<u32>(WINDOW_TABLE)
  if (table == 0) {
    const work = takeChunks(1)
    if (work != 0) {
      table = takeChunks(WINDOW_CHUNKS)
      if (table != 0) {
        build(table, work)
        atomic.store<u32>(WINDOW_TABLE, <u32>table)
      }
      giveChunks(work, 1)
    }
  }
  unlock(LOCK)
  return table
}

function setPoint(x: usize, y: usize, point: usize): void {
  feFromWord(x, point)
  feFromWord(y, point + POINT_Y)
  feSetSmall(1, point + POINT_Z)
  store<u32>(point, 0, POINT_INFINITY)
}

/** `count` points, each twice the one before, from the one at `point`, which is left at 2^count times itself. */
function doublings(point: usize, count: usize, out: usize, scratch: usize): void {
  for (let at = out; at < out + count * POINT_SIZE; at += POINT_SIZE) {
    copyBytes(at, point, POINT_SIZE)
    pointDouble(point, scratch)
  }
}

/** As freeGeneratorLock: four chunks. */
export function freeWindowsLock(): void {
  unlock(LOCK)
}

function build(table: usize, work: usize): void {
  const point = work + POINT
  const scratch = work + SCRATCH
  setPoint(GX, GY, point)
  doublings(point, 8 * WINDOWS, work + GENERATORS, scratch)
  pointsToAffine(work + GENERATORS, 8 * WINDOWS, work + PREFIX, scratch)
  offsets(work)
  for (let i: usize = 0; i < WINDOWS; i += 4) fourWindows(table + i * WINDOW_SIZE, work, i)
}

function offsets(work: usize): void {
  const point = work + POINT
  const scratch = work + SCRATCH
  const first = work + OFFSETS
  const last = first + (WINDOWS - 1) * POINT_SIZE
  setPoint(HX, HY, point)
  doublings(point, WINDOWS, first, scratch)
  pointsToAffine(first, WINDOWS, work + PREFIX, scratch)
  // The others sum up to (2^31 - 1) H, and 2^31 H is in the place of the last one.
  for (let i = WINDOWS; i < DOUBLINGS; i++) pointDouble(point, scratch)
  pointAdd(point, last, last + POINT_Y, false, scratch)
  pointAdd(point, first, first + POINT_Y, true, scratch)
  pointsToAffine(point, 1, work + PREFIX, scratch)
  copyBytes(last, point, POINT_Y)
  feNeg(point + POINT_Y, last + POINT_Y)
}

/** Lanes of an affine point (two elements) from four points, `stride` bytes apart. */
function loadPoints(points: usize, stride: usize, out: usize, scratch: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    laneFromElement(points + lane * stride, out + 4 * lane, scratch)
    laneFromElement(points + lane * stride + POINT_Y, out + E + 4 * lane, scratch)
  }
}

/** Windows `first` to `first` + 3, one a lane: 2^j entries, with 2^j times the window's unit added, are 2^j more. */
function fourWindows(table: usize, work: usize, first: usize): void {
  const points = work + POINTS
  const step = work + STEP
  const denominators = work + DENOMINATORS
  loadPoints(work + OFFSETS + first * POINT_SIZE, POINT_SIZE, points, work + SCRATCH)
  for (let j: usize = 0; j < 8; j++) {
    const size = (<usize>1) << j
    loadPoints(work + GENERATORS + (first * 8 + j) * POINT_SIZE, 8 * POINT_SIZE, step, work + SCRATCH)
    for (let e: usize = 0; e < size; e++) sub13(step, points + e * AFFINE13, denominators + e * E)
    // None is zero: that would give H as a multiple of the generator.
    invertAll(denominators, size, work + PREFIX13, work + SCRATCH)
    for (let e: usize = 0; e < size; e++) {
      addAffine4(points + e * AFFINE13, step, denominators + e * E, points + (size + e) * AFFINE13)
    }
  }
  for (let lane: usize = 0; lane < 4; lane++) {
    const window = table + lane * WINDOW_SIZE
    for (let e: usize = 0; e < ENTRIES; e++) packPoint(points + e * AFFINE13 + 4 * lane, window + e * PACKED_POINT)
  }
}
