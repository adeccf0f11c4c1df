import { refund } from '../journal/journal'
import { F_CODE, F_DEPTH, F_MEM_SIZE, returnData, returnLength } from './frames'

// Tracing (EIP-3155). Only the target `trace` defines TRACE; in every other build TRACING is a constant false, so that
// neither the calls below nor their imports are compiled. What the host gets is documented in src/wasm/tracing.ts.
// Decision 9 (docs/adr/0009-traces-from-a-build-of-their-own.md).

// @ts-ignore: decorator
@inline
export const TRACING: bool = isDefined(TRACE)

// @ts-ignore: decorator
@external('env', 'traceStep')
declare function hostStep(
  pc: u32, op: u32, depth: u32, gas: i64, refund: i64, memSize: u32, bottom: usize, sp: usize, returnData: usize,
  returnLength: u32,
): void

// @ts-ignore: decorator
@external('env', 'traceHalt')
declare function hostHalt(status: i32, gas: i64, depth: u32, returnData: usize, returnLength: u32): void

// @ts-ignore: decorator
@external('env', 'traceEnd')
declare function hostEnd(status: i32, gasUsed: i64, returnData: usize, returnLength: u32): void

/** The gas that the step leaves its own frame with, told before a part of it goes to a callee and comes back. */
// @ts-ignore: decorator
@external('env', 'traceCharged')
export declare function traceCharged(gas: i64): void

/** Before the opcode at `pc`. */
export function traceStep(frame: usize, pc: usize, sp: usize, bottom: usize, gas: i64): void {
  const at = <u32>pc - load<u32>(frame, F_CODE)
  const depth = load<u32>(frame, F_DEPTH)
  hostStep(at, load<u8>(pc), depth, gas, refund, load<u32>(frame, F_MEM_SIZE), bottom, sp, returnData, returnLength)
}

/** The running step ends its frame, or with an abort status the run; before anything of the frame is undone. */
export function traceHalt(frame: usize, status: i32, gas: i64): void {
  hostHalt(status, gas, load<u32>(frame, F_DEPTH), returnData, returnLength)
}

/** The transaction's first frame is over, or there was none. `gasUsed`: without the intrinsic gas, before refunds. */
export function traceEnd(status: i32, gasUsed: i64): void {
  hostEnd(status, gasUsed, returnData, returnLength)
}
