// Points of the curves that precompiled contracts compute on, as these take them: multiples of the generators, 0 is infinity.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bn254 } from '@noble/curves/bn254.js'
import { toBytes } from '../bytes.js'

export type PointOf = (k: bigint) => Uint8Array

/** A multiple of a generator; computing it takes longer than a small block. */
function remembered(compute: PointOf): PointOf {
  const known = new Map<bigint, Uint8Array>()
  return (k) => {
    let point = known.get(k)
    if (point === undefined) {
      point = compute(k)
      known.set(k, point)
    }
    return point
  }
}

const coordinates = (size: number, ...values: bigint[]) => Buffer.concat(values.map((value) => toBytes(value, size)))

export const bnG1 = remembered((k) => {
  if (k === 0n) return new Uint8Array(64)
  const { x, y } = bn254.G1.Point.BASE.multiply(k).toAffine()
  return coordinates(32, x, y)
})

export const bnG2 = remembered((k) => {
  if (k === 0n) return new Uint8Array(128)
  const { x, y } = bn254.G2.Point.BASE.multiply(k).toAffine()
  return coordinates(32, x.c1, x.c0, y.c1, y.c0)
})

export const blsG1 = remembered((k) => {
  if (k === 0n) return new Uint8Array(128)
  const { x, y } = bls12_381.G1.Point.BASE.multiply(k).toAffine()
  return coordinates(64, x, y)
})

export const blsG2 = remembered((k) => {
  if (k === 0n) return new Uint8Array(256)
  const { x, y } = bls12_381.G2.Point.BASE.multiply(k).toAffine()
  return coordinates(64, x.c0, x.c1, y.c0, y.c1)
})
