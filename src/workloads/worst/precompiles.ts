// Every precompiled contract, on inputs that take it longest for their price.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { signRecoverable } from 'tiny-secp256k1'
import { Op, PRECOMPILES, Precompile } from '../../abi/registry.js'
import { toBytes } from '../../bytes.js'
import type { Assembler } from '../assembler.js'
import { blsG1, blsG2, bnG1, bnG2 } from '../curvePoints.js'
import { loop, type WorstCase } from './case.js'

export interface PrecompileCase extends WorstCase {
  precompile: number
  input: Uint8Array
}

/** 32 bytes of ones: the longest scalar. */
const SCALAR = new Uint8Array(32).fill(0xff)
const ones = (length: number): Uint8Array => new Uint8Array(length).fill(0xff)
interface Called {
  name: string
  precompile: number
  /** Of a call. */
  price: number
  input: Uint8Array
  /** Where the input has the same new word in every call: the core remembers signatures and proofs that it checked. */
  fresh?: readonly number[]
  /** So many bytes of output are what the next input begins with: of points that are multiplied again tables are kept. */
  chained?: number
}

/** Calls again and again; ends with INVALID if a call failed. */
function called({ name, precompile, price, input, fresh = [], chained }: Called): PrecompileCase {
  return {
    name,
    precompile,
    price,
    // One call at least is to fit, which gets all but a 64th of what there is (EIP-150).
    leastGas: Math.ceil(1.1 * price) + 21_000 + 20_000 + 3 * input.length,
    input,
    code: () =>
      loop({
        setup: (asm) => asm.copyData(input),
        body: (asm) => {
          if (fresh.length > 0) writeFresh(asm, fresh)
          asm.push(BigInt(chained ?? 32))
          asm.push(chained === undefined ? OUTPUT : 0n)
          asm.push(BigInt(input.length))
          asm.op(Op.PUSH0)
          asm.push(BigInt(precompile))
          asm.op(Op.GAS, Op.STATICCALL)
          const hole = asm.jumpHole(Op.JUMPI)
          asm.op(Op.INVALID)
          asm.fillHole(hole)
        },
        gas: Math.ceil((price + 160) * 1.02),
      }),
  }
}

/** Of the transaction's number and the gas that is left: no two calls of a block have both. */
function writeFresh(asm: Assembler, places: readonly number[]): void {
  asm.push(BASE)
  asm.op(Op.PUSH0, Op.CALLDATALOAD, Op.PUSH1, 64, Op.SHL, Op.GAS, Op.ADD, Op.ADD)
  for (const at of places) {
    asm.op(Op.DUP1)
    asm.push(BigInt(at))
    asm.op(Op.MSTORE)
  }
  asm.op(Op.POP)
}

/** A full word below the order of every curve. */
const BASE = BigInt(`0x${'55'.repeat(32)}`)

/** Behind every input. */
const OUTPUT = 65_536n

const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))
const word = (value: number): Uint8Array => toBytes(BigInt(value), 32)
/** Parts for 1, 2, 3 and so on. */
const many = (count: number, part: (k: bigint) => Uint8Array[]): Uint8Array =>
  joined(...Array.from({ length: count }, (_, index) => part(BigInt(index + 2))).flat())

/** Prices of EIP-7883. Up to 32 bytes an exponent costs once for each bit, beyond them twice: the former is the worse. */
function modexp(length: number, exponent: number, last: number): PrecompileCase {
  const complexity = length <= 32 ? 16 : 2 * (length / 8) ** 2
  const modulus = ones(length)
  modulus[length - 1] = last
  return called({
    name: `MODEXP of ${length} bytes, ${last % 2 === 0 ? 'even' : 'odd'}${exponent > 32 ? ', long power' : ''}`,
    precompile: Precompile.MODEXP,
    price: complexity * (16 * (exponent - 32) + 255),
    input: joined(word(length), word(exponent), word(length), ones(length).fill(0xaa), ones(exponent), modulus),
  })
}

function ecrecover(): Uint8Array {
  const hash = keccak_256(Buffer.from('worst'))
  const { signature, recoveryId } = signRecoverable(hash, keccak_256(Buffer.from('worst signer')))
  return joined(hash, word(27 + recoveryId), signature)
}

/** KZG_SETUP_G1_MONOMIAL[1] of the mainnet ceremony: the commitment to p(x) = x, whose quotient by x - z is 1. */
const COMMITMENT = Buffer.from(
  'ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81',
  'hex',
)

function pointEvaluation(): Uint8Array {
  const versioned = sha256(COMMITMENT)
  versioned[0] = 1
  const z = SCALAR.slice().fill(0x55)
  return joined(versioned, z, z, COMMITMENT, bls12_381.G1.Point.BASE.toBytes())
}

