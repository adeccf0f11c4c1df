// Elements of the core's field of BLS12-381 in memory (assembly/bls12381/field.ts), and numbers by BigInt.

import { P } from './bls12381.js'
import { modulo, power, quadratic } from './fieldsOfNumbers.js'

export const R = 1n << 392n
/** Bytes of an element. */
export const FE = 64
const LIMBS = 14
export const R_INVERSE = power(R, P - 2n, P)

export const fp2 = quadratic(P)

/** The number that fourteen limbs make, as they are. @throws Error when what is behind them is not zero */
export function rawValue(view: DataView, at: number): bigint {
  if (view.getBigInt64(at + 56, true) !== 0n) throw new Error('limbs behind the element')
  let value = 0n
  for (let i = LIMBS - 1; i >= 0; i--) value = (value << 28n) + BigInt(view.getInt32(at + 4 * i, true))
  return value
}

/** What an element stands for. @throws Error when it is not reduced: limbs 0 to 12 within 2^27 + 16, less than 4 p */
export function element(view: DataView, at: number): bigint {
  for (let i = 0; i < LIMBS - 1; i++) {
    const limb = view.getInt32(at + 4 * i, true)
    if (Math.abs(limb) > 2 ** 27 + 16) throw new Error(`limb ${i} is ${limb}`)
  }
  const value = rawValue(view, at)
  if (value >= 4n * P || value <= -4n * P) throw new Error(`${value} is 4 p and more`)
  return modulo(value * R_INVERSE, P)
}

/** Writes the element that stands for a number: the least in size, or `more` p from that. */
export function putElement(view: DataView, at: number, value: bigint, more = 0n): void {
  const least = modulo(value * R, P)
  let rest = (2n * least > P ? least - P : least) + more * P
  for (let i = 0; i < LIMBS; i++) {
    const limb = i === LIMBS - 1 ? rest : BigInt.asIntN(28, rest)
    view.setInt32(at + 4 * i, Number(limb), true)
    rest = (rest - limb) >> 28n
  }
  view.setBigInt64(at + 56, 0n, true)
}
