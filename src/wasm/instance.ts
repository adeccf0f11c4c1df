// The one place that compiles and instantiates the core. One module, one shared memory, one instance per thread.

import { MAX_PAGES, PAGE_SIZE } from '../abi/core.generated.js'
import type { Exports } from '../abi/exports.js'
import { ParallevmError } from '../errors.js'
import { isBrowserMainThread, type WasmImports, type WasmMemory, type WasmModule, wasmApi } from './host.js'
import { wasmBase64 } from './module.generated.js'
import { waitImport } from './waitImport.js'

/** As declared by the module (asconfig.json, initialMemory). */
const INITIAL_PAGES = 16

/** The host lacks something without which the core cannot run. `missing` names it. */
export class UnsupportedHostError extends ParallevmError {
  /** Names of the features. */
  readonly missing: readonly string[]
  constructor(missing: readonly string[]) {
    super(
      'UNSUPPORTED_HOST',
      `this host lacks ${missing.join(', ')}: use Node 20 or later, or a browser page that is cross-origin isolated (COOP/COEP headers)`,
    )
    this.missing = missing
  }
}

/** `maxBytes` is not a size that a linear memory can have. */
export class InvalidMemorySizeError extends ParallevmError {
  constructor(maxBytes: number) {
    super(
      'INVALID_MEMORY_SIZE',
      `maxBytes is ${maxBytes}: give a number of bytes from ${INITIAL_PAGES * PAGE_SIZE} to ${MAX_PAGES * PAGE_SIZE}`,
    )
  }
}

/** The system does not let a shared memory of this size be reserved. */
export class MemoryRefusedError extends ParallevmError {
  constructor(maxBytes: number, options?: ErrorOptions) {
    super(
      'MEMORY_REFUSED',
      `the system refuses to reserve ${maxBytes} bytes of shared memory: give a smaller maxMemory, or allow this process more address space (ulimit -v, vm.overcommit_memory)`,
      options,
    )
  }
}

// The smallest modules that use an atomic load on a shared memory, and a SIMD splat.
const THREADS_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 11, 1, 9, 0, 65, 0, 254, 16, 2, 0,
  26, 11,
]
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]

/** What the core needs and `globalThis` does not offer; empty on a supported host. */
export function missingFeatures(): string[] {
  const missing: string[] = []
  if (wasmApi === undefined) return ['WebAssembly']
  if (typeof SharedArrayBuffer === 'undefined') missing.push('SharedArrayBuffer')
  else if (!wasmApi.validate(Uint8Array.from(THREADS_PROBE))) missing.push('WebAssembly threads')
  if (!wasmApi.validate(Uint8Array.from(SIMD_PROBE))) missing.push('WebAssembly SIMD')
  return missing
}

function requireHost(): NonNullable<typeof wasmApi> {
  const missing = missingFeatures()
  if (wasmApi === undefined || missing.length > 0) throw new UnsupportedHostError(missing)
  return wasmApi
}

/**
 * A fresh shared memory of `maxBytes` (default 4 GiB), all of it from the start and never grown: decision 12
 * (docs/adr/0012-whole-memory.md). What is not used costs address space only.
 * @throws UnsupportedHostError, InvalidMemorySizeError, MemoryRefusedError
 */
export function createMemory(options: { maxBytes?: number } = {}): WasmMemory {
  const api = requireHost()
  const maxBytes = options.maxBytes ?? MAX_PAGES * PAGE_SIZE
  const maximum = Math.floor(maxBytes / PAGE_SIZE)
  if (!(maximum >= INITIAL_PAGES && maximum <= MAX_PAGES)) throw new InvalidMemorySizeError(maxBytes)
  try {
    return new api.Memory({ initial: maximum, maximum, shared: true })
  } catch (cause) {
    throw new MemoryRefusedError(maxBytes, { cause })
  }
}

let compiled: WasmModule | undefined

/** The compiled core, compiled once per thread; post it to workers rather than compiling there again. */
export function compile(): WasmModule {
  compiled ??= compileBase64(wasmBase64)
  return compiled
}

/** Compiles a module. @throws UnsupportedHostError */
export function compileBase64(base64: string): WasmModule {
  const api = requireHost()
  return new api.Module(decodeBase64(base64))
}

/** Without a state store, or without precompiled contracts of the chain's own, nothing asks for them. */
const NOTHING_ASKED = {
  readRow: () => -2,
  precompileGas: () => -2n,
  precompileRun: () => -2,
  precompileOutput: () => {},
}

/** One instance of the core on the given memory: one per thread, because its globals are the thread's own. */
export function instantiate(module: WasmModule, memory: WasmMemory, imports: WasmImports = {}): Exports {
  const api = requireHost()
  const instance = new api.Instance(module, {
    ...imports,
    env: { ...NOTHING_ASKED, ...imports.env, memory, wait: waitImport(memory) },
  })
  const exports = instance.exports as unknown as Exports
  exports.setMayWait(!isBrowserMainThread())
  return exports
}

function decodeBase64(text: string): Uint8Array {
  if (typeof Buffer !== 'undefined') return new Uint8Array(Buffer.from(text, 'base64'))
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
