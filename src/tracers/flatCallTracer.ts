import { type TraceEvent, TraceWant } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import { type CallFrame, FrameTree, isCreation } from './frames.js'
import type { FlatCallTrace, FlatCallTracerConfig } from './shapes.js'
import { quantity } from './text.js'
import type { TextTracer, TraceContext } from './tracer.js'

const PARITY_ERRORS: Readonly<Record<string, string>> = {
  'contract creation code storage out of gas': 'Out of gas',
  'out of gas': 'Out of gas',
  'gas uint64 overflow': 'Out of gas',
  'max code size exceeded': 'Out of gas',
  'invalid jump destination': 'Bad jump destination',
  'execution reverted': 'Reverted',
  'return data out of bounds': 'Out of bounds',
  'stack limit reached 1024 (1023)': 'Out of stack',
  'precompiled failed': 'Built-in failed',
  'invalid input length': 'Built-in failed',
}
const PARITY_PREFIXES: readonly [string, string][] = [
  ['out of gas:', 'Out of gas'],
  ['invalid opcode:', 'Bad instruction'],
  ['stack underflow', 'Stack underflow'],
]

export class FlatCallTracer implements TextTracer {
  readonly wants: number = TraceWant.CALLS
  readonly #context: TraceContext
  readonly #config: FlatCallTracerConfig
  readonly #tree: FrameTree

  constructor(context: TraceContext, config: FlatCallTracerConfig) {
    this.#context = context
    this.#config = config
    this.#tree = new FrameTree(context, false)
  }

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    this.#tree.event(type, view, bytes, at)
  }

  finish(): string {
    const flat: FlatCallTrace[] = []
    if (this.#tree.top !== undefined) this.#add(flat, this.#tree.top, [])
    return JSON.stringify(flat)
  }

  #add(flat: FlatCallTrace[], frame: CallFrame, traceAddress: number[]): void {
    const { blockHash, blockNumber, txHash, txIndex } = this.#context
    const calls = this.#config.includePrecompiles ? frame.calls : frame.calls.filter((call) => !isPrecompileCall(call))
    const { type, action, result } = parts(frame)
    const { error } = frame
    const keeps = result !== undefined && (error === undefined || error === 'execution reverted')
    flat.push({
      action,
      blockHash,
      blockNumber,
      ...(error !== undefined && { error: this.#config.convertParityErrors ? parityError(error) : error }),
      ...(keeps && { result }),
      subtraces: calls.length,
      traceAddress,
      transactionHash: txHash,
      transactionPosition: txIndex,
      type,
    })
    for (const [index, call] of calls.entries()) this.#add(flat, call, [...traceAddress, index])
  }
}

/** CALL or STATICCALL of a precompiled contract. */
function isPrecompileCall({ op, precompile }: CallFrame): boolean {
  return precompile !== 0 && (op === 0xf1 || op === 0xfa)
}

function parts(frame: CallFrame): Pick<FlatCallTrace, 'type' | 'action' | 'result'> {
  const { op, from, to, input, output = '0x', value } = frame
  const [gas, gasUsed] = [quantity(frame.gas), quantity(frame.gasUsed)]
  const name = opcodeName(op).toLowerCase()
  if (op === 0xff) {
    return { type: 'suicide', action: { address: from, balance: value, ...(to && { refundAddress: to }) } }
  }
  if (isCreation(op)) {
    return {
      type: 'create',
      action: { creationMethod: name, from, gas, init: input, value },
      result: { ...(to && { address: to }), code: output, gasUsed },
    }
  }
  return {
    type: 'call',
    action: { callType: name, from, gas, input, ...(to && { to }), value },
    result: { gasUsed, output },
  }
}

function parityError(error: string): string {
  return PARITY_ERRORS[error] ?? PARITY_PREFIXES.find(([prefix]) => error.startsWith(prefix))?.[1] ?? error
}
