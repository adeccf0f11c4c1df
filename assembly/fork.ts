import { OSAKA } from './abi/forks'

// The fork whose rules the running block has (abi/forks.ts).

/** Of this thread's instance: every thread sets it when a block begins. */
export let fork: u32 = OSAKA

/** SELFDESTRUCT burns nothing (EIP-8246). Of this thread's instance, like `fork`. */
export let keepsBalance: bool = false

export function setKeepsBalance(value: bool): void {
  keepsBalance = value
}

export function setFork(value: u32): void {
  fork = value
}
