// Big-endian numbers of any length, and bytes as hexadecimal digits.

/** Two digits a byte, no prefix. Shared memory too: nothing is copied first. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

export function toBigInt(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  return BigInt(`0x${hex(bytes)}`)
}

/** `length` bytes; the value must fit. */
export function toBytes(value: bigint, length: number): Uint8Array {
  const out = new Uint8Array(length)
  const digits = value.toString(16)
  for (let end = digits.length, at = length; end > 0; end -= 2)
    out[--at] = Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16)
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

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
