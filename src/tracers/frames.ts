// The frames of a transaction as a tree, for the tracers that show it.
import * as abi from '../abi/core.generated.js'
import { Halt, TraceEvent } from '../abi/core.generated.js'
import { type FrameEnd, FrameEnds } from './frameEnds.js'
import { addressAt, hexAt, quantityAt } from './text.js'
import type { TraceContext } from './tracer.js'

export interface CallLog {
  address: string
  topics: string[]
  data: string
  index: number
  /** Calls of the same frame before it. */
  position: number
}

export interface CallFrame {
  op: number
  from: string
  /** Undefined for a creation that failed. */
  to: string | undefined
  gas: bigint
  gasUsed: bigint
  input: string
  output: string | undefined
  /** Bytes of the output of a REVERT. */
  revertData: Buffer | undefined
  error: string | undefined
  value: string
  precompile: number
  calls: CallFrame[]
  logs: CallLog[]
  depth: number
}

/** Frames that events build up; of those below the first one none when `onlyTop`. */
export class FrameTree {
  readonly #context: TraceContext
  readonly #onlyTop: boolean
  readonly #ends: FrameEnds
  readonly #stack: CallFrame[] = []
  #gasLimit = 0n
  top: CallFrame | undefined

  constructor(context: TraceContext, onlyTop: boolean) {
    this.#context = context
    this.#onlyTop = onlyTop
    this.#ends = new FrameEnds(context)
  }

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    const end = this.#ends.event(type, view, bytes, at)
    if (end !== undefined) this.#exit(end, view, bytes, at)
    else if (type === TraceEvent.BEGIN) this.#gasLimit = view.getBigUint64(at + abi.T_GAS_LIMIT, true)
    else if (type === TraceEvent.ENTER) this.#enter(view, bytes, at)
    else if (type === TraceEvent.LOG) this.#log(view, bytes, at)
    else if (type === TraceEvent.END && this.top !== undefined) {
      this.top.gasUsed = view.getBigInt64(at + abi.T_GAS_USED, true)
    }
  }

  #enter(view: DataView, bytes: Buffer, at: number): void {
    const depth = view.getUint16(at + abi.T_DEPTH, true)
    if (this.#onlyTop && depth > 0) return
    const length = view.getUint32(at + abi.T_INPUT_LENGTH, true)
    const frame: CallFrame = {
      op: bytes[at + abi.T_OP] as number,
      from: addressAt(bytes, at + abi.T_FROM),
      to: addressAt(bytes, at + abi.T_CALLEE),
      gas: depth === 0 ? this.#gasLimit : view.getBigInt64(at + abi.T_FRAME_GAS, true),
      gasUsed: 0n,
      input: hexAt(bytes, at + abi.T_ENTER_SIZE, length),
      output: undefined,
      revertData: undefined,
      error: undefined,
      value: quantityAt(view, at + abi.T_VALUE),
      precompile: view.getUint32(at + abi.T_PRECOMPILE, true),
      calls: [],
      logs: [],
      depth,
    }
    this.#stack.push(frame)
    this.top ??= frame
  }

  #exit({ depth, gasUsed, length, error }: FrameEnd, view: DataView, bytes: Buffer, at: number): void {
    if (this.#onlyTop && depth > 0) return
    const frame = this.#stack.pop() as CallFrame
    frame.gasUsed = gasUsed
    frame.error = error
    const reverted = view.getUint32(at + abi.T_EXIT_STATUS, true) === Halt.REVERTED
    const output = at + abi.T_EXIT_SIZE
    if (length > 0 && (error === undefined || reverted)) frame.output = hexAt(bytes, output, length)
    if (reverted) frame.revertData = Buffer.from(bytes.subarray(output, output + length))
    if (error !== undefined && isCreation(frame.op)) frame.to = undefined
    this.#stack.at(-1)?.calls.push(frame)
  }

  #log(view: DataView, bytes: Buffer, at: number): void {
    const frame = this.#stack.at(-1)
    if (frame === undefined || (this.#onlyTop && view.getUint16(at + abi.T_DEPTH, true) > 0)) return
    const count = view.getUint32(at + abi.T_TOPICS, true)
    const body = at + abi.T_LOG_SIZE
    frame.logs.push({
      address: addressAt(bytes, at + abi.T_LOG_ADDRESS),
      topics: Array.from({ length: count }, (_, i) => hexAt(bytes, body + 32 * i, 32)),
      data: hexAt(bytes, body + 32 * count, view.getUint32(at + abi.T_DATA_LENGTH, true)),
      index: this.#context.logsBefore + view.getUint32(at + abi.T_LOG_INDEX, true),
      position: frame.calls.length,
    })
  }
}

export function isCreation(op: number): boolean {
  return op === 0xf0 || op === 0xf5
}
