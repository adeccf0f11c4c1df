import type { Rules } from './core.generated.js'

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
  /** The byte behind it for which `pops` and `pushes` hold, where it has one (EIP-8024). */
  readonly immediate?: number
}

export interface PrecompileRow {
  readonly address: number
  /** As EIP-7910 names it. */
  readonly name: string
  readonly since: Rules
  /** The core has a formula for its price, which depends on more than the length of the input. */
  readonly formula: boolean
  /** Inputs on which it succeeds, hex, where they are rare. */
  readonly samples: readonly string[]
}

export interface ForkRow {
  /** As the official tests name it. */
  readonly test: string
  /** As @ethereumjs/common names it. */
  readonly hardfork: string
  readonly rules: Rules
  readonly kind: 'rules' | 'bomb' | 'once' | 'blobs'
}

/** The parameters of a hardfork whose numbers are still being moved. */
export interface RuleSetRow {
  /** As @ethereumjs/common names it; for one that it does not have, see `eips`. */
  readonly hardfork: string
  /** Beyond those of the fork before, of a hardfork that @ethereumjs/common does not have. */
  readonly eips?: readonly number[]
  /** As assembly/abi/ruleSet.ts orders them. */
  readonly params: readonly number[]
}
