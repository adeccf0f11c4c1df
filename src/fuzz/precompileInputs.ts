// Inputs on which precompiled contracts succeed, and inputs that are almost like that.

import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bn254 } from '@noble/curves/bn254.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { signRecoverable } from 'tiny-secp256k1'
import { PRECOMPILES, type PrecompileName } from '../abi/registry.js'
import { toBytes } from '../bytes.js'
import { blsG1, blsG2, bnG1, bnG2, type PointOf } from '../workloads/curvePoints.js'
import type { Random } from '../workloads/random.js'

const KEY = keccak_256(Buffer.from('fuzz signer'))

/** One of the rules' precompiled contracts; now and then one that they do not have yet, or a neighbour of one. */
export function precompileAddress(random: Random, rules: number): number {
  if (random.below(12) === 0) return random.pick(PRECOMPILES).address + random.below(3) - 1
  return random.pick(PRECOMPILES.filter(({ since }) => since <= rules)).address
}

export function precompileInput(random: Random, address: number): Uint8Array {
  const input = (BY_ADDRESS.get(address) ?? words)(random)
  const kind = random.below(16)
  if (kind === 0) return input.subarray(0, random.below(input.length + 1))
  if (kind === 1) return Buffer.concat([input, bytes(random, 1 + random.below(40))])
  if (kind > 3 || input.length === 0) return input
  // A Buffer's own slice would share the bytes, with a sample or with a transaction that is already signed.
  const changed = Uint8Array.from(input)
  changed[random.below(changed.length)] = random.below(256)
  return changed
}

type Maker = (random: Random) => Uint8Array

const anything: Maker = (random) => bytes(random, random.below(200))

/** Fields of a word each: zeros, small numbers, anything. Many contracts take a good part of them. */
const words: Maker = (random) => {
  const kind = random.below(4)
  if (kind === 0) return anything(random)
  const field = () => (kind === 1 ? 0n : BigInt(random.below(kind === 2 ? 3 : 2 ** 32)))
  return Buffer.concat(Array.from({ length: random.below(20) }, () => toBytes(field(), 32)))
}

/** Of contracts that want more than any words, and have no samples in the registry. */
const MAKERS: Readonly<Record<string, Maker>> = {
  ECREC: (random) => {
    const hash = bytes(random, 32)
    const { signature, recoveryId } = signRecoverable(hash, KEY)
    return Buffer.concat([hash, toBytes(27n + BigInt(recoveryId), 32), signature])
  },
  MODEXP: (random) => {
    const lengths = [random.below(70), random.below(random.below(3) === 0 ? 70 : 5), random.below(70)]
    const numbers = lengths.map((length) => bytes(random, length))
    if (random.below(20) === 0) lengths[random.below(3)] = random.u32()
    return Buffer.concat([...lengths.map((length) => toBytes(BigInt(length), 32)), ...numbers])
  },
  BN254_ADD: (random) => Buffer.concat([bnG1(small(random)), bnG1(small(random))]),
  BN254_MUL: (random) => Buffer.concat([bnG1(small(random)), bytes(random, 32)]),
  BN254_PAIRING: (random) => pairs(random, bnG1, bnG2, bn254.fields.Fr.ORDER),
  BLAKE2F: (random) =>
    Buffer.concat([
      toBytes(BigInt(random.below(20)), 4),
      bytes(random, 208),
      Uint8Array.of(random.below(10) === 0 ? 2 : random.below(2)),
    ]),
  KZG_POINT_EVALUATION: (random) => {
    // The constant polynomial c: its value is c everywhere, and the proof the point at infinity.
    const c = 1n + small(random)
    const commitment = bls12_381.G1.Point.BASE.multiply(c).toBytes()
    const versioned = sha256(commitment)
    versioned[0] = 1
    const infinity = new Uint8Array(48)
    infinity[0] = 0xc0
    return Buffer.concat([versioned, toBytes(BigInt(random.u32()), 32), toBytes(c, 32), commitment, infinity])
  },
  BLS12_G1ADD: (random) => Buffer.concat([blsG1(small(random)), blsG1(small(random))]),
  BLS12_G1MSM: (random) => msm(random, blsG1),
  BLS12_G2ADD: (random) => Buffer.concat([blsG2(small(random)), blsG2(small(random))]),
  BLS12_G2MSM: (random) => msm(random, blsG2),
  BLS12_PAIRING_CHECK: (random) => pairs(random, blsG1, blsG2, bls12_381.fields.Fr.ORDER),
  BLS12_MAP_FP_TO_G1: (random) => fp(random),
  BLS12_MAP_FP2_TO_G2: (random) => Buffer.concat([fp(random), fp(random)]),
} satisfies Partial<Record<PrecompileName, Maker>>

const BY_ADDRESS: ReadonlyMap<number, Maker> = new Map(
  PRECOMPILES.map(({ address, name, samples }) => [address, MAKERS[name] ?? sampled(samples)]),
)

function sampled(samples: readonly string[]): Maker {
  const inputs = samples.map((sample) => Buffer.from(sample, 'hex'))
  return inputs.length === 0 ? words : (random) => random.pick(inputs)
}

/** Pairs whose product is one, or any pairs. */
function pairs(random: Random, g1: PointOf, g2: PointOf, order: bigint): Uint8Array {
  const k = small(random)
  if (random.below(3) > 0) return Buffer.concat([g1(k), g2(1n), g1((order - k) % order), g2(1n)])
  return Buffer.concat(Array.from({ length: random.below(3) }, () => [g1(small(random)), g2(small(random))]).flat())
}

function msm(random: Random, point: PointOf): Uint8Array {
  const length = 1 + random.below(3)
  return Buffer.concat(Array.from({ length }, () => [point(small(random)), bytes(random, 32)]).flat())
}

/** 0 is the point at infinity. */
function small(random: Random): bigint {
  return BigInt(random.below(5))
}

function fp(random: Random): Uint8Array {
  return Buffer.concat([new Uint8Array(17), bytes(random, 47)])
}

function bytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}
