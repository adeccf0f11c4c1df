// The precompiled contracts that the core does not compute itself. Gas and fork rules are the interpreter's; here is only
// the function, and `undefined` means that the call fails and takes all its gas.
import { sha256 } from '@noble/hashes/sha2.js'
import { type HostPrecompileName, Precompile } from '../abi/registry.js'
import { isZero, toBytes } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import { activeCurves, type Curves } from './curves.js'

/** The core asked for a precompiled contract that is not one of the host's. */
export class UnknownPrecompileError extends ParallevmError {
  constructor(id: number) {
    super(
      'UNKNOWN_PRECOMPILE',
      `0x${id.toString(16)} is not a precompiled contract of the host: the core and the host are of different versions`,
    )
  }
}

const EMPTY = new Uint8Array(0)
const ONE = toBytes(1n, 32)

/** Field elements in a blob and the order of the BLS12-381 scalar field (EIP-4844). */
const POINT_EVALUATION_OUTPUT = new Uint8Array(64)
POINT_EVALUATION_OUTPUT.set(toBytes(4096n, 32), 0)
POINT_EVALUATION_OUTPUT.set(toBytes(0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n, 32), 32)

function pointEvaluation(input: Uint8Array, curves: Curves): Uint8Array | undefined {
  if (input.length !== 192) return undefined
  const commitment = input.subarray(96, 144)
  const versionedHash = sha256(commitment)
  versionedHash[0] = 1
  if (versionedHash.some((byte, i) => byte !== input[i])) return undefined
  const [z, y, proof] = [input.subarray(32, 64), input.subarray(64, 96), input.subarray(144)]
  const valid = curves.verifyPointEvaluation(commitment, z, y, proof)
  return valid ? POINT_EVALUATION_OUTPUT.slice() : undefined
}

/** P256VERIFY (EIP-7951): the number 1 in 32 bytes, or nothing; it never fails. */
function p256Verify(input: Uint8Array, curves: Curves): Uint8Array {
  if (input.length !== 160) return EMPTY
  try {
    return curves.p256Verify(input) ? ONE.slice() : EMPTY
  } catch {
    return EMPTY // the key is no point of the curve
  }
}

/** Runs a BLS12-381 operation on records of `size` bytes whose field elements, 64 bytes each, start with 16 zero bytes. */
function blsRecords(
  input: Uint8Array,
  size: number,
  elements: number,
  many: boolean,
  operation: (input: Uint8Array) => Uint8Array,
): Uint8Array | undefined {
  if (input.length === 0 || (many ? input.length % size !== 0 : input.length !== size)) return undefined
  for (let record = 0; record < input.length; record += size) {
    for (let i = 0; i < elements; i++) {
      const at = record + i * 64
      if (!isZero(input.subarray(at, at + 16))) return undefined
    }
  }
  return operation(input)
}

/** Undefined, or thrown by a library: the call fails. */
type Compute = (input: Uint8Array, curves: Curves) => Uint8Array | undefined

/** The compiler asks for each that the registry leaves to the host, and for no other. */
const COMPUTE = {
  KZG_POINT_EVALUATION: pointEvaluation,
  BLS12_G1ADD: (input, { bls }) => blsRecords(input, 256, 4, false, (x) => bls.addG1(x)),
  BLS12_G1MSM: (input, { bls }) => blsRecords(input, 160, 2, true, (x) => bls.msmG1(x)),
  BLS12_G2ADD: (input, { bls }) => blsRecords(input, 512, 8, false, (x) => bls.addG2(x)),
  BLS12_G2MSM: (input, { bls }) => blsRecords(input, 288, 4, true, (x) => bls.msmG2(x)),
  BLS12_PAIRING_CHECK: (input, { bls }) => blsRecords(input, 384, 6, true, (x) => bls.pairingCheck(x)),
  BLS12_MAP_FP_TO_G1: (input, { bls }) => blsRecords(input, 64, 1, false, (x) => bls.mapFPtoG1(x)),
  BLS12_MAP_FP2_TO_G2: (input, { bls }) => blsRecords(input, 128, 2, false, (x) => bls.mapFP2toG2(x)),
  P256VERIFY: p256Verify,
} satisfies Record<HostPrecompileName, Compute>

const BY_ADDRESS: ReadonlyMap<number, Compute> = new Map(
  Object.entries(COMPUTE).map(([name, compute]) => [Precompile[name as HostPrecompileName], compute]),
)

/**
 * Output of the precompiled contract at address `id` for `input`; `undefined` when the call fails. The output is the
 * caller's own.
 *
 * @param curves what computes on curves: mcl when this thread has loaded it (`initPrecompiles`), else noble
 * @throws UnknownPrecompileError when the registry does not leave `id` to the host
 */
export function hostPrecompile(id: number, input: Uint8Array, curves: Curves = activeCurves()): Uint8Array | undefined {
  const compute = BY_ADDRESS.get(id)
  if (compute === undefined) throw new UnknownPrecompileError(id)
  try {
    return compute(input, curves)
  } catch {
    return undefined // the libraries throw on points and field elements that are none
  }
}
