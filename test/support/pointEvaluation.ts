// Inputs of KZG_POINT_EVALUATION (EIP-4844) for polynomials a x + c.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { toBytes } from '../../src/bytes.js'
import { ORDER } from './bls12381.js'

const { Point } = bls12_381.G1

/** The secret of the mainnet ceremony times the generator of G1: KZG_SETUP_G1_MONOMIAL[1]. */
export const SECRET_G1 = Point.fromHex(
  'ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81',
)

/** Versioned hash, z, y, commitment and proof. */
export function evaluationInput(commitment: Uint8Array, z: bigint, y: bigint, proof: Uint8Array): Uint8Array {
  const hash = sha256(commitment)
  hash[0] = 1
  return concatBytes(hash, toBytes(z, 32), toBytes(y, 32), commitment, proof)
}

/** That a x + c is what it is at z, off by `wrong`. The quotient of (a x + c - y) and (x - z) is a. */
export function linearEvaluation(a: bigint, c: bigint, z: bigint, wrong = 0n): Uint8Array {
  const commitment = SECRET_G1.multiplyUnsafe(a).add(Point.BASE.multiplyUnsafe(c)).toBytes()
  return evaluationInput(commitment, z, (a * z + c + wrong) % ORDER, Point.BASE.multiplyUnsafe(a).toBytes())
}
