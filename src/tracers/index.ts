// The tracers by their names.
import type { CallTrace, CallTracerConfig } from './callTracer.js'
import { CallTracer } from './callTracer.js'
import { type Eip3155Config, Eip3155Tracer } from './eip3155Tracer.js'
import { type FlatCallTrace, FlatCallTracer, type FlatCallTracerConfig } from './flatCallTracer.js'
import { type FourByteTrace, FourByteTracer } from './fourByteTracer.js'
import { type OpcodeCounts, type OpcodeGas, OpcodeTracer } from './opcodeTracers.js'
import { type PrestateDiff, type PrestateTrace, PrestateTracer, type PrestateTracerConfig } from './prestateTracer.js'
import { StructLogger, type StructLoggerConfig, type StructLogs } from './structLogger.js'
import type { MakeTracer } from './tracer.js'

/** What each tracer is configured with. */
export interface TracerConfigs {
  /** Which frames, and logs. */
  callTracer: CallTracerConfig
  /** Words of errors, precompiled contracts. */
  flatCallTracer: FlatCallTracerConfig
  /** Before only, or before and after. */
  prestateTracer: PrestateTracerConfig
  /** None. */
  '4byteTracer': Record<string, never>
  /** What of a step is told. */
  structLogger: StructLoggerConfig
  /** What of a step is told. */
  eip3155: Eip3155Config
  /** None. */
  opcodeCount: Record<string, never>
  /** None. */
  opcodeGas: Record<string, never>
}

/** What each tracer makes of a transaction. */
export interface TracerResults {
  /** The frames, the first one holding the others. */
  callTracer: CallTrace
  /** The frames one after another, as trace_transaction has them. */
  flatCallTracer: FlatCallTrace[]
  /** Accounts that the transaction looked at, or changed. */
  prestateTracer: PrestateTrace | PrestateDiff
  /** How often each selector was called with calldata of each length. */
  '4byteTracer': FourByteTrace
  /** Step by step. */
  structLogger: StructLogs
  /** Lines of JSON, one text. */
  eip3155: string
  /** How often each opcode ran. */
  opcodeCount: OpcodeCounts
  /** How often each opcode ran, and its gas. */
  opcodeGas: OpcodeGas
}

/** As go-ethereum names them; `eip3155` is its `--trace`. */
export type TracerName = keyof TracerConfigs

/** `config`: checked before. */
export function tracerOf<N extends TracerName>(name: N, config: TracerConfigs[N]): MakeTracer {
  const makers: { [K in TracerName]: (config: TracerConfigs[K]) => MakeTracer } = {
    callTracer: (config) => (context) => new CallTracer(context, config),
    flatCallTracer: (config) => (context) => new FlatCallTracer(context, config),
    prestateTracer: (config) => (context) => new PrestateTracer(context, config),
    '4byteTracer': () => () => new FourByteTracer(),
    structLogger: (config) => (context, write) => new StructLogger(context, config, write),
    eip3155: (config) => (context, write) => new Eip3155Tracer(context, config, write),
    opcodeCount: () => () => new OpcodeTracer(false),
    opcodeGas: () => () => new OpcodeTracer(true),
  }
  return makers[name](config)
}
