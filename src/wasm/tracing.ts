// The core built with tracing (assembly/evm/trace.ts): a module of its own, so that the one that executes blocks has neither
// the calls nor a test for them. For one thread and blocks that run in order.

import { Halt } from '../abi/core.generated.js'
import { getWord } from '../abi/word256.js'
import type { Core } from './core.js'
import type { WasmModule } from './host.js'
import { compileBase64 } from './instance.js'

/** One opcode as it was about to run, and what became of it. */
export interface TraceStep {
  pc: number
  op: number
  /** Gas left before it. */
  gas: bigint
  /**
   * Gas it took from its frame. Of a call this includes what it gave to the callee (without the stipend); of a creation it
   * does not. Of an opcode that failed: what had been charged when it failed, which may be less than its full cost.
   */
  gasCost: bigint
  /** Bytes of memory before it. */
  memSize: number
  /** Before it, the top last. */
  stack: bigint[]
  /** 1 in the transaction's first frame. */
  depth: number
  /** Return data of the last call before it. */
  returnData: Uint8Array
  /** Refund counter before it, gas. */
  refund: bigint
  /** A status of {@link Halt}, when the opcode ended its frame with other than STOP, RETURN or SELFDESTRUCT. */
  error: number | undefined
}

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

/** Compiles the tracing module, which is loaded only here. @throws UnsupportedHostError */
export async function compileTracing(): Promise<WasmModule> {
  const { wasmBase64 } = await import('./traceModule.generated.js')
  return compileBase64(wasmBase64)
}

const NOTHING = new Uint8Array(0)

/** The imports of `env` that the tracing module has more than the other. `core`: of the instance they are given to. */
export function traceImports(core: () => Core, tracer: Tracer): Record<string, unknown> {
  // A step is told when its cost is known: at the next step of its frame, or when it ends the frame or starts another.
  let pending: TraceStep | undefined
  let output: Uint8Array = NOTHING
  let halted = false
  const settle = (gasAfter: bigint): void => {
    if (pending === undefined) return
    pending.gasCost = pending.gas - gasAfter
    tracer.step(pending)
    pending = undefined
  }
  return {
    traceStep(
      pc: number,
      op: number,
      depth: number,
      gas: bigint,
      refund: bigint,
      memSize: number,
      bottom: number,
      sp: number,
      returnData: number,
      returnLength: number,
    ): void {
      settle(gas)
      const { view } = core()
      const stack: bigint[] = []
      for (let at = (bottom >>> 0) + 32; at <= sp >>> 0; at += 32) stack.push(getWord(view, at))
      pending = {
        pc: pc >>> 0,
        op,
        gas,
        gasCost: 0n,
        memSize: memSize >>> 0,
        stack,
        depth: depth + 1,
        returnData: core().read(returnData >>> 0, returnLength >>> 0),
        refund,
        error: undefined,
      }
    },
    traceCharged: settle,
    traceHalt(status: number, gas: bigint, depth: number, returnData: number, returnLength: number): void {
      if (status < Halt.STOPPED) {
        // The run was abandoned: there is no such step.
        pending = undefined
        return
      }
      const returns = status === Halt.RETURNED || status === Halt.REVERTED
      if (depth === 0) {
        halted = true
        output = returns ? core().read(returnData >>> 0, returnLength >>> 0) : NOTHING
      }
      if (pending !== undefined && status >= Halt.REVERTED) pending.error = status
      settle(gas)
    },
    traceEnd(status: number, gasUsed: bigint, returnData: number, returnLength: number): void {
      // Without a frame it was a transfer or a precompile.
      const bytes = halted ? output : core().read(returnData >>> 0, returnLength >>> 0)
      tracer.end({ output: bytes, gasUsed, error: status >= Halt.REVERTED ? status : undefined })
      halted = false
      output = NOTHING
    },
  }
}
