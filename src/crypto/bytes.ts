// Big-endian numbers in the inputs and outputs of precompiles.
import { bytesToHex } from '@noble/hashes/utils.js'

/** `length` bytes at `offset`; what lies beyond the end of `bytes` reads as zero. */
export function padded(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  const out = new Uint8Array(length)
  out.set(bytes.subarray(offset, offset + length))
  return out
}

export function toBigInt(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  return BigInt(`0x${bytesToHex(bytes)}`)
}

/** `length` bytes; the value must fit. */
export function toBytes(value: bigint, length: number): Uint8Array {
  const out = new Uint8Array(length)
  const hex = value.toString(16)
  for (let end = hex.length, at = length; end > 0; end -= 2)
    out[--at] = Number.parseInt(hex.slice(Math.max(0, end - 2), end), 16)
  return out
}

/** At most 32 bytes, big-endian, to exactly 32. */
export function padded32(value: Uint8Array): Uint8Array {
  if (value.length === 32) return value
  const out = new Uint8Array(32)
  out.set(value, 32 - value.length)
  return out
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
