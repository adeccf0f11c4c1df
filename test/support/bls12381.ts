// Points of BLS12-381 as EIP-2537 encodes them, by noble.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { toBytes } from '../../src/bytes.js'

export const ORDER = bls12_381.fields.Fr.ORDER
export const P = bls12_381.fields.Fp.ORDER
/** The negative of the curve's parameter. */
export const X = 0xd201000000010000n
const { Fp, Fp2 } = bls12_381.fields
const [G1, G2] = [bls12_381.G1.Point, bls12_381.G2.Point]

export type G1Point = InstanceType<typeof G1>
export type G2Point = InstanceType<typeof G2>

const reduced = (k: bigint): bigint => ((k % ORDER) + ORDER) % ORDER

/** A field element: 64 bytes. */
export const element = (x: bigint): Uint8Array => toBytes(x, 64)
const elements = (...values: bigint[]): Uint8Array => concatBytes(...values.map(element))

export function encodeG1(point: G1Point): Uint8Array {
  if (point.is0()) return new Uint8Array(128)
  const { x, y } = point.toAffine()
  return elements(x, y)
}

export function encodeG2(point: G2Point): Uint8Array {
  if (point.is0()) return new Uint8Array(256)
  const { x, y } = point.toAffine()
  return elements(x.c0, x.c1, y.c0, y.c1)
}

/** k times the generator; 0 is the point at infinity. */
export const blsG1 = (k: bigint): Uint8Array => encodeG1(G1.BASE.multiplyUnsafe(reduced(k)))
export const blsG2 = (k: bigint): Uint8Array => encodeG2(G2.BASE.multiplyUnsafe(reduced(k)))

/** Points of G1's curve with x from `from` on, hardly ever in the group of order r. */
export function outsideG1(count: number, from = 1n): G1Point[] {
  return found(count, (i) => {
    const x = from + i
    return G1.fromAffine({ x, y: Fp.sqrt(Fp.add(Fp.mul(Fp.sqr(x), x), 4n)) })
  })
}

/** Points of G2's curve with x = (i, j), i from 0 on, hardly ever in the group of order r. */
export function outsideG2(count: number, j = 0n): G2Point[] {
  const { b } = G2.CURVE()
  return found(count, (i) => {
    const x = Fp2.fromBigTuple([i, j])
    return G2.fromAffine({ x, y: Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)) })
  })
}

/** The first `count` that do not throw for want of a square root. */
function found<T>(count: number, make: (i: bigint) => T): T[] {
  const points: T[] = []
  for (let i = 0n; points.length < count; i++) {
    try {
      points.push(make(i))
    } catch {
      // no square root
    }
  }
  return points
}

/** Multiples of a point by any number, which noble refuses for numbers above the order. */
export function times<T extends { add(other: T): T; double(): T }>(point: T, zero: T, k: bigint): T {
  let sum = zero
  for (let n = k, p = point; n > 0n; n >>= 1n, p = p.double()) if (n & 1n) sum = sum.add(p)
  return sum
}

/** (X + 1)^2 / 3, and the number of points of G2's curve divided by r. */
export const COFACTOR_1 = (X + 1n) ** 2n / 3n
export const COFACTOR_2 = bls12_381.G2.Point.CURVE().h
