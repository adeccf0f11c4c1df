// Additions on BLS12-381 (EIP-2537). Their inputs need to be on the curve, but not in the subgroup: the check of the subgroup
// costs thirty times the addition.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { isZero, toBigInt, toBytes } from '../bytes.js'

const Fp = bls12_381.fields.Fp
const Fp2 = bls12_381.fields.Fp2
const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point
const B1 = G1.CURVE().b
const B2 = G2.CURVE().b

/** Field element of 64 bytes, of which the first 16 were seen to be zero. @throws RangeError when it is p or more */
function element(bytes: Uint8Array, offset: number): bigint {
  const value = toBigInt(bytes.subarray(offset, offset + 64))
  if (value >= Fp.ORDER) throw new RangeError('not an element of the field')
  return value
}

/** Point at `offset`, zeros are the point at infinity. @throws RangeError when it is not on the curve */
function g1At(bytes: Uint8Array, offset: number): InstanceType<typeof G1> {
  if (isZero(bytes.subarray(offset, offset + 128))) return G1.ZERO
  const x = element(bytes, offset)
  const y = element(bytes, offset + 64)
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), B1))) throw new RangeError('not a point of the curve')
  return G1.fromAffine({ x, y })
}

function g2At(bytes: Uint8Array, offset: number): InstanceType<typeof G2> {
  if (isZero(bytes.subarray(offset, offset + 256))) return G2.ZERO
  const x = Fp2.fromBigTuple([element(bytes, offset), element(bytes, offset + 64)])
  const y = Fp2.fromBigTuple([element(bytes, offset + 128), element(bytes, offset + 192)])
  if (!Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), B2))) throw new RangeError('not a point of the curve')
  return G2.fromAffine({ x, y })
}

/** Sum of two points of G1's curve, 128 bytes each. @throws RangeError when one is not on the curve */
export function blsAddG1(input: Uint8Array): Uint8Array {
  const out = new Uint8Array(128)
  const sum = g1At(input, 0).add(g1At(input, 128))
  if (sum.is0()) return out
  const { x, y } = sum.toAffine()
  out.set(toBytes(x, 64), 0)
  out.set(toBytes(y, 64), 64)
  return out
}

/** Sum of two points of G2's curve, 256 bytes each. @throws RangeError when one is not on the curve */
export function blsAddG2(input: Uint8Array): Uint8Array {
  const out = new Uint8Array(256)
  const sum = g2At(input, 0).add(g2At(input, 256))
  if (sum.is0()) return out
  const { x, y } = sum.toAffine()
  ;[x.c0, x.c1, y.c0, y.c1].forEach((value, i) => {
    out.set(toBytes(value, 64), 64 * i)
  })
  return out
}
