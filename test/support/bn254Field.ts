// Numbers of BN254 by BigInt, and elements of the core's fields in memory (assembly/bn254/field.ts).

import { modulo, power, quadratic } from './fieldsOfNumbers.js'

export const U = 4965661367192848881n
export const P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n
export const N = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n
export const R = 1n << 261n
/** Bytes of an element. */
export const FE = 40
const LIMBS = 9

export const fp2 = quadratic(P)

const R_INVERSE = power(R, P - 2n, P)

/** The number that nine limbs make, as they are. */
export function rawValue(view: DataView, at: number): bigint {
  let value = 0n
  for (let i = LIMBS - 1; i >= 0; i--) value = (value << 29n) + BigInt(view.getInt32(at + 4 * i, true))
  return value
}

/** What an element stands for. @throws Error when it is not reduced */
export function element(view: DataView, at: number): bigint {
  const problem = notReduced(view, at)
  if (problem !== undefined) throw new Error(problem)
  return modulo(rawValue(view, at) * R_INVERSE, P)
}

/** Why an element is not reduced, if it is not: limbs 0 to 7 within 2^28 + 4, less than 4 p. */
export function notReduced(view: DataView, at: number): string | undefined {
  for (let i = 0; i < LIMBS - 1; i++) {
    const limb = view.getInt32(at + 4 * i, true)
    if (Math.abs(limb) > 2 ** 28 + 4) return `limb ${i} is ${limb}`
  }
  const value = rawValue(view, at)
  return value >= 4n * P || value <= -4n * P ? `${value} is 4 p and more` : undefined
}

/** Writes a number as centred limbs, as it is. */
export function putRaw(view: DataView, at: number, value: bigint): void {
  let rest = value
  for (let i = 0; i < LIMBS; i++) {
    const limb = i === LIMBS - 1 ? rest : BigInt.asIntN(29, rest)
    view.setInt32(at + 4 * i, Number(limb), true)
    rest = (rest - limb) >> 29n
  }
}

/** Writes the element that stands for a number: the least in size, or `more` p from that. */
export function putElement(view: DataView, at: number, value: bigint, more = 0n): void {
  const least = modulo(value * R, P)
  putRaw(view, at, (2n * least > P ? least - P : least) + more * P)
}
