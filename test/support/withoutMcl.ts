// A process in which mcl is broken in the way that the first argument names; prints what the curves do then.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { Precompile } from '../../src/abi/registry.js'
import { toBytes } from '../../src/bytes.js'
import { curvesLibrary, loadCurves } from '../../src/crypto/curves.js'
import { libraryContract } from './libraryContracts.js'

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

await loadCurves()
const before = curvesLibrary().library
const { x, y } = bls12_381.G1.Point.BASE.toAffine()
const generator = concatBytes(toBytes(x, 64), toBytes(y, 64))
const input = concatBytes(generator, generator)
const sum = libraryContract(Precompile.BLS12_G1ADD, input)
const invalid = libraryContract(Precompile.BLS12_G1ADD, concatBytes(generator, toBytes(1n, 128)))
const { library, failure } = curvesLibrary()
console.log(
  JSON.stringify({ before, library, failure: failure?.message, sum: bytesToHex(sum!), invalid: invalid ?? null }),
)
