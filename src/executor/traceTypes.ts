import type { TracerConfigs, TracerName, TracerResults } from '../tracers/shapes.js'
import type { TraceStep } from '../wasm/traceStep.js'
import type { CallOptions } from './callTypes.js'
import type { ExecuteOptions } from './options.js'

export type {
  CallTrace,
  CallTraceLog,
  CallTracerConfig,
  Eip3155Config,
  FlatCallTrace,
  FlatCallTracerConfig,
  FourByteTrace,
  OpcodeCounts,
  OpcodeGas,
  PrestateAccount,
  PrestateDiff,
  PrestateTrace,
  PrestateTracerConfig,
  StructLog,
  StructLoggerConfig,
  StructLogs,
  TracerConfigs,
  TracerName,
  TracerResults,
} from '../tracers/shapes.js'
export type { TraceStep } from '../wasm/traceStep.js'

/** What `trace`, `traceText` and `traceSteps` share: which transactions of the block, and what the block is executed with. */
export interface TraceBlockOptions
  extends Pick<ExecuteOptions, 'senders' | 'parentHeaders' | 'blockHashes' | 'blockAccessList' | 'findBlockHash'> {
  /** Indexes of the transactions that are traced, in the order in which they are given; default all. */
  transactions?: Iterable<number>
  /** Ends the tracing: the iteration throws its reason. */
  signal?: AbortSignal
}

/** Options of `BlockExecutor.trace` and `traceText`. */
export interface TraceOptions<N extends TracerName = TracerName> extends TraceBlockOptions {
  /** By go-ethereum's names; `structLogger` is what debug_traceTransaction gives without one. */
  tracer: N
  /** The tracer's own options (`tracerConfig`). */
  config?: TracerConfigs[N]
}

/** Options of `BlockExecutor.traceCall`: the block and the state that the call sees, and the tracer. */
export interface TraceCallOptions<N extends TracerName = TracerName> extends CallOptions {
  /** As of TraceOptions. */
  tracer: N
  /** The tracer's own options (`tracerConfig`). */
  config?: TracerConfigs[N]
}

/** Options of `BlockExecutor.traceSteps`. */
export interface TraceStepsOptions extends TraceBlockOptions {
  /** Called for each opcode that has run, on the thread of the caller. What it throws ends the tracing. */
  onStep(step: TraceStep, transaction: number): void
}

/** The trace of one transaction. */
export interface TransactionTrace<N extends TracerName = TracerName> {
  /** Index in the block. */
  index: number
  /** Hash of the transaction, 0x and 64 digits. */
  hash: string
  /** As the tracer gives it. */
  result: TracerResults[N]
}

/** A part of the text of a transaction's trace. */
export interface TraceText {
  /** The transaction's, in the block. */
  index: number
  /** keccak-256 of the transaction, 32 bytes of 0x hex. */
  hash: string
  /** JSON; of `eip3155` lines of JSON. Parts of one transaction put together are its trace. */
  text: string
  /** Whether it is the transaction's last part. */
  last: boolean
}
