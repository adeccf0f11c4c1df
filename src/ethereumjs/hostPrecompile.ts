// The precompiles that the core leaves to its host, computed by the libraries behind @ethereumjs/evm. The core has charged
// the gas and checked what decides it; here only the result counts.
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { getActivePrecompiles, NobleBLS, NobleBN254, type PrecompileFunc, paramsEVM } from '@ethereumjs/evm'
import { bytesToHex, computeVersionedHash } from '@ethereumjs/util'
import { verifyPointEvaluation } from '../crypto/pointEvaluation.js'
import type { Core } from '../wasm/core.js'

/** Result bytes, or undefined when the input is not valid. */
type Precompile = (input: Uint8Array) => Uint8Array | undefined

/** The import `env.hostPrecompile` of the core. */
export type HostPrecompile = (
  address: number,
  input: number,
  length: number,
  output: number,
  capacity: number,
) => number

/**
 * The import for one instance. `core` is asked when a precompile is called, because the instance needs the import before
 * there is a core.
 */
export function hostPrecompile(core: () => Core): HostPrecompile {
  return (address, input, length, output, capacity) => {
    const run = PRECOMPILES.get(address)
    const result = run?.(core().read(input >>> 0, length >>> 0))
    if (result === undefined || result.length > capacity >>> 0) return -1
    core().bytes.set(result, output >>> 0)
    return result.length
  }
}

const UNLIMITED_GAS = 1n << 255n
const bls = new NobleBLS()
const bn254 = new NobleBN254()

/** One of the functions of @ethereumjs/evm that answer at once. The bounds on MODEXP (EIP-7823) are checked by the core. */
function synchronous(address: number): Precompile {
  const common = new Common({ chain: Mainnet, hardfork: address === 0x100 ? Hardfork.Osaka : Hardfork.Prague })
  common.updateParams(paramsEVM)
  const key = address.toString(16).padStart(40, '0')
  const run = getActivePrecompiles(common).get(key) as PrecompileFunc
  const machine = { _bn254: bn254 } as unknown as Parameters<PrecompileFunc>[0]['_EVM']
  return (data) => {
    const result = run({ data, gasLimit: UNLIMITED_GAS, common, _EVM: machine })
    if (result instanceof Promise)
      throw new TypeError(`precompile 0x${address.toString(16)} of @ethereumjs/evm is asynchronous`)
    return result.exceptionError === undefined ? result.returnValue : undefined
  }
}

/**
 * A BLS12-381 operation over items of `size` bytes (EIP-2537). Field elements are 64 bytes that start with 16 zero bytes;
 * `fields`: where they begin in an item.
 */
function overBls(
  size: number,
  many: boolean,
  fields: readonly number[],
  run: (input: Uint8Array) => Uint8Array,
): Precompile {
  return (input) => {
    if (many ? input.length === 0 || input.length % size !== 0 : input.length !== size) return undefined
    for (let item = 0; item < input.length; item += size) {
      for (const field of fields) {
        for (let i = 0; i < 16; i++) if (input[item + field + i] !== 0) return undefined
      }
    }
    try {
      return run(input)
    } catch {
      return undefined
    }
  }
}

const POINT_EVALUATION_RESULT = (() => {
  // FIELD_ELEMENTS_PER_BLOB and the modulus of the scalar field, 32 bytes each (EIP-4844).
  const hex = `${(4096).toString(16).padStart(64, '0')}73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001`
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
})()

/** Versioned hash, z, y, commitment, proof (EIP-4844). */
function pointEvaluation(input: Uint8Array): Uint8Array | undefined {
  if (input.length !== 192) return undefined
  const commitment = input.subarray(96, 144)
  if (computeVersionedHash(bytesToHex(commitment), 1) !== bytesToHex(input.subarray(0, 32))) return undefined
  try {
    const valid = verifyPointEvaluation(commitment, input.subarray(32, 64), input.subarray(64, 96), input.subarray(144))
    return valid ? POINT_EVALUATION_RESULT : undefined
  } catch {
    return undefined // no point of the curve, or no element of the field
  }
}

const PRECOMPILES = new Map<number, Precompile>([
  ...[0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x08, 0x09, 0x100].map((id): [number, Precompile] => [id, synchronous(id)]),
  [0x0a, pointEvaluation],
  [0x0b, overBls(256, false, [0, 64, 128, 192], (input) => bls.addG1(input))],
  [0x0c, overBls(160, true, [0, 64], (input) => bls.msmG1(input))],
  [0x0d, overBls(512, false, [0, 64, 128, 192, 256, 320, 384, 448], (input) => bls.addG2(input))],
  [0x0e, overBls(288, true, [0, 64, 128, 192], (input) => bls.msmG2(input))],
  [0x0f, overBls(384, true, [0, 64, 128, 192, 256, 320], (input) => bls.pairingCheck(input))],
  [0x10, overBls(64, false, [0], (input) => bls.mapFPtoG1(input))],
  [0x11, overBls(128, false, [0, 64], (input) => bls.mapFP2toG2(input))],
])
