// The core's imports for precompiled contracts of a chain's own (assembly/evm/customPrecompiles.ts).
import { gasOf, type OwnPrecompile, outputOf } from '../setup/precompiles.js'
import type { WasmImports, WasmMemory } from './host.js'

const FAILED = -1
/** Less the length of what is said of it. */
const THREW = -2
/** Bytes: nobody reads more of a message. */
const LONGEST = 2000
const NOTHING: Uint8Array = new Uint8Array(0)

/** A thread's precompiled contracts as its instances of the core call them, by their place in the list. */
export function precompileImports(memory: WasmMemory, contracts: readonly OwnPrecompile[]): WasmImports {
  const bytes = new Uint8Array(memory.buffer)
  let output: Uint8Array = NOTHING
  // Invariant: they throw nothing through the core, whose callers would not know what it had begun.
  const threw = (error: unknown): number => {
    output = new TextEncoder().encode((error as Error).message).subarray(0, LONGEST)
    return THREW - output.length
  }
  // Bytes of the contract's own: shared memory cannot be handed to most functions, and changes.
  const called = <T>(
    index: number,
    at: number,
    length: number,
    call: (own: OwnPrecompile, input: Uint8Array) => T,
  ): T => call(contracts[index] as OwnPrecompile, bytes.slice(at >>> 0, (at >>> 0) + (length >>> 0)))
  return {
    env: {
      precompileGas(index: number, at: number, length: number): bigint {
        try {
          return called(index, at, length, gasOf)
        } catch (error) {
          return BigInt(threw(error))
        }
      },
      precompileRun(index: number, at: number, length: number): number {
        try {
          const given = called(index, at, length, outputOf)
          output = given ?? NOTHING
          return given === undefined ? FAILED : given.length
        } catch (error) {
          return threw(error)
        }
      },
      precompileOutput(out: number): void {
        bytes.set(output, out >>> 0)
        output = NOTHING
      },
    },
  }
}
