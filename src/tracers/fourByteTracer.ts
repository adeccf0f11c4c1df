import * as abi from '../abi/core.generated.js'
import { TraceEvent, TraceWant } from '../abi/core.generated.js'
import { hexAt } from './text.js'
import type { TextTracer } from './tracer.js'

const CALLS = new Set([0xf1, 0xf2, 0xf4, 0xfa])

export class FourByteTracer implements TextTracer {
  readonly wants: number = TraceWant.CALLS
  readonly #counts = new Map<string, number>()

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    if (type !== TraceEvent.ENTER || !CALLS.has(bytes[at + abi.T_OP] as number)) return
    const length = view.getUint32(at + abi.T_INPUT_LENGTH, true)
    if (length < 4 || view.getUint32(at + abi.T_PRECOMPILE, true) !== 0) return
    const key = `${hexAt(bytes, at + abi.T_ENTER_SIZE, 4)}-${length - 4}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  finish(): string {
    return JSON.stringify(Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))))
  }
}
