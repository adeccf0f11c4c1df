// Shapes only.
import type { BlockHeader } from '@ethereumjs/block'
import type { PlainState } from '../spectests/plainState.js'
import type { BlockResult } from '../types.js'
import type { Environment } from './inputs.js'
import type { TransactionItem } from './transactions.js'

/** What was executed, and how it came out. */
export interface Transition {
  env: Environment
  /** Before execution: what executing gives is not filled in. */
  header: BlockHeader
  /** The transactions of the block. */
  included: readonly TransactionItem[]
  /** Why the others are not in it, by their index among all. */
  rejected: ReadonlyMap<number, string>
  result: BlockResult
  /** After the block. */
  state: PlainState
}
