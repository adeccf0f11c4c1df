// Traces as lines of JSON: EIP-3155 in the form that geth's `evm --json statetest` gives it.

import { bytesToHex, bytesToUnprefixedHex } from '@ethereumjs/util'
import { Halt } from '../abi/core.generated.js'
import { opcodeName } from '../abi/opcodeNames.js'
import type { TraceStep } from '../wasm/traceStep.js'
import type { TraceEnd, Tracer } from '../wasm/tracing.js'

/** Ends of a step that are no errors. */
type NoError =
  | typeof Halt.HASH_MISSING
  | typeof Halt.CONTRACT_THREW
  | typeof Halt.PUSHED
  | typeof Halt.STOPPED
  | typeof Halt.RETURNED

/** As geth words them; the compiler asks for one of each. */
const WORDS = {
  [Halt.REVERTED]: 'execution reverted',
  [Halt.OUT_OF_GAS]: 'out of gas',
  [Halt.STACK_UNDERFLOW]: 'stack underflow',
  [Halt.STACK_OVERFLOW]: 'stack limit reached 1024 (1023)',
  [Halt.INVALID_JUMP]: 'invalid jump destination',
  [Halt.INVALID_OPCODE]: 'invalid opcode',
  [Halt.STATIC_VIOLATION]: 'write protection',
  [Halt.RETURN_DATA_OUT_OF_BOUNDS]: 'return data out of bounds',
  [Halt.CODE_TOO_LONG]: 'max code size exceeded',
  [Halt.INVALID_CODE]: 'invalid code: must not begin with 0xef',
  [Halt.CREATE_COLLISION]: 'contract address collision',
  [Halt.INIT_CODE_TOO_LONG]: 'max initcode size exceeded',
  [Halt.PRECOMPILE_FAILED]: 'precompile failed',
  [Halt.CODE_STORE_OUT_OF_GAS]: 'contract creation code storage out of gas',
} satisfies Record<Exclude<Halt, NoError>, string>
const ERRORS: Readonly<Record<number, string>> = WORDS

const errorOf = (status: number): string => ERRORS[status] ?? `status ${status}`

/**
 * `{"pc":0,"op":96,"gas":"0x...","gasCost":"0x3","memSize":0,"stack":[],"depth":1,"refund":0,"opName":"PUSH1"}`, with
 * `returnData` after the stack unless it is empty, and `error` at the end when the opcode failed.
 */
export function stepLine(step: TraceStep): string {
  const { pc, op, gas, gasCost, memSize, stack, depth, refund, returnData, error } = step
  const words = stack.map((value) => `"0x${value.toString(16)}"`).join(',')
  const data = returnData.length === 0 ? '' : `"returnData":"${bytesToHex(returnData)}",`
  const failure = error === undefined ? '' : `,"error":"${errorOf(error)}"`
  return (
    `{"pc":${pc},"op":${op},"gas":"0x${gas.toString(16)}","gasCost":"0x${gasCost.toString(16)}","memSize":${memSize},` +
    `"stack":[${words}],${data}"depth":${depth},"refund":${refund},"opName":"${opcodeName(op)}"${failure}}`
  )
}

/** `{"output":"...","gasUsed":"0x..."}`, the output without 0x as geth has it, and `error` when the transaction failed. */
export function endLine({ output, gasUsed, error }: TraceEnd): string {
  const failure = error === undefined ? '' : `,"error":"${errorOf(error)}"`
  return `{"output":"${bytesToUnprefixedHex(output)}","gasUsed":"0x${gasUsed.toString(16)}"${failure}}`
}

/** Length of the text that is written at once. */
const CHUNK = 1 << 16

/** Writes a trace as lines; {@link flush} after the last. */
export class TraceWriter implements Tracer {
  readonly #write: (text: string) => void
  #text = ''

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  step(step: TraceStep): void {
    this.#line(stepLine(step))
  }

  end(end: TraceEnd): void {
    this.#line(endLine(end))
  }

  /** The last line of a case, which refused transactions have too. */
  stateRoot(root: string): void {
    this.#line(`{"stateRoot": "${root}"}`)
    this.flush()
  }

  flush(): void {
    if (this.#text !== '') this.#write(this.#text)
    this.#text = ''
  }

  #line(line: string): void {
    this.#text += `${line}\n`
    if (this.#text.length > CHUNK) this.flush()
  }
}
