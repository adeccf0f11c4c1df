import type { TracerConfigs, TracerName } from '../tracers/shapes.js'
import type { TraceContext } from '../tracers/tracer.js'
import type { MissingValue } from '../wasm/blockCore.js'
import type { WasmModule } from '../wasm/host.js'
import type { WorkerFailure } from './report.js'

// What passes between the executor's thread and workers that trace transactions of a block that has been executed.

/** Begins: the block whose transactions are asked for next. */
export interface TraceBegin {
  kind: 'traceBegin'
  module: WasmModule
  /** Pointer to the block's request. */
  request: number
  tracer: TracerName
  config: TracerConfigs[TracerName]
  /** What all transactions of the block have in common. */
  block: Pick<TraceContext, 'rules' | 'blockHash' | 'blockNumber'>
  /** Values that are missing can be fetched. */
  fetches: boolean
  /** Words FLOW_*: of this worker. */
  flow: SharedArrayBuffer
}

/** i32 each: characters that the executor's thread has passed on; 1: give up; values that it has fetched. */
export const FLOW_TAKEN = 0
export const FLOW_ABORT = 1
export const FLOW_FETCHED = 2
export const FLOW_SIZE = 12

/** Trace this transaction. */
export interface TraceNext {
  kind: 'traceNext'
  index: number
  txHash: string
  logsBefore: number
}

/** No more of them; answered with TraceOver. */
export interface TraceStop {
  kind: 'traceStop'
}

export type TraceTask = TraceBegin | TraceNext | TraceStop

/** A part of the text of a transaction's trace; `last` with the end, or why there is none. */
export interface TraceMessage {
  kind: 'trace'
  worker: number
  index: number
  text: string
  last: boolean
  failure?: WorkerFailure
}

/** The transaction cannot be traced without this value: the worker waits until FLOW_FETCHED changes. */
export interface TraceMissing {
  kind: 'traceMissing'
  worker: number
  missing: MissingValue
}

/** What a worker tells while it traces. */
export type TraceReply = TraceMessage | TraceMissing | TraceOver

/** The worker is an executor of blocks again. */
export interface TraceOver {
  kind: 'traceOver'
  worker: number
}
