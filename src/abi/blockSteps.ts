import { toBytes } from '../bytes.js'
import { STEP_A, STEP_ADDRESS, STEP_B, STEP_KIND, STEP_SIZE, STEP_TYPE, StepKind } from './core.generated.js'

// The block's own work as the core takes it (assembly/abi/steps.ts).

export type BlockStep =
  /** Sets a slot if the account has code (EIP-4788, EIP-2935). `key` and `value`: 32 bytes. */
  | { kind: 'store'; address: Uint8Array; key: Uint8Array; value: Uint8Array }
  /** Calls the contract as the system address, if it has code. `input`: 32 bytes. */
  | { kind: 'call'; address: Uint8Array; input: Uint8Array; gas: bigint }
  /** Adds wei; nothing still touches the account. */
  | { kind: 'credit'; address: Uint8Array; wei: bigint }
  /** Takes all wei of the account, for the next `pour` (EIP-779). */
  | { kind: 'drain'; address: Uint8Array }
  | { kind: 'pour'; address: Uint8Array }
  /** Calls a system contract; its output is a request (EIP-7685). `caller`: 20 bytes. */
  | { kind: 'request'; address: Uint8Array; type: number; caller: Uint8Array; gas: bigint }

const KINDS = {
  store: StepKind.STORE,
  credit: StepKind.CREDIT,
  drain: StepKind.DRAIN,
  pour: StepKind.POUR,
  request: StepKind.REQUEST,
  call: StepKind.CALL,
} as const

export function encodeSteps(steps: readonly BlockStep[]): Uint8Array {
  const bytes = new Uint8Array(steps.length * STEP_SIZE)
  const view = new DataView(bytes.buffer)
  for (const [index, step] of steps.entries()) {
    const at = index * STEP_SIZE
    view.setUint32(at + STEP_KIND, KINDS[step.kind], true)
    bytes.set(step.address, at + STEP_ADDRESS)
    if (step.kind === 'store') {
      bytes.set(step.key, at + STEP_A)
      bytes.set(step.value, at + STEP_B)
    } else if (step.kind === 'call') {
      bytes.set(step.input, at + STEP_A)
      bytes.set(toBytes(step.gas, 32), at + STEP_B)
    } else if (step.kind === 'credit') bytes.set(toBytes(step.wei, 32), at + STEP_A)
    else if (step.kind === 'request') {
      view.setUint32(at + STEP_TYPE, step.type, true)
      bytes.set(step.caller, at + STEP_A + 12)
      bytes.set(toBytes(step.gas, 32), at + STEP_B)
    }
  }
  return bytes
}
