import { T_COUNTS, TraceEvent, TraceWant } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import type { TextTracer } from './tracer.js'

export class OpcodeTracer implements TextTracer {
  readonly wants: number = TraceWant.COUNTS
  readonly #withGas: boolean
  readonly #found: [name: string, count: number, gas: number][] = []

  constructor(withGas: boolean) {
    this.#withGas = withGas
  }

  event(type: TraceEvent, view: DataView, _: Buffer, at: number): void {
    if (type !== TraceEvent.COUNTS) return
    for (let op = 0; op < 256; op++) {
      const count = Number(view.getBigUint64(at + T_COUNTS + 16 * op, true))
      const gas = Number(view.getBigInt64(at + T_COUNTS + 16 * op + 8, true))
      if (count > 0) this.#found.push([opcodeName(op), count, gas])
    }
    this.#found.sort(([a], [b]) => (a < b ? -1 : 1))
  }

  finish(): string {
    const entries = this.#found.map(([name, count, gas]) => [name, this.#withGas ? { count, gas } : count])
    return JSON.stringify(Object.fromEntries(entries))
  }
}
