import { type TraceEvent, TraceWant } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import { type CallFrame, FrameTree } from './frames.js'
import { revertReason } from './revertReason.js'
import { quantity } from './text.js'
import type { TextTracer, TraceContext } from './tracer.js'

/** Options of `callTracer`. */
export interface CallTracerConfig {
  /** Only the transaction's first frame. */
  onlyTopCall?: boolean | undefined
  /** Logs as well, each with its frame. */
  withLog?: boolean | undefined
}

/** A log of a frame, as the tracer tells it. */
export interface CallTraceLog {
  /** 20 bytes. */
  address: string
  /** 32 bytes each. */
  topics: string[]
  /** Bytes. */
  data: string
  /** Among the logs of the transaction. */
  index: string
  /** How many calls of its frame were made before it. */
  position: string
}

/** A frame as go-ethereum's callTracer gives it: numbers and bytes in hexadecimal, what is empty left out. */
export interface CallTrace {
  /** 20 bytes. */
  from: string
  /** Of the transaction's first frame the transaction's own. */
  gas: string
  /** Gas, those of the frames below it included; of the first frame that of the receipt. */
  gasUsed: string
  /** 20 bytes; of a creation the new contract. */
  to?: string
  /** Calldata, or init code. */
  input: string
  /** Return data, or the code that was deployed. */
  output?: string
  /** Why the frame failed, in go-ethereum's words. */
  error?: string
  /** What `Error(string)` says. */
  revertReason?: string
  /** Frames below it, in order. */
  calls?: CallTrace[]
  /** With `withLog`. */
  logs?: CallTraceLog[]
  /** wei; STATICCALL has none. */
  value?: string
  /** The opcode that opened the frame. */
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
