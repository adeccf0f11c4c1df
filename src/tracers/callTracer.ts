import { type TraceEvent, TraceWant } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import { type CallFrame, FrameTree } from './frames.js'
import { revertReason } from './revertReason.js'
import type { CallTrace, CallTracerConfig } from './shapes.js'
import { quantity } from './text.js'
import type { TextTracer, TraceContext } from './tracer.js'

export class CallTracer implements TextTracer {
  readonly wants: number
  readonly #tree: FrameTree
  readonly #withLog: boolean

  constructor(context: TraceContext, { onlyTopCall = false, withLog = false }: CallTracerConfig) {
    this.wants = TraceWant.CALLS | (withLog ? TraceWant.LOGS : 0)
    this.#tree = new FrameTree(context, onlyTopCall)
    this.#withLog = withLog
  }

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    this.#tree.event(type, view, bytes, at)
  }

  finish(): string {
    const { top } = this.#tree
    return JSON.stringify(top === undefined ? null : shown(top, this.#withLog))
  }
}

/** `logs`: whether to show them; a frame that failed has none, nor have those below it. */
function shown(frame: CallFrame, logs: boolean): CallTrace {
  const { from, to, gas, gasUsed, input, output, error, revertData, value, op } = frame
  const keeps = logs && error === undefined
  const reason = revertData && revertReason(revertData)
  return {
    from,
    gas: quantity(gas),
    gasUsed: quantity(gasUsed),
    ...(to !== undefined && { to }),
    input,
    ...(output !== undefined && { output }),
    ...(error !== undefined && { error }),
    ...(reason && { revertReason: reason }),
    ...(frame.calls.length > 0 && { calls: frame.calls.map((call) => shown(call, keeps)) }),
    ...(keeps &&
      frame.logs.length > 0 && {
        logs: frame.logs.map((log) => ({ ...log, index: quantity(log.index), position: quantity(log.position) })),
      }),
    ...(op !== STATICCALL && { value }),
    type: opcodeName(op),
  }
}

const STATICCALL = 0xfa
