// What the EVM has, as data: opcodes, precompiled contracts and forks (assembly/abi/registry).
import type { Rules } from './core.generated.js'

import { OPCODES } from './registry.generated.js'
import type { OpcodeRow } from './registryRows.js'

export type { HostPrecompileName, PrecompileName } from './registry.generated.js'
export { FORKS, OPCODES, PRECOMPILES, Precompile } from './registry.generated.js'
export type { ForkRow, OpcodeRow, PrecompileRow } from './registryRows.js'

/** What an opcode costs at least under the given rules. */
export function baseGas({ gas }: OpcodeRow, rules: Rules): number {
  return gas.findLast(([since]) => since <= rules)?.[1] ?? 0
}

const CODES: ReadonlyMap<string, number> = new Map(OPCODES.map(({ name, code }) => [name, code]))

/** The byte of an opcode. @throws Error when there is none of that name */
export function opcode(name: string): number {
  const code = CODES.get(name)
  if (code === undefined) throw new Error(`there is no opcode ${name} in the registry`)
  return code
}
