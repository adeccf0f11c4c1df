// What a block full of one thing is to reach at least, on the machine that native code was measured on.
import { Precompile } from '../../abi/registry.js'
import type { WorstCase } from './case.js'
import { NATIVE_NANOSECONDS } from './native.js'

/** Mgas/s that no opcode is to fall below. */
const OPCODES = 150

/** Mgas/s of contracts that were slow once; the others have what native code does alone. */
const CONTRACTS: ReadonlyMap<number, number> = new Map([
  [Precompile.ECREC, 110],
  [Precompile.SHA256, 189],
  [Precompile.BN254_PAIRING, 84],
  [Precompile.BLAKE2F, 137],
  [Precompile.KZG_POINT_EVALUATION, 33],
  [Precompile.P256VERIFY, 108],
])

/** Half of what native code does, Mgas/s. */
function halfOfNative({ name, price }: WorstCase): number {
  const nanoseconds = NATIVE_NANOSECONDS.get(name)
  return nanoseconds === undefined || price === undefined ? Number.POSITIVE_INFINITY : (price * 1000) / nanoseconds / 2
}

/** Mgas/s of the execution stage: the case's own figure, or half of what native code does where that is less. */
export function floorOf(worst: WorstCase): number {
  const own = worst.precompile === undefined ? OPCODES : CONTRACTS.get(worst.precompile)
  return Math.min(own ?? Number.POSITIVE_INFINITY, halfOfNative(worst))
}
