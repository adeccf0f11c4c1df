import * as abi from '../abi/core.generated.js'
import { Halt, type TraceEvent } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import { AsciiText, ENOUGH } from './asciiText.js'
import { failedAt } from './faults.js'
import { FrameEnds } from './frameEnds.js'
import { memoryOf } from './prices.js'
import type { Eip3155Config } from './shapes.js'
import { type Gas, type Settled, type StepSink, Steps, wantsOfSteps } from './steps.js'
import { goString } from './text.js'
import type { TextTracer, TraceContext } from './tracer.js'

/** Words that an opcode has taken off the stack when it fails after it was paid. */
const TAKEN: Readonly<Record<number, number>> = { 62: 3, 86: 1, 87: 2, 240: 3, 245: 4, 253: 2 }

/** Lines of JSON as EIP-3155 has them, in the form of go-ethereum: one a step, one at the end of each frame. */
export class Eip3155Tracer implements TextTracer, StepSink {
  readonly wants: number
  readonly #config: Eip3155Config
  readonly #write: (text: string) => void
  readonly #steps: Steps
  readonly #ends: FrameEnds
  readonly #rules: number
  /** What was not told yet. */
  readonly #out = new AsciiText()
  // Of the step that has begun: its line in parts, gasCost and refund left out.
  readonly #head = new AsciiText()
  readonly #memory = new AsciiText()
  #memSize = 0
  readonly #stack = new AsciiText()
  readonly #returned = new AsciiText()
  #depth = 0
  #op = 0

  constructor(context: TraceContext, config: Eip3155Config, write: (text: string) => void) {
    this.wants = wantsOfSteps(config)
    this.#config = config
    this.#write = write
    this.#steps = new Steps(this, context.rules)
    this.#ends = new FrameEnds(context)
    this.#rules = context.rules
  }

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    this.#steps.event(type, view, bytes, at)
    const end = this.#ends.event(type, view, bytes, at)
    if (end === undefined) return
    const output = bytes.toString('hex', at + abi.T_EXIT_SIZE, at + abi.T_EXIT_SIZE + end.length)
    const error = end.error === undefined ? '' : `,"error":${goString(end.error)}`
    this.#out.put(`{"output":"${output}","gasUsed":"0x${end.gasUsed.toString(16)}"${error}}\n`)
  }

  begin(view: DataView, bytes: Buffer, at: number, gas: Gas): void {
    const op = bytes[at + abi.T_OP] as number
    this.#op = op
    const words = view.getUint32(at + abi.T_WORDS, true)
    const returned = view.getUint32(at + abi.T_RETURN_LENGTH, true)
    const memory = view.getUint32(at + abi.T_MEM_LENGTH, true)
    const stackAt = at + abi.T_STEP_SIZE
    const head = this.#head
    head.clear()
    head
      .put('{"pc":')
      .decimal(view.getUint32(at + abi.T_PC, true))
      .put(',"op":')
      .decimal(op)
    head.put(',"gas":"').quantity(gas).put('","gasCost":"')
    this.#memSize = view.getUint32(at + abi.T_MEM_SIZE, true)
    this.#depth = view.getUint16(at + abi.T_DEPTH, true) + 1
    const behind = stackAt + 32 * words
    for (const part of [this.#memory, this.#returned, this.#stack]) part.clear()
    if (memory > 0) this.#memory.put('0x').hex(bytes, behind + returned, memory)
    if (returned > 0) this.#returned.put('"returnData":"0x').hex(bytes, behind, returned).put('",')
    if (!this.#config.disableStack) this.#stack.stack(bytes, stackAt, words)
  }

  settle({ cost, refund, fault, halt }: Settled): void {
    const first = fault === undefined || fault.paid ? '' : fault.error
    this.#line(cost, refund, first)
    if (fault === undefined || !fault.paid) return
    // It was paid and failed: memory has grown by then, operands are taken, and return data are not told.
    if (halt !== undefined && fault.error !== '') {
      const failed = failedAt(halt.view, halt.bytes, halt.at, this.#rules)
      const size = Number(((memoryOf(failed) ?? 0n) + 31n) / 32n) * 32
      if (size > this.#memSize && statusOf(halt) !== Halt.INVALID_OPCODE) {
        if (this.#config.enableMemory) {
          this.#memory.put(this.#memory.length === 0 ? '0x' : '').put('00'.repeat(size - this.#memSize))
        }
        this.#memSize = size
      }
    }
    this.#returned.clear()
    const taken = statusOf(halt) === Halt.INVALID_OPCODE ? 0 : (TAKEN[this.#op] ?? 0)
    if (!this.#config.disableStack && taken > 0) {
      const left = this.#stack.take().split(',').slice(0, -taken)
      this.#stack.put(left.join(','))
    }
    this.#line(cost, refund, fault.error)
  }

  #line(cost: Gas, refund: Gas, error: string): void {
    const out = this.#out
    out.append(this.#head).quantity(cost).put('",')
    if (this.#memory.length > 0) out.put('"memory":"').append(this.#memory).put('",')
    out.put('"memSize":').decimal(this.#memSize).put(',"stack":')
    if (this.#config.disableStack) out.put('null,')
    else out.put('[').append(this.#stack).put('],')
    out.append(this.#returned).put('"depth":').decimal(this.#depth).put(',"refund":').decimal(refund)
    out.put(',"opName":"').put(opcodeName(this.#op)).put('"')
    if (error !== '') out.put(',"error":').put(goString(error))
    out.put('}\n')
    if (out.length >= ENOUGH) this.#write(out.take())
  }

  finish(): string {
    return this.#out.take()
  }
}

function statusOf(halt: Settled['halt']): number {
  return halt === undefined ? 0 : halt.view.getUint32(halt.at + abi.T_STATUS, true)
}
