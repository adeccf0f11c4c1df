import { fillBytes } from './bulk'
import { CONTROL_END, CONTROL_MEM } from './layout'

/**
 * Makes a memory that no thread uses any more as good as new: with its control block zero, all chunks are free again.
 */
export function resetMemory(): void {
  fillBytes(CONTROL_MEM, 0, CONTROL_END - CONTROL_MEM)
}
