// The tracers by their names.
import { CallTracer } from './callTracer.js'
import { Eip3155Tracer } from './eip3155Tracer.js'
import { FlatCallTracer } from './flatCallTracer.js'
import { FourByteTracer } from './fourByteTracer.js'
import { OpcodeTracer } from './opcodeTracers.js'
import { PrestateTracer } from './prestateTracer.js'
import type { TracerConfigs, TracerName } from './shapes.js'
import { StructLogger } from './structLogger.js'
import type { MakeTracer } from './tracer.js'

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
