// P256VERIFY (EIP-7951): ECDSA over secp256r1.
import { p256 } from '@noble/curves/nist.js'
import { toBigInt } from './bytes.js'

const EMPTY = new Uint8Array(0)
const ONE = Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? 1 : 0))

/** Input: hash, r, s, x, y, 32 bytes each. Output: the number 1 in 32 bytes, or nothing; it never fails. */
export function p256Verify(input: Uint8Array): Uint8Array {
  if (input.length !== 160) return EMPTY
  const n = p256.Point.Fn.ORDER
  const p = p256.Point.Fp.ORDER
  const [r, s, x, y] = [32, 64, 96, 128].map((at) => toBigInt(input.subarray(at, at + 32))) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  if (r === 0n || r >= n || s === 0n || s >= n || x >= p || y >= p || (x === 0n && y === 0n)) return EMPTY
  try {
    const key = p256.Point.fromAffine({ x, y })
    key.assertValidity()
    const options = { lowS: false, prehash: false, format: 'compact' } as const
    const valid = p256.verify(input.subarray(32, 96), input.subarray(0, 32), key.toBytes(false), options)
    return valid ? ONE.slice() : EMPTY
  } catch {
    return EMPTY // the point is not on the curve
  }
}
