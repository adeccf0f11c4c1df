import { fillBytes } from './bulk'
import { CONTROL_END, CONTROL_MEM } from './layout'

/** Of a memory that no thread uses any more: with its control block zero, all chunks are free again. */
export function freeMemory(): void {
  fillBytes(CONTROL_MEM, 0, CONTROL_END - CONTROL_MEM)
}
