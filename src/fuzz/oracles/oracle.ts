// Somebody else who executes a block: what the fuzzer compares with.
import type { ParallevmError } from '../../errors.js'
import type { Comparable } from '../../executor/compare.js'
import type { PlainState } from '../../spectests/plainState.js'
import type { StateDiff } from '../../types.js'
import type { FuzzBlock } from '../blocks.js'

export const ORACLE_NAMES = ['ethereumjs', 'eels', 'geth'] as const
export type OracleName = (typeof ORACLE_NAMES)[number]

export interface OracleLog {
  address: Uint8Array
  topics: readonly Uint8Array[]
  data: Uint8Array
}

/** Fields that one side does not know are absent. */
export interface OracleReceipt {
  status?: 0 | 1
  /** State root after the transaction; before Byzantium. */
  stateRoot?: Uint8Array
  cumulativeGasUsed: bigint
  logsBloom: Uint8Array
  logs: readonly OracleLog[]
}

/** The block was accepted. Fields that one side does not know are absent. */
export interface Outcome {
  kind: 'outcome'
  receipts: readonly OracleReceipt[]
  gasUsed: bigint
  logsBloom: Uint8Array
  receiptsRoot?: Uint8Array
  stateRoot?: Uint8Array
  /** EIP-7685, those without data left out. */
  requests?: readonly Uint8Array[]
  /** RLP of the block's access list (EIP-7928). */
  accessList?: Uint8Array
  /** The state after the block: as what changed, or whole. */
  change: { diff: StateDiff } | { state: PlainState }
  /** Of a side whose results have the executor's form: compared to the letter with another such side. */
  exact?: Comparable
}

/** The block must not be. */
export interface Refused {
  kind: 'refused'
  /** Index of the first transaction that must not be in the block; absent when it is another rule. */
  transaction?: number
  reason: string
  /** Of a side that names the rule by a typed error. */
  error?: ParallevmError
}

/** The oracle itself failed on this block: says nothing about it. */
export interface Crash {
  kind: 'crash'
  reason: string
}

export type Answer = Outcome | Refused | Crash

/** Who says what comes of a block. */
export interface Judge {
  readonly name: string
  /** Does not change the state. @throws OracleFailedError when it cannot be asked any more */
  run(state: PlainState, block: FuzzBlock): Promise<Answer>
}

export interface Oracle extends Judge {
  readonly name: OracleName
  /** For a person: the version, and where it was found. */
  readonly description: string
  /** @param fork as the tests name it */
  knows(fork: string): boolean
  close(): Promise<void>
}
