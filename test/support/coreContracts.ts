// Contracts on curves by the core itself, without an EVM around them.
import { BLS12381_OUTPUT, BLS12381_WORK, P256_WORK } from '../../src/abi/core.generated.js'
import { Precompile } from '../../src/abi/registry.js'
import { toBytes } from '../../src/bytes.js'
import { defaultCore } from '../../src/wasm/core.js'

/** What the contract at an address (0x0a to 0x11, 0x100) answers, `undefined` when the call fails. */
export function coreContract(id: number, input: Uint8Array): Uint8Array | undefined {
  const core = defaultCore()
  const work = core.transfer.reserve(BLS12381_WORK + P256_WORK + BLS12381_OUTPUT + input.length)
  const out = work + BLS12381_WORK + P256_WORK
  const at = out + BLS12381_OUTPUT
  core.bytes.set(input, at)
  if (id === Precompile.P256VERIFY) {
    const valid = input.length === 160 && core.exports.p256Verify(at, work)
    return valid ? toBytes(1n, 32) : new Uint8Array(0)
  }
  const written = core.exports.bls12381(id, at, input.length, out, work)
  return written < 0 ? undefined : core.read(out, written)
}
