import type { OwnPrecompile } from '../setup/precompiles.js'
import type { WasmImports, WasmMemory } from './host.js'
import { precompileImports } from './precompilePort.js'
import type { RowPort } from './rowPort.js'

/** All that the core asks of a thread's host. */
export function threadImports(memory: WasmMemory, rows: RowPort, precompiles: readonly OwnPrecompile[]): WasmImports {
  return { env: { ...rows.imports.env, ...precompileImports(memory, precompiles).env } }
}
