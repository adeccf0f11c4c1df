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
