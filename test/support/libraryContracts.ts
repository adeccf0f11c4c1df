// The precompiled contracts on BLS12-381 by the libraries that the engine `ethereumjs` has: what the core is compared with.
import { sha256 } from '@noble/hashes/sha2.js'
import { Precompile } from '../../src/abi/registry.js'
import { isZero, toBytes } from '../../src/bytes.js'
import { activeCurves, type Curves } from '../../src/crypto/curves.js'

/** Field elements in a blob and the order of the scalar field (EIP-4844). */
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
  return curves.verifyPointEvaluation(commitment, z, y, proof) ? POINT_EVALUATION_OUTPUT.slice() : undefined
}

/** Runs an operation on records of `size` bytes whose field elements, 64 bytes each, start with 16 zero bytes. */
function records(
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

const COMPUTE: Readonly<Record<number, Compute>> = {
  [Precompile.KZG_POINT_EVALUATION]: pointEvaluation,
  [Precompile.BLS12_G1ADD]: (input, { bls }) => records(input, 256, 4, false, (x) => bls.addG1(x)),
  [Precompile.BLS12_G1MSM]: (input, { bls }) => records(input, 160, 2, true, (x) => bls.msmG1(x)),
  [Precompile.BLS12_G2ADD]: (input, { bls }) => records(input, 512, 8, false, (x) => bls.addG2(x)),
  [Precompile.BLS12_G2MSM]: (input, { bls }) => records(input, 288, 4, true, (x) => bls.msmG2(x)),
  [Precompile.BLS12_PAIRING_CHECK]: (input, { bls }) => records(input, 384, 6, true, (x) => bls.pairingCheck(x)),
  [Precompile.BLS12_MAP_FP_TO_G1]: (input, { bls }) => records(input, 64, 1, false, (x) => bls.mapFPtoG1(x)),
  [Precompile.BLS12_MAP_FP2_TO_G2]: (input, { bls }) => records(input, 128, 2, false, (x) => bls.mapFP2toG2(x)),
}

/** What the contract at an address (0x0a to 0x11) answers, `undefined` when the call fails. The output is the caller's own. */
export function libraryContract(
  id: number,
  input: Uint8Array,
  curves: Curves = activeCurves(),
): Uint8Array | undefined {
  const compute = COMPUTE[id]
  if (compute === undefined) throw new Error(`0x${id.toString(16)} is no contract on BLS12-381`)
  try {
    return compute(input, curves)
  } catch {
    return undefined // the libraries throw on points and field elements that are none
  }
}
