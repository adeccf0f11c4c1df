// Steps put together from events: what a step cost is known only when the next one begins, or the frame ends.
import * as abi from '../abi/core.generated.js'
import { Rules, TraceEvent, TraceWant } from '../abi/core.generated.js'
import { type Fault, failedAt, faultAt } from './faults.js'
import { unpaidClear } from './prices.js'
import type { StructLoggerConfig } from './shapes.js'

/** A number where that is exact. */
export type Gas = number | bigint

/** Upper half of the first i64 that numbers do not have. */
const INEXACT = 2 ** 21

function gasAt(view: DataView, at: number): Gas {
  const high = view.getInt32(at + 4, true)
  return high >= 0 && high < INEXACT ? high * 2 ** 32 + view.getUint32(at, true) : view.getBigInt64(at, true)
}

/** What was taken, in 64 bits. */
function difference(before: Gas, after: Gas): Gas {
  if (typeof before === 'number' && typeof after === 'number' && before >= after) return before - after
  return BigInt.asUintN(64, BigInt(before) - BigInt(after))
}

/** What became of a step. */
export interface Settled {
  cost: Gas
  /** The refund counter when its price was known. */
  refund: Gas
  /** The word that it left on the stack, where the next step of its frame shows it: address of it in `view`. */
  top: { view: DataView; at: number } | undefined
  fault: Fault | undefined
  /** The halt, where there was one: an event. */
  halt: { view: DataView; bytes: Buffer; at: number } | undefined
}

export interface StepSink {
  /** A step as it is about to run, with so much gas; what lies in memory is gone when this returns. */
  begin(view: DataView, bytes: Buffer, at: number, gas: Gas): void
  /** The same step. */
  settle(settled: Settled): void
}

/** Refund counters move while the price of these is found. */
const SSTORE = 0x55
const SELFDESTRUCT = 0xff
/** Before London (EIP-3529). */
const DESTRUCTION = 24000n

export class Steps {
  readonly #sink: StepSink
  readonly #rules: number
  #open = false
  #op = 0
  #gas: Gas = 0
  #refund: Gas = 0

  constructor(sink: StepSink, rules: number) {
    this.#sink = sink
    this.#rules = rules
  }

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    if (type === TraceEvent.STEP) {
      const gas = gasAt(view, at + abi.T_GAS)
      const refund = gasAt(view, at + abi.T_REFUND)
      const words = view.getUint32(at + abi.T_WORDS, true)
      const top = words === 0 ? undefined : { view, at: at + abi.T_STEP_SIZE + 32 * (words - 1) }
      this.#settle(gas, this.#op === SSTORE ? refund : this.#refund, top)
      this.#open = true
      this.#op = bytes[at + abi.T_OP] as number
      this.#gas = gas
      this.#refund = refund
      this.#sink.begin(view, bytes, at, gas)
    } else if (type === TraceEvent.CHARGED) {
      const refund = this.#moves() ? gasAt(view, at + abi.T_REFUND) : this.#refund
      this.#settle(gasAt(view, at + abi.T_GAS), refund, undefined)
    } else if (type === TraceEvent.HALT) {
      const fault = faultAt(view, bytes, at, this.#rules)
      // Neither could be paid.
      const counter = this.#moves() ? gasAt(view, at + abi.T_REFUND) : this.#refund
      const refund = fault === undefined ? counter : BigInt(counter) + this.#promised(fault, view, bytes, at)
      this.#settle(gasAt(view, at + abi.T_GAS_AFTER), refund, undefined, fault, { view, bytes, at })
    }
  }

  #moves(): boolean {
    return this.#op === SSTORE || this.#op === SELFDESTRUCT
  }

  /** go-ethereum adds a refund when it knows the price, whether that can be paid or not. */
  #promised(fault: Fault, view: DataView, bytes: Buffer, at: number): bigint {
    if (this.#op === SSTORE) return unpaidClear(failedAt(view, bytes, at, this.#rules), fault)
    return this.#destroys(fault, view, at) ? DESTRUCTION : 0n
  }

  #destroys({ error, cost }: Fault, view: DataView, at: number): boolean {
    const fixed = this.#rules >= Rules.BERLIN ? 5000n : 0n
    if (this.#op !== SELFDESTRUCT || this.#rules >= Rules.LONDON || error !== 'out of gas' || cost <= fixed)
      return false
    return (view.getUint32(at + abi.T_FLAGS, true) & abi.HALT_DESTROYED) === 0
  }

  #settle(gasAfter: Gas, refund: Gas, top: Settled['top'], fault?: Fault, halt?: Settled['halt']): void {
    if (!this.#open) return
    this.#open = false
    const cost = fault === undefined ? difference(this.#gas, gasAfter) : BigInt.asUintN(64, fault.cost)
    this.#sink.settle({ cost, refund, top, fault, halt })
  }
}

/** The events that a tracer of steps asks for. */
export function wantsOfSteps({
  enableMemory,
  enableReturnData,
}: Pick<StructLoggerConfig, 'enableMemory' | 'enableReturnData'>): number {
  return (
    TraceWant.STEPS |
    TraceWant.CALLS |
    TraceWant.STACK |
    (enableMemory ? TraceWant.MEMORY : 0) |
    (enableReturnData ? TraceWant.RETURN_DATA : 0)
  )
}
