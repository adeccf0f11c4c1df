import { type TraceEvent, TraceWant } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import { type CallFrame, FrameTree } from './frames.js'
import { revertReason } from './revertReason.js'
import { quantity } from './text.js'
import type { TextTracer, TraceContext } from './tracer.js'

export interface CallTracerConfig {
  /** Only the transaction's first frame. */
  onlyTopCall?: boolean | undefined
  /** Logs as well, each with its frame. */
  withLog?: boolean | undefined
}

/** A frame as go-ethereum's callTracer gives it: numbers and bytes in hexadecimal, what is empty left out. */
export interface CallTrace {
  from: string
  /** Of the transaction's first frame the transaction's own. */
  gas: string
  gasUsed: string
  to?: string
  input: string
  output?: string
  error?: string
  revertReason?: string
  calls?: CallTrace[]
  logs?: { address: string; topics: string[]; data: string; index: string; position: string }[]
  /** wei; STATICCALL has none. */
  value?: string
  type: string
}

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
