// KZG proof of a point evaluation (EIP-4844). Verifying one needs a single point of the trusted setup, so no setup file.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { toBytes } from '../bytes.js'

const { G1, G2, fields } = bls12_381

/** KZG_SETUP_G2_MONOMIAL[1] of the mainnet ceremony: the secret times the generator of G2. */
const SECRET_G2 = G2.Point.fromHex(
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72' +
    '185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2',
)

/** G1's generator, then minus G2's generator and the secret times it: coordinates in 64 bytes, as in EIP-2537. */
export function pointEvaluationSetup(): Uint8Array {
  const { x, y } = G1.Point.BASE.toAffine()
  const points = [G2.Point.BASE.negate(), SECRET_G2].map((point) => point.toAffine())
  const coordinates = [x, y, ...points.flatMap((g2) => [g2.x.c0, g2.x.c1, g2.y.c0, g2.y.c1])]
  const out = new Uint8Array(64 * coordinates.length)
  coordinates.forEach((value, i) => {
    out.set(toBytes(value, 64), 64 * i)
  })
  return out
}

/**
 * True when `proof` shows that the polynomial behind `commitment` evaluates to `y` at `z`:
 * e(commitment - y G1, G2) = e(proof, (secret - z) G2).
 *
 * @param commitment 48 bytes, compressed point of G1; `proof` likewise
 * @param z 32 bytes, big-endian; `y` likewise
 * @throws RangeError when an input is no point of the subgroup or no element of the scalar field
 */
export function verifyPointEvaluation(
  commitment: Uint8Array,
  z: Uint8Array,
  y: Uint8Array,
  proof: Uint8Array,
): boolean {
  const at = scalar(z)
  const value = scalar(y)
  const left = point(commitment).subtract(times(G1.Point.BASE, value))
  const right = SECRET_G2.subtract(times(G2.Point.BASE, at))
  const witness = point(proof)
  // A pairing with the point at infinity is one; noble refuses to compute it.
  const pairs = [
    { g1: left, g2: G2.Point.BASE },
    { g1: witness.negate(), g2: right },
  ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0())
  return pairs.length === 0 || fields.Fp12.eql(bls12_381.pairingBatch(pairs), fields.Fp12.ONE)
}

function scalar(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  if (bytes.length !== 32 || value >= fields.Fr.ORDER) throw new RangeError('not an element of the scalar field')
  return value
}

function point(bytes: Uint8Array) {
  try {
    const decoded = G1.Point.fromBytes(bytes)
    if (!decoded.is0()) decoded.assertValidity()
    return decoded
  } catch (cause) {
    throw new RangeError('not a point of G1', { cause })
  }
}

/** noble multiplies by zero only when told that it may leak timing; nothing is secret here. */
function times<P extends { multiplyUnsafe(scalar: bigint): P }>(base: P, by: bigint): P {
  return base.multiplyUnsafe(by)
}
