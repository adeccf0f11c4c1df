// What the EVM has, as data: opcodes, precompiled contracts and forks (assembly/abi/registry).
import type { Rules } from './core.generated.js'
import type { OpcodeRow } from './registryRows.js'

export type { PrecompileName } from './registry.generated.js'
export { FORKS, OPCODES, Op, PRECOMPILES, Precompile, RULE_SETS } from './registry.generated.js'
export type { ForkRow, OpcodeRow, PrecompileRow, RuleSetRow } from './registryRows.js'

/** What an opcode costs at least under the given rules. */
export function baseGas({ gas }: OpcodeRow, rules: Rules): number {
  return gas.findLast(([since]) => since <= rules)?.[1] ?? 0
}
