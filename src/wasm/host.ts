// The part of the WebAssembly JavaScript API this package uses. Declared here because neither `lib.es2024` nor
// @types/node 20 has it and the DOM library would bring a browser's globals into a package that runs in Node too.

/** A shared linear memory. It has its size from the start (decision 12), so that views of `buffer` stay right. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer
}

/** A compiled module; can be posted to a worker. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: string
}

export type WasmImports = Record<string, Record<string, unknown>>

interface WasmApi {
  validate(bytes: Uint8Array): boolean
  Module: new (bytes: Uint8Array) => WasmModule
  Instance: new (module: WasmModule, imports: WasmImports) => { readonly exports: Record<string, unknown> }
  Memory: new (descriptor: { initial: number; maximum: number; shared: boolean }) => WasmMemory
}

/** `undefined` on a host without WebAssembly. */
export const wasmApi = (globalThis as { WebAssembly?: WasmApi }).WebAssembly

/** True where the calling thread must not block in Atomics.wait: the main thread of a browser. */
export function isBrowserMainThread(): boolean {
  return 'window' in globalThis && 'document' in globalThis
}
