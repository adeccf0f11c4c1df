import type { TraceContext } from '../tracers/tracer.js'
import type { TracerConfigs, TracerName } from '../tracers/index.js'
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
  /** Words FLOW_*: of this worker. */
  flow: SharedArrayBuffer
}

/** i32: characters that the executor's thread has passed on; 1: give up. */
export const FLOW_TAKEN = 0
export const FLOW_ABORT = 1
export const FLOW_SIZE = 8

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

/** The worker is an executor of blocks again. */
export interface TraceOver {
  kind: 'traceOver'
  worker: number
}
