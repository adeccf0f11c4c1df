// What the EVM has, as data: opcodes, precompiled contracts and forks (assembly/abi/registry).
import type { Rules } from './core.generated.js'

export { FORKS, OPCODES, PRECOMPILES } from './registry.generated.js'

export interface OpcodeRow {
  readonly code: number
  /** As geth's traces have it. */
  readonly name: string
  /** Words taken from the stack, or needed on it (DUP, SWAP). */
  readonly pops: number
  readonly pushes: number
  /** Base gas from the given rules on, oldest first. */
  readonly gas: readonly (readonly [since: Rules, gas: number])[]
  readonly since: Rules
}

export interface PrecompileRow {
  readonly address: number
  /** As EIP-7910 names it. */
  readonly name: string
  readonly since: Rules
  /** Who computes it. */
  readonly by: 'core' | 'host' | 'both'
}

export interface ForkRow {
  /** As the official tests name it. */
  readonly test: string
  /** As @ethereumjs/common names it. */
  readonly hardfork: string
  readonly rules: Rules
  readonly kind: 'rules' | 'bomb' | 'once' | 'blobs'
}

/** What an opcode costs at least under the given rules. */
export function baseGas({ gas }: OpcodeRow, rules: Rules): number {
  return gas.findLast(([since]) => since <= rules)?.[1] ?? 0
}
