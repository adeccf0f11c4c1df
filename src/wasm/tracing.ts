// The core built with tracing (assembly/evm/trace.ts): a module of its own, so that the one that executes blocks has neither
// the calls nor a test for them. Its steps one by one, for blocks of one transaction that run in order.

import * as abi from '../abi/core.generated.js'
import { Halt, TraceEvent, TraceWant } from '../abi/core.generated.js'
import { getWord } from '../abi/word256.js'
import type { BlockCore } from './blockCore.js'
import type { Core } from './core.js'
import type { WasmImports, WasmModule } from './host.js'
import { compileBase64 } from './instance.js'
import type { TraceStep } from './traceStep.js'
import { EventStream } from './traceStream.js'

/** How the transaction's first frame ended. */
export interface TraceEnd {
  /** What it returned or reverted with; of a creation the code. */
  output: Uint8Array
  /** Gas of the frames: without the transaction's intrinsic gas, before refunds. */
  gasUsed: bigint
  error: number | undefined
}

export interface Tracer {
  step(step: TraceStep): void
  /** Not called for a refused transaction. */
  end(end: TraceEnd): void
}

/** What the tracing module exports besides the core's own. */
export interface TraceExports {
  /** TraceWant, and a buffer of at least 16 KiB. */
  setTrace(wanted: number, at: number, size: number): void
  /** Forgets events that nobody was told. */
  dropTrace(): void
  /** Takes the request of a block that is executed and not ended; false when out of space. */
  enterReplay(request: number): number
  /** Runs a transaction of it once more: a status. */
  replay(index: number): number
}

/** Compiles the tracing module, which is loaded only here. @throws UnsupportedHostError */
export async function compileTracing(): Promise<WasmModule> {
  const { wasmBase64 } = await import('./traceModule.generated.js')
  return compileBase64(wasmBase64)
}

/** The import of the tracing module that the core does not have: bytes of the stream of events. */
export function traceImports(core: () => Core, stream: EventStream): WasmImports {
  const traceFlush = (at: number, length: number): void => {
    stream.feed(Buffer.from(core().memory.buffer, at >>> 0, length >>> 0))
  }
  return { env: { traceFlush } }
}

/** Steps as the functions of a tracer get them. */
export function stepStream(tracer: Tracer): EventStream {
  const steps = new StepReader(tracer)
  return new EventStream((type, view, bytes, at) => steps.event(type, view, bytes, at))
}

export const WANTS_OF_STEPS = TraceWant.STEPS | TraceWant.STACK | TraceWant.RETURN_DATA | TraceWant.CALLS

/** Has an instance of the tracing module tell these events; one of its chunks is its buffer. @throws OutOfSpaceError */
export function wantEvents(block: BlockCore, wanted: number): void {
  const exports = block.exports as unknown as TraceExports
  const at = block.exports.takeChunks(1) >>> 0
  if (at === 0) throw block.outOfSpace(abi.CHUNK_SIZE)
  exports.setTrace(wanted, at, abi.CHUNK_SIZE)
}

const NOTHING = new Uint8Array(0)

class StepReader {
  readonly #tracer: Tracer
  /** A step is told when its cost is known: at the next step of its frame, or when it ends the frame or starts another. */
  #pending: TraceStep | undefined
  #output: Uint8Array = NOTHING

  constructor(tracer: Tracer) {
    this.#tracer = tracer
  }

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    if (type === TraceEvent.STEP) this.#step(view, bytes, at)
    else if (type === TraceEvent.CHARGED) this.#settle(view.getBigInt64(at + abi.T_GAS, true))
    else if (type === TraceEvent.HALT) this.#halt(view, at)
    else if (type === TraceEvent.EXIT && view.getUint16(at + abi.T_DEPTH, true) === 0) {
      const output = at + abi.T_EXIT_SIZE
      this.#output = new Uint8Array(bytes.subarray(output, output + view.getUint32(at + abi.T_OUTPUT_LENGTH, true)))
    } else if (type === TraceEvent.END) {
      const status = view.getUint32(at + abi.T_END_STATUS, true)
      const error = status >= Halt.REVERTED ? status : undefined
      this.#tracer.end({ output: this.#output, gasUsed: view.getBigInt64(at + abi.T_END_GAS, true), error })
      this.#output = NOTHING
    }
  }

  #settle(gasAfter: bigint): void {
    const step = this.#pending
    if (step === undefined) return
    this.#pending = undefined
    step.gasCost = step.gas - gasAfter
    this.#tracer.step(step)
  }

  #step(view: DataView, bytes: Buffer, at: number): void {
    const gas = view.getBigInt64(at + abi.T_GAS, true)
    this.#settle(gas)
    const words = view.getUint32(at + abi.T_WORDS, true)
    const returned = at + abi.T_STEP_SIZE + 32 * words
    this.#pending = {
      pc: view.getUint32(at + abi.T_PC, true),
      op: bytes[at + abi.T_OP] as number,
      gas,
      gasCost: 0n,
      memSize: view.getUint32(at + abi.T_MEM_SIZE, true),
      stack: Array.from({ length: words }, (_, i) => getWord(view, at + abi.T_STEP_SIZE + 32 * i)),
      depth: view.getUint16(at + abi.T_DEPTH, true) + 1,
      returnData: new Uint8Array(bytes.subarray(returned, returned + view.getUint32(at + abi.T_RETURN_LENGTH, true))),
      refund: view.getBigInt64(at + abi.T_REFUND, true),
      error: undefined,
    }
  }

  #halt(view: DataView, at: number): void {
    const status = view.getUint32(at + abi.T_STATUS, true)
    // The run was given up: there is no such step.
    if (status < Halt.STOPPED) this.#pending = undefined
    if (this.#pending !== undefined && status >= Halt.REVERTED) this.#pending.error = status
    this.#settle(view.getBigInt64(at + abi.T_GAS_AFTER, true))
  }
}