function blake2f(rounds: number): Uint8Array {
  return joined(toBytes(BigInt(rounds), 4), ones(64), ones(128), ones(16), Uint8Array.of(1))
}

const samplesOf = (address: number): Uint8Array[] =>
  PRECOMPILES.find((row) => row.address === address)!.samples.map((hex) => Buffer.from(hex, 'hex'))

/** Coordinates below the field's modulus, which are no squares or anything else that is easy. */
const fp = joined(new Uint8Array(16), new Uint8Array(48).fill(0x15))

const LONG = 32 * 1024
const ROUNDS = 400_000

/** EIP-2537: thousandths of the price of that many multiplications. */
const G1_DISCOUNT = { 1: 1000, 16: 677, 128: 519 }
const G2_DISCOUNT = { 1: 1000, 16: 717, 128: 524 }

export const PRECOMPILED: readonly PrecompileCase[] = [
  called({ name: 'ecrecover', precompile: Precompile.ECREC, price: 3000, input: ecrecover(), fresh: [0] }),
  called({ name: 'SHA-256 of 32 KB', precompile: Precompile.SHA256, price: 60 + 12 * (LONG / 32), input: ones(LONG) }),
  called({
    name: 'RIPEMD-160 of 32 KB',
    precompile: Precompile.RIPEMD160,
    price: 600 + 120 * (LONG / 32),
    input: ones(LONG),
  }),
  called({ name: 'identity of 32 KB', precompile: Precompile.ID, price: 15 + 3 * (LONG / 32), input: ones(LONG) }),
  ...[32, 64, 128, 256, 512, 1024].flatMap((length) => [modexp(length, 32, 0xff), modexp(length, 32, 0xfe)]),
  modexp(32, 1024, 0xff),
  modexp(64, 1024, 0xff),
  called({ name: 'BN254 addition', precompile: Precompile.BN254_ADD, price: 150, input: joined(bnG1(3n), bnG1(5n)) }),
  called({
    name: 'BN254 multiplication',
    precompile: Precompile.BN254_MUL,
    price: 6000,
    input: joined(bnG1(3n), SCALAR),
    fresh: [64],
    chained: 64,
  }),
  ...[1, 2, 4, 8, 20].map((pairs) =>
    called({
      name: `BN254 pairing, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`,
      precompile: Precompile.BN254_PAIRING,
      price: 45_000 + 34_000 * pairs,
      input: many(pairs, (k) => [bnG1(k), bnG2(k + 1n)]),
    }),
  ),
  called({ name: 'BLAKE2F, many rounds', precompile: Precompile.BLAKE2F, price: ROUNDS, input: blake2f(ROUNDS) }),
  called({
    name: 'KZG point evaluation',
    precompile: Precompile.KZG_POINT_EVALUATION,
    price: 50_000,
    input: pointEvaluation(),
    // The polynomial is x: its value is where it is evaluated.
    fresh: [32, 64],
  }),
  called({
    name: 'BLS12-381 G1 addition',
    precompile: Precompile.BLS12_G1ADD,
    price: 375,
    input: joined(blsG1(3n), blsG1(5n)),
  }),
  called({
    name: 'BLS12-381 G2 addition',
    precompile: Precompile.BLS12_G2ADD,
    price: 600,
    input: joined(blsG2(3n), blsG2(5n)),
  }),
  ...([1, 16, 128] as const).flatMap((count) => [
    called({
      name: `BLS12-381 G1 MSM of ${count}`,
      precompile: Precompile.BLS12_G1MSM,
      price: (count * 12_000 * G1_DISCOUNT[count]) / 1000,
      input: many(count, (k) => [blsG1(k), SCALAR]),
    }),
    called({
      name: `BLS12-381 G2 MSM of ${count}`,
      precompile: Precompile.BLS12_G2MSM,
      price: (count * 22_500 * G2_DISCOUNT[count]) / 1000,
      input: many(count, (k) => [blsG2(k), SCALAR]),
    }),
  ]),
  ...[1, 2, 8].map((pairs) =>
    called({
      name: `BLS12-381 pairing, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`,
      precompile: Precompile.BLS12_PAIRING_CHECK,
      price: 37_700 + 32_600 * pairs,
      input: many(pairs, (k) => [blsG1(k), blsG2(k + 1n)]),
    }),
  ),
  called({ name: 'BLS12-381 map to G1', precompile: Precompile.BLS12_MAP_FP_TO_G1, price: 5500, input: fp }),
  called({
    name: 'BLS12-381 map to G2',
    precompile: Precompile.BLS12_MAP_FP2_TO_G2,
    price: 23_800,
    input: joined(fp, fp),
  }),
  called({
    name: 'P256 verification',
    precompile: Precompile.P256VERIFY,
    price: 6900,
    input: samplesOf(Precompile.P256VERIFY)[0]!,
    fresh: [0],
  }),
]
