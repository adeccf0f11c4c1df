// The block's own work as the core takes it (assembly/block/work.ts): a list of steps of STEP_SIZE bytes.

export const STEP_SIZE = 96

const ADDRESS = 8
const FIRST_WORD = 32
const SECOND_WORD = 64

export type BlockStep =
  /** Sets a slot if the account has code (EIP-4788, EIP-2935). `key` and `value`: 32 bytes. */
  | { kind: 'store'; address: Uint8Array; key: Uint8Array; value: Uint8Array }
  /** Adds wei; nothing still touches the account. */
  | { kind: 'credit'; address: Uint8Array; wei: bigint }
  /** Takes all wei of the account, for the next `pour` (EIP-779). */
  | { kind: 'drain'; address: Uint8Array }
  | { kind: 'pour'; address: Uint8Array }
  /** Calls a system contract; its output is a request (EIP-7685). `caller`: 20 bytes. */
  | { kind: 'request'; address: Uint8Array; type: number; caller: Uint8Array; gas: bigint }

const KINDS = { store: 1, credit: 2, drain: 3, pour: 4, request: 5 } as const

export function encodeSteps(steps: readonly BlockStep[]): Uint8Array {
  const bytes = new Uint8Array(steps.length * STEP_SIZE)
  const view = new DataView(bytes.buffer)
  for (const [index, step] of steps.entries()) {
    const at = index * STEP_SIZE
    view.setUint32(at, KINDS[step.kind], true)
    bytes.set(step.address, at + ADDRESS)
    if (step.kind === 'store') {
      bytes.set(step.key, at + FIRST_WORD)
      bytes.set(step.value, at + SECOND_WORD)
    } else if (step.kind === 'credit') setWord(view, at + FIRST_WORD, step.wei)
    else if (step.kind === 'request') {
      view.setUint32(at + 4, step.type, true)
      bytes.set(step.caller, at + FIRST_WORD + 12)
      setWord(view, at + SECOND_WORD, step.gas)
    }
  }
  return bytes
}

/** 32 bytes, big-endian. */
function setWord(view: DataView, at: number, value: bigint): void {
  for (let limb = 0; limb < 4; limb++) {
    view.setBigUint64(at + 8 * limb, BigInt.asUintN(64, value >> BigInt(192 - 64 * limb)))
  }
}
