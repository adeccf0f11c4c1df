import * as abi from '../abi/core.generated.js'
import { Halt, type TraceEvent } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import { failedAt } from './faults.js'
import { FrameEnds } from './frameEnds.js'
import { memoryOf } from './prices.js'
import type { Eip3155Config } from './shapes.js'
import { type Settled, type StepSink, Steps, wantsOfSteps } from './steps.js'
import { goString, hexAt, quantityAt } from './text.js'
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
  // Of the step that has begun: its line in parts, gasCost and refund left out.
  #head = ''
  #memory = ''
  #memSize = 0
  #stack: string[] | undefined
  #returned = ''
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
    this.#write(`{"output":"${output}","gasUsed":"0x${end.gasUsed.toString(16)}"${error}}\n`)
  }

  begin(view: DataView, bytes: Buffer, at: number): void {
    const op = bytes[at + abi.T_OP] as number
    this.#op = op
    const words = view.getUint32(at + abi.T_WORDS, true)
    const returned = view.getUint32(at + abi.T_RETURN_LENGTH, true)
    const memory = view.getUint32(at + abi.T_MEM_LENGTH, true)
    const stackAt = at + abi.T_STEP_SIZE
    this.#head = `{"pc":${view.getUint32(at + abi.T_PC, true)},"op":${op},"gas":"0x${view.getBigInt64(at + abi.T_GAS, true).toString(16)}"`
    this.#memSize = view.getUint32(at + abi.T_MEM_SIZE, true)
    this.#depth = view.getUint16(at + abi.T_DEPTH, true) + 1
    const behind = stackAt + 32 * words
    this.#memory = memory === 0 ? '' : hexAt(bytes, behind + returned, memory)
    this.#returned = returned === 0 ? '' : `"returnData":"${hexAt(bytes, behind, returned)}",`
    this.#stack = undefined
    if (this.#config.disableStack) return
    const stack = new Array<string>(words)
    this.#stack = stack
    for (let i = 0; i < words; i++) stack[i] = `"${quantityAt(view, stackAt + 32 * i)}"`
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
          this.#memory = `${this.#memory === '' ? '0x' : this.#memory}${'00'.repeat(size - this.#memSize)}`
        }
        this.#memSize = size
      }
    }
    this.#returned = ''
    const taken = statusOf(halt) === Halt.INVALID_OPCODE ? 0 : (TAKEN[this.#op] ?? 0)
    if (this.#stack !== undefined) this.#stack.length -= taken
    this.#line(cost, refund, fault.error)
  }

  #line(cost: bigint, refund: bigint, error: string): void {
    const memory = this.#memory === '' ? '' : `"memory":"${this.#memory}",`
    const stack = this.#stack === undefined ? 'null' : `[${this.#stack.join(',')}]`
    const failure = error === '' ? '' : `,"error":${goString(error)}`
    this.#write(
      `${this.#head},"gasCost":"0x${BigInt.asUintN(64, cost).toString(16)}",${memory}"memSize":${this.#memSize},"stack":${stack},` +
        `${this.#returned}"depth":${this.#depth},"refund":${refund},"opName":"${opcodeName(this.#op)}"${failure}}\n`,
    )
  }

  finish(): string {
    return ''
  }
}

function statusOf(halt: Settled['halt']): number {
  return halt === undefined ? 0 : halt.view.getUint32(halt.at + abi.T_STATUS, true)
}
