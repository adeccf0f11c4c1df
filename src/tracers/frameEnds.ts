import * as abi from '../abi/core.generated.js'
import { Halt, TraceEvent } from '../abi/core.generated.js'
import { exitError, faultAt } from './faults.js'
import { precompileError } from './precompileErrors.js'
import { hexAt } from './text.js'
import type { TraceContext } from './tracer.js'

/** A frame that has just ended. */
export interface FrameEnd {
  op: number
  depth: number
  gasUsed: bigint
  /** Bytes of its output, which are behind the event. */
  length: number
  error: string | undefined
}

interface Begun {
  op: number
  gas: bigint
  precompile: number
  input: string
}

/** Ends of frames with their errors, put together from events. */
export class FrameEnds {
  readonly #rules: number
  readonly #begun: Begun[] = []
  #error: string | undefined
  #left = 0n

  constructor({ rules }: TraceContext) {
    this.#rules = rules
  }

  /** The frame that ends with the event, if it is such a one. */
  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): FrameEnd | undefined {
    if (type === TraceEvent.HALT) {
      this.#error = faultAt(view, bytes, at, this.#rules)?.error
      this.#left = view.getBigInt64(at + abi.T_GAS_AFTER, true)
    } else if (type === TraceEvent.ENTER) {
      const precompile = view.getUint32(at + abi.T_PRECOMPILE, true)
      this.#begun.push({
        op: bytes[at + abi.T_OP] as number,
        gas: view.getBigInt64(at + abi.T_FRAME_GAS, true),
        precompile,
        input:
          precompile === 0 ? '' : hexAt(bytes, at + abi.T_ENTER_SIZE, view.getUint32(at + abi.T_INPUT_LENGTH, true)),
      })
    } else if (type === TraceEvent.EXIT) return this.#end(view, bytes, at)
    return undefined
  }

  #end(view: DataView, bytes: Buffer, at: number): FrameEnd {
    const { op, gas, precompile, input } = this.#begun.pop() as Begun
    const status = view.getUint32(at + abi.T_EXIT_STATUS, true)
    const length = view.getUint32(at + abi.T_OUTPUT_LENGTH, true)
    const fine = status === Halt.STOPPED || status === Halt.RETURNED
    const fault = this.#error
    this.#error = undefined
    return {
      op,
      depth: view.getUint16(at + abi.T_DEPTH, true),
      gasUsed: gas - view.getBigInt64(at + abi.T_EXIT_GAS, true),
      length,
      error: fine
        ? undefined
        : status === Halt.PRECOMPILE_FAILED
          ? precompileError(precompile, input)
          : (fault ?? exitError(status, length, bytes[at + abi.T_EXIT_SIZE] as number, this.#left, this.#rules)),
    }
  }
}
