// ECDSA over secp256r1, for P256VERIFY (EIP-7951).
import { p256 } from '@noble/curves/nist.js'
import { toBigInt } from '../bytes.js'

/**
 * Whether the signature holds. Input: hash, r, s, x, y, 32 bytes each.
 * @throws when the key is no point of the curve
 */
export function p256Valid(input: Uint8Array): boolean {
  const n = p256.Point.Fn.ORDER
  const p = p256.Point.Fp.ORDER
  const [r, s, x, y] = [32, 64, 96, 128].map((at) => toBigInt(input.subarray(at, at + 32))) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  if (r === 0n || r >= n || s === 0n || s >= n || x >= p || y >= p || (x === 0n && y === 0n)) return false
  const key = p256.Point.fromAffine({ x, y })
  key.assertValidity()
  const options = { lowS: false, prehash: false, format: 'compact' } as const
  return p256.verify(input.subarray(32, 96), input.subarray(0, 32), key.toBytes(false), options)
}
