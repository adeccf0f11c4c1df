// The contracts on BN254 (EIP-196, 197) in WebAssembly, for any thread: every call uses the calling thread's own instance.

import type { EVMBN254Interface } from '@ethereumjs/evm'
import { BN254_OUTPUT, BN254_WORK } from '../abi/core.generated.js'
import { Precompile } from '../abi/registry.js'
import { type Core, defaultCore } from './core.js'

/**
 * What the contract at address `id` (6, 7 or 8) returns, `undefined` when the call fails.
 * @throws OutOfSpaceError when the input does not fit into the memory
 */
export function bn254Contract(id: number, input: Uint8Array, core: Core = defaultCore()): Uint8Array | undefined {
  const work = core.transfer.reserve(BN254_WORK + BN254_OUTPUT + input.length)
  const out = work + BN254_WORK
  const at = out + BN254_OUTPUT
  core.bytes.set(input, at)
  const written = core.exports.bn254(id, at, input.length, out, work)
  return written < 0 ? undefined : core.read(out, written)
}

/** The same for the engine of @ethereumjs. Every method throws on what is no point of its group. */
export class CoreBn254 implements EVMBN254Interface {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  #compute(id: number, input: Uint8Array): Uint8Array {
    const output = bn254Contract(id, input, this.#core)
    if (output === undefined) throw new RangeError('not a point of the group')
    return output
  }

  add(input: Uint8Array): Uint8Array {
    return this.#compute(Precompile.BN254_ADD, input)
  }

  mul(input: Uint8Array): Uint8Array {
    return this.#compute(Precompile.BN254_MUL, input)
  }

  pairing(input: Uint8Array): Uint8Array {
    return this.#compute(Precompile.BN254_PAIRING, input)
  }
}
