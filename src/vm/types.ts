import type { RunBlockResult as LibraryResult } from '@ethereumjs/vm'
import type { BlockStats } from '../types.js'

/** Who ran a block. */
export type Ran =
  | {
      /** The executor of this package. */
      engine: 'parallevm'
      /** How it did it. */
      stats: BlockStats
    }
  | {
      /** `runBlock` of @ethereumjs/vm. */
      engine: 'ethereumjs'
      /** Why it was not the executor. */
      fallback: string
    }

/** The result of `runBlock` of @ethereumjs/vm, and who ran the block. */
export interface RunBlockResult extends LibraryResult {
  /** What no block of @ethereumjs/vm has. */
  parallevm: Ran
}
