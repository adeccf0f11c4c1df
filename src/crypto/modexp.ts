// MODEXP (EIP-198).
import { padded, toBigInt, toBytes } from '../bytes.js'

/** Numbers longer than this cost more gas than any block has. */
const MAX_LENGTH = 2n ** 24n
const WINDOW = 4

/** base^exponent mod modulus, with windows of 4 bits. */
export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (modulus === 1n) return 0n
  if (exponent === 0n) return 1n
  const b = base % modulus
  const digits = exponent.toString(16)
  if (digits.length < 4) {
    let result = b
    for (const bit of exponent.toString(2).slice(1)) {
      result = (result * result) % modulus
      if (bit === '1') result = (result * b) % modulus
    }
    return result
  }
  const powers = [1n, b]
  for (let i = 2; i < 1 << WINDOW; i++) powers.push((powers[i - 1]! * b) % modulus)
  let result = powers[Number.parseInt(digits[0]!, 16)]!
  for (let i = 1; i < digits.length; i++) {
    for (let j = 0; j < WINDOW; j++) result = (result * result) % modulus
    const digit = Number.parseInt(digits[i]!, 16)
    if (digit !== 0) result = (result * powers[digit]!) % modulus
  }
  return result
}

/**
 * Input: three 32-byte lengths, then base, exponent and modulus; missing bytes are zero. Output: as long as the modulus.
 * `undefined` for lengths that no gas limit could pay. The bound of 1024 bytes (EIP-7823) is the caller's to check, as it
 * depends on the fork.
 */
export function modexp(input: Uint8Array): Uint8Array | undefined {
  const [baseLength, exponentLength, modulusLength] = [0, 32, 64].map((at) => toBigInt(padded(input, at, 32)))
  if (modulusLength === 0n) return new Uint8Array(0)
  if (baseLength! > MAX_LENGTH || exponentLength! > MAX_LENGTH || modulusLength! > MAX_LENGTH) return undefined
  const [b, e, m] = [Number(baseLength), Number(exponentLength), Number(modulusLength)]
  const modulus = toBigInt(padded(input, 96 + b + e, m))
  if (modulus === 0n) return new Uint8Array(m)
  const result = modularPower(toBigInt(padded(input, 96, b)), toBigInt(padded(input, 96 + b, e)), modulus)
  return toBytes(result, m)
}
