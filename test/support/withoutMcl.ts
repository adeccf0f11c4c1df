// A process in which mcl is broken in the way that the first argument names; prints what the curves do then.
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { Precompile } from '../../src/abi/registry.js'
import { initPrecompiles, precompileBackend } from '../../src/crypto/curves.js'
import { hostPrecompile } from '../../src/crypto/precompiles.js'

type Exports = Record<string, unknown>
interface WebAssemblyApi {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Exports } }>
}
const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
const { instantiate } = api
api.instantiate = async (bytes, imports) => {
  if (process.argv[2] === 'load') throw new Error('no WebAssembly today')
  const { instance } = await instantiate(bytes, imports)
  const trap = () => {
    throw new Error('unreachable')
  }
  return { instance: { exports: { ...instance.exports, mclBnG1_add: trap } } }
}

await initPrecompiles()
const before = precompileBackend().library
const generator = hexToBytes(`${'0'.repeat(63)}1${'0'.repeat(63)}2`)
const input = new Uint8Array([...generator, ...generator])
const sum = hostPrecompile(Precompile.BN254_ADD, input)
const invalid = hostPrecompile(Precompile.BN254_ADD, input.fill(1))
const { library, failure } = precompileBackend()
console.log(
  JSON.stringify({ before, library, failure: failure?.message, sum: bytesToHex(sum!), invalid: invalid ?? null }),
)
