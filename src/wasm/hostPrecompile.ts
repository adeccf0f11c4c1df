// The import through which the core asks its host for a precompile. The core has charged the gas and checked what decides
// it; here only the result counts.
import { hostPrecompile as compute } from '../crypto/precompiles.js'
import type { Core } from './core.js'

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
    const result = compute(address, core().read(input >>> 0, length >>> 0))
    if (result === undefined || result.length > capacity >>> 0) return -1
    core().bytes.set(result, output >>> 0)
    return result.length
  }
}
