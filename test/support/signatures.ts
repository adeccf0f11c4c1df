// Signatures and what they recover to, straight from the definition, on @noble/curves points.

import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

export const { Point } = secp256k1
export const N = Point.Fn.ORDER
export const P = Point.Fp.ORDER
export const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n
export const bytes32 = (x: bigint) => hexToBytes(x.toString(16).padStart(64, '0'))
export const mod = (x: bigint, m: bigint) => ((x % m) + m) % m

export interface Signature {
  hash: bigint
  r: bigint
  s: bigint
  id: number
}

/** The public key, 64 bytes as hex, or `undefined` when no key made the signature. */
export function expectedKey({ hash, r, s, id }: Signature): string | undefined {
  if (r <= 0n || r >= N || s <= 0n || s >= N || id > 3) return undefined
  const x = r + N * BigInt(id >> 1)
  if (x >= P) return undefined
  let R: InstanceType<typeof Point>
  try {
    R = Point.fromHex((id & 1 ? '03' : '02') + bytesToHex(bytes32(x)))
  } catch {
    return undefined
  }
  const inverse = Point.Fn.inv(r)
  const u1 = mod(-hash * inverse, N)
  const u2 = mod(s * inverse, N)
  const Q = (u1 === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(u1)).add(R.multiplyUnsafe(u2))
  return Q.is0() ? undefined : Q.toHex(false).slice(2)
}

export const addressOf = (key: string | undefined) =>
  key === undefined ? undefined : bytesToHex(keccak_256(hexToBytes(key)).subarray(12))
