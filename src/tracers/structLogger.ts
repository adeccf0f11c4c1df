import * as abi from '../abi/core.generated.js'
import { Halt, TraceEvent } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import { AsciiText, ENOUGH } from './asciiText.js'
import type { StructLoggerConfig } from './shapes.js'
import { type Gas, type Settled, type StepSink, Steps, wantsOfSteps } from './steps.js'
import { addressAt, goString, hexAt, wordAt } from './text.js'
import type { TextTracer, TraceContext } from './tracer.js'

const SLOAD = 0x54
const SSTORE = 0x55

/** What debug_traceTransaction gives without the name of a tracer. The steps come while they run, the rest at the end. */
export class StructLogger implements TextTracer, StepSink {
  readonly wants: number
  readonly #config: StructLoggerConfig
  readonly #write: (text: string) => void
  readonly #steps: Steps
  /** Slots by contract. */
  readonly #storage = new Map<string, Map<string, string>>()
  /** What was not told yet. */
  readonly #out = new AsciiText()
  #begun = false
  #gas = 0
  #failed = false
  #returned = '0x'
  // Of the step that has begun: what comes before its cost, and behind it.
  readonly #head = new AsciiText()
  readonly #rest = new AsciiText()
  #depth = 0
  #op = 0
  #self = ''
  #key = ''
  #value = ''
  #height = 0

  constructor(context: TraceContext, config: StructLoggerConfig, write: (text: string) => void) {
    this.wants = wantsOfSteps(config)
    this.#config = config
    this.#write = write
    this.#steps = new Steps(this, context.rules)
  }

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    this.#steps.event(type, view, bytes, at)
    if (type === TraceEvent.END) this.#gas = Number(view.getBigInt64(at + abi.T_GAS_USED, true))
    if (type !== TraceEvent.EXIT || view.getUint16(at + abi.T_DEPTH, true) !== 0) return
    const status = view.getUint32(at + abi.T_EXIT_STATUS, true)
    this.#failed = status !== Halt.STOPPED && status !== Halt.RETURNED
    const length = this.#failed && status !== Halt.REVERTED ? 0 : view.getUint32(at + abi.T_OUTPUT_LENGTH, true)
    this.#returned = hexAt(bytes, at + abi.T_EXIT_SIZE, length)
  }

  begin(view: DataView, bytes: Buffer, at: number, gas: Gas): void {
    const op = bytes[at + abi.T_OP] as number
    this.#op = op
    const words = view.getUint32(at + abi.T_WORDS, true)
    const returned = view.getUint32(at + abi.T_RETURN_LENGTH, true)
    const memory = view.getUint32(at + abi.T_MEM_LENGTH, true)
    const stackAt = at + abi.T_STEP_SIZE
    this.#height = words
    const head = this.#head
    head.clear()
    head
      .put('{"pc":')
      .decimal(view.getUint32(at + abi.T_PC, true))
      .put(',"op":"')
      .put(opcodeName(op))
    head.put('","gas":').decimal(gas).put(',"gasCost":')
    this.#depth = view.getUint16(at + abi.T_DEPTH, true) + 1
    const rest = this.#rest
    rest.clear()
    if (!this.#config.disableStack) rest.put(',"stack":[').stack(bytes, stackAt, words).put(']')
    const behind = stackAt + 32 * words
    if (returned > 0) rest.put(',"returnData":"0x').hex(bytes, behind, returned).put('"')
    if (memory > 0) {
      const from = behind + returned
      rest.put(',"memory":[')
      for (let i = 0; i < memory; i += 32)
        rest
          .put(i === 0 ? '"0x' : ',"0x')
          .hex(bytes, from + i, 32)
          .put('"')
      rest.put(']')
    }
    if ((op !== SLOAD && op !== SSTORE) || words === 0) return
    this.#self = addressAt(bytes, at + abi.T_SELF)
    this.#key = wordAt(view, stackAt + 32 * (words - 1))
    this.#value = op === SSTORE && words > 1 ? wordAt(view, stackAt + 32 * (words - 2)) : ''
  }

  settle({ cost, refund, top, fault }: Settled): void {
    const failed = fault !== undefined && !fault.paid
    const out = this.#out
    out.put(this.#begun ? ',' : '{"structLogs":[')
    out.append(this.#head).decimal(cost).put(',"depth":').decimal(this.#depth)
    if (failed) out.put(',"error":').put(goString(fault.error))
    out.append(this.#rest)
    if (!failed) out.put(this.#slots(top))
    if (refund > 0) out.put(',"refund":').decimal(refund)
    out.put('}')
    this.#begun = true
    if (out.length >= ENOUGH) this.#write(out.take())
  }

  /** The contract's slots after an opcode that uses one. */
  #slots(top: Settled['top']): string {
    if (this.#config.disableStorage || (this.#op !== SLOAD && this.#op !== SSTORE)) return ''
    if (this.#height < (this.#op === SLOAD ? 1 : 2)) return ''
    const slots = this.#storage.get(this.#self) ?? new Map<string, string>()
    this.#storage.set(this.#self, slots)
    if (this.#op === SSTORE) slots.set(this.#key, this.#value)
    else if (top !== undefined) slots.set(this.#key, wordAt(top.view, top.at))
    return `,"storage":{${[...slots].map(([key, value]) => `"${key}":"${value}"`).join(',')}}`
  }

  finish(): string {
    const begin = this.#begun ? '' : '{"structLogs":['
    return `${this.#out.take()}${begin}],"gas":${this.#gas},"failed":${this.#failed},"returnValue":"${this.#returned}"}`
  }
}
