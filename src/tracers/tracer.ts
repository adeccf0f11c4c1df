import type { TraceEvent } from '../abi/core.generated.js'

/** What a tracer knows of the transaction besides its events. */
export interface TraceContext {
  /** Number of the hardfork's rules (assembly/abi/forks.ts). */
  readonly rules: number
  readonly blockHash: string
  readonly blockNumber: number
  readonly txHash: string
  readonly txIndex: number
  /** Logs of the block before this transaction. */
  readonly logsBefore: number
  /** The bytes and the hash of a code record. */
  code(record: number): { bytes: Buffer; hash: string }
}

/** Makes the trace of one transaction, from its events, as text in JSON. */
export interface TextTracer {
  /** WANT_*. */
  readonly wants: number
  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void
  /** What is left of the text when all events are told. */
  finish(): string
}

/** A tracer that tells of long traces while they are made. */
export type MakeTracer = (context: TraceContext, write: (text: string) => void) => TextTracer
