// What tracing takes: checked once, when it is asked for (see src/door).
import { flag, integer, oneOf, that } from '../door/choices.js'
import { list, optional, type Parsed, record } from '../door/compounds.js'
import { check, type Shape } from '../door/shape.js'
import type { TracerConfigs, TracerName } from '../tracers/shapes.js'
import type { FindBlockHash } from './blockHashes.js'
import { CALL_OPTION_FIELDS, type CheckedCallOptions } from './callShapes.js'
import { InvalidOptionsError, invalidOptions } from './errors.js'
import { BLOCK_FIELDS } from './optionShapes.js'
import type { TraceBlockOptions, TraceCallOptions, TraceOptions, TraceStepsOptions } from './traceTypes.js'

const TRACE_BLOCK_FIELDS = {
  ...BLOCK_FIELDS,
  findBlockHash: optional(that('a function', (value): value is FindBlockHash => typeof value === 'function')),
  transactions: optional(list('indexes of transactions', integer(0, 0xffff_ffff))),
  signal: optional(that('an AbortSignal', (value): value is AbortSignal => value instanceof AbortSignal)),
} satisfies Record<keyof TraceBlockOptions, Shape<unknown>>

const CONFIGS = {
  callTracer: { onlyTopCall: optional(flag), withLog: optional(flag) },
  flatCallTracer: { convertParityErrors: optional(flag), includePrecompiles: optional(flag) },
  prestateTracer: {
    diffMode: optional(flag),
    disableCode: optional(flag),
    disableStorage: optional(flag),
    includeEmpty: optional(flag),
  },
  '4byteTracer': {},
  structLogger: {
    enableMemory: optional(flag),
    disableStack: optional(flag),
    disableStorage: optional(flag),
    enableReturnData: optional(flag),
  },
  eip3155: { enableMemory: optional(flag), disableStack: optional(flag), enableReturnData: optional(flag) },
  opcodeCount: {},
  opcodeGas: {},
} as const satisfies { [N in TracerName]: Record<keyof TracerConfigs[N], Shape<unknown>> }

/** Names of the tracers. */
export const TRACER_NAMES = Object.keys(CONFIGS) as TracerName[]

const TRACER_FIELDS = {
  tracer: oneOf<TracerName>(...TRACER_NAMES),
  config: optional(that('an object', (value): value is object => typeof value === 'object' && value !== null)),
}

const TRACE_CALL_FIELDS = { ...CALL_OPTION_FIELDS, ...TRACER_FIELDS } satisfies Record<
  keyof TraceCallOptions,
  Shape<unknown>
>

const TRACE_FIELDS = { ...TRACE_BLOCK_FIELDS, ...TRACER_FIELDS } satisfies Record<keyof TraceOptions, Shape<unknown>>

const TRACE_STEPS_FIELDS = {
  ...TRACE_BLOCK_FIELDS,
  onStep: that('a function', (value): value is TraceStepsOptions['onStep'] => typeof value === 'function'),
} satisfies Record<keyof TraceStepsOptions, Shape<unknown>>

const OPTIONS = record('an object with the options of a trace', 'option', TRACE_FIELDS)
const CALL_OPTIONS = record('an object with the options of a trace', 'option', TRACE_CALL_FIELDS)
const STEPS_OPTIONS = record('an object with the options of a trace', 'option', TRACE_STEPS_FIELDS)

export type CheckedTraceBlock = Parsed<typeof TRACE_BLOCK_FIELDS>
export type CheckedTraceSteps = Parsed<typeof TRACE_STEPS_FIELDS>
export interface CheckedTraceCall extends CheckedCallOptions {
  tracer: TracerName
  config: TracerConfigs[TracerName]
}
export interface CheckedTrace extends CheckedTraceBlock {
  tracer: TracerName
  config: TracerConfigs[TracerName]
}

/** @throws InvalidOptionsError */
export function checkTrace(options: unknown): CheckedTrace {
  const { config, ...rest } = check(OPTIONS, options, 'options', invalidOptions)
  return { ...rest, config: configOf(rest.tracer, config) }
}

/** @throws InvalidOptionsError */
export function checkTraceCall(options: unknown): CheckedTraceCall {
  const { config, ...rest } = check(CALL_OPTIONS, options, 'options', invalidOptions)
  return { ...rest, config: configOf(rest.tracer, config) }
}

function configOf(tracer: TracerName, config: object = {}): TracerConfigs[TracerName] {
  const fields: Record<string, Shape<unknown>> = CONFIGS[tracer]
  const shape = record(`an object with the options of ${tracer}`, 'option', fields)
  const checked = check(shape, config, 'options.config', invalidOptions) as TracerConfigs['prestateTracer']
  if (tracer === 'prestateTracer' && checked.diffMode && checked.includeEmpty) {
    throw new InvalidOptionsError('options.config.includeEmpty', 'makes no sense with diffMode')
  }
  return checked
}

/** @throws InvalidOptionsError */
export function checkTraceSteps(options: unknown): CheckedTraceSteps {
  return check(STEPS_OPTIONS, options, 'options', invalidOptions)
}
