// Points of BN254 as EIP-196 and EIP-197 encode them, by noble.
import { bn254 } from '@noble/curves/bn254.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { toBytes } from '../../src/bytes.js'

export const ORDER = bn254.fields.Fr.ORDER
const { Fp2 } = bn254.fields

const words = (...values: bigint[]): Uint8Array => concatBytes(...values.map((value) => toBytes(value, 32)))
const reduced = (k: bigint): bigint => ((k % ORDER) + ORDER) % ORDER

export type G1Point = InstanceType<typeof bn254.G1.Point>

export function encodeG1(point: G1Point): Uint8Array {
  if (point.is0()) return new Uint8Array(64)
  const { x, y } = point.toAffine()
  return words(x, y)
}

/** k times the generator; 0 is the point at infinity. */
export function bnG1(k: bigint): Uint8Array {
  return encodeG1(bn254.G1.Point.BASE.multiplyUnsafe(reduced(k)))
}

export function bnG2(k: bigint): Uint8Array {
  if (reduced(k) === 0n) return new Uint8Array(128)
  const { x, y } = bn254.G2.Point.BASE.multiplyUnsafe(reduced(k)).toAffine()
  return words(x.c1, x.c0, y.c1, y.c0)
}

/** Points of the twist with x = (i, j) for i below `count`, hardly ever in the group of order n. */
export function outsideG2(count: number, j = 0n): Uint8Array[] {
  const { b } = bn254.G2.Point.CURVE()
  return Array.from({ length: count }, (_, i) => Fp2.fromBigTuple([BigInt(i), j])).flatMap((x) => {
    try {
      const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b))
      return [words(x.c1, x.c0, y.c1, y.c0)]
    } catch {
      return [] // no square root
    }
  })
}
