import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type WasmMemory, wasmApi } from '../../src/wasm/host.js'
import { waitImport } from '../../src/wasm/waitImport.js'

/**
 * Compiles an AssemblyScript entry file that only tests and benches use (with the product's own options) and instantiates
 * it over a fresh shared memory. `T` describes its exports.
 */
export function testModule<T>(entry: string): { exports: T; memory: WasmMemory } {
  if (wasmApi === undefined) throw new Error('this host has no WebAssembly')
  const asc = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin', 'asc.js')
  const outFile = join('build', `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.wasm`)
  const partial = `${outFile}.${process.pid}`
  mkdirSync('build', { recursive: true })
  const options = [
    '--config',
    'asconfig.json',
    '--target',
    'release',
    '--outFile',
    partial,
    '--textFile',
    `${partial}.wat`,
  ]
  execFileSync(process.execPath, [asc, entry, ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
  renameSync(partial, outFile)
  renameSync(`${partial}.wat`, outFile.replace(/wasm$/, 'wat'))
  const memory = new wasmApi.Memory({ initial: 64, maximum: 64, shared: true })
  const module = new wasmApi.Module(readFileSync(outFile))
  return {
    exports: new wasmApi.Instance(module, { env: { memory, wait: waitImport(memory) } }).exports as unknown as T,
    memory,
  }
}
