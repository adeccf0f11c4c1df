import { feFromBytes, FE_BYTES, feToBytes } from './element'
import { coordinate } from './coordinates'
import { FE_SIZE } from './field'
import { onCurve, yOf } from './points'

// Points as the precompiled contracts take and give them (EIP-2537): coordinates of 64 bytes a field element, of
// which the first 16 are zero. Zeros are the point at infinity.

export const INVALID: i32 = 0
export const INFINITY: i32 = 1
export const POINT: i32 = 2

/** Bytes of a field element in an encoding. */
export const ELEMENT: usize = 64
const ZEROS: usize = ELEMENT - FE_BYTES

/** Bytes of a point of the group in use. */
// @ts-ignore: decorator
@inline
export function pointBytes(): usize {
  return (2 * ELEMENT * coordinate) / FE_SIZE
}

/** `count` field elements; false when one is none. */
export function readElements(input: usize, count: usize, out: usize): bool {
  for (let end = input + count * ELEMENT; input < end; input += ELEMENT) {
    if ((load<u64>(input) | load<u64>(input, 8)) != 0 || !feFromBytes(input + ZEROS, out)) return false
    out += FE_SIZE
  }
  return true
}

function allZero(at: usize, length: usize): bool {
  for (let end = at + length; at < end; at += 8) if (load<u64>(at) != 0) return false
  return true
}

/** What the bytes at `input` are; the coordinates of a POINT, which is one of the curve, to `out`. */
export function readPoint(input: usize, out: usize): i32 {
  const length = pointBytes()
  if (allZero(input, length)) return INFINITY
  if (!readElements(input, length / ELEMENT, out)) return INVALID
  return onCurve(out, yOf(out)) ? POINT : INVALID
}

/** An affine point. */
export function writePoint(point: usize, out: usize): void {
  memory.fill(out, 0, pointBytes())
  for (let i: usize = 0; i < 2 * coordinate; i += FE_SIZE) feToBytes(point + i, out + i + ZEROS)
}
