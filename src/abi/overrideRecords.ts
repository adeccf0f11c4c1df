// Writes what a question supposes of the state: the overrides in assembly/abi/transaction.ts.
import * as abi from './core.generated.js'
import { putWord, putWordBytes } from './word256.js'

/** An account as a question has it; what is absent is as in the state. */
export interface AccountOverride {
  /** 20 bytes. */
  address: Uint8Array
  nonce?: bigint | undefined
  /** wei */
  balance?: bigint | undefined
  code?: Uint8Array | undefined
  /** Keys and values, 32 bytes big-endian each: all that there is. */
  state?: readonly (readonly [key: Uint8Array, value: Uint8Array])[] | undefined
  /** The same, beside what there is. */
  stateDiff?: readonly (readonly [key: Uint8Array, value: Uint8Array])[] | undefined
}

function slotsOf({ state = [], stateDiff = [] }: AccountOverride) {
  return [...state, ...stateDiff]
}

/** Bytes that putOverrides writes. */
export function overridesSize(overrides: readonly AccountOverride[]): number {
  let size = 0
  for (const override of overrides) {
    size += abi.OV_SIZE + abi.OV_SLOT_SIZE * slotsOf(override).length + (override.code?.length ?? 0)
  }
  return size
}

/** Writes them at `at`, offset in the record; what follows begins at the offset returned. */
export function putOverrides(bytes: Uint8Array, at: number, overrides: readonly AccountOverride[]): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  let body = at + abi.OV_SIZE * overrides.length
  for (const [index, override] of overrides.entries()) {
    const entry = at + abi.OV_SIZE * index
    const { address, nonce, balance, code, state } = override
    const slots = slotsOf(override)
    bytes.set(address, entry + abi.OV_ADDRESS)
    view.setUint32(
      entry + abi.OV_FLAGS,
      (nonce === undefined ? 0 : abi.OVERRIDE_NONCE) |
        (balance === undefined ? 0 : abi.OVERRIDE_BALANCE) |
        (code === undefined ? 0 : abi.OVERRIDE_CODE) |
        (state === undefined ? 0 : abi.OVERRIDE_STORAGE),
      true,
    )
    view.setBigUint64(entry + abi.OV_NONCE, nonce ?? 0n, true)
    putWord(view, entry + abi.OV_BALANCE, balance ?? 0n)
    view.setUint32(entry + abi.OV_SLOTS, body, true)
    view.setUint32(entry + abi.OV_SLOT_COUNT, slots.length, true)
    for (const [key, value] of slots) {
      putWordBytes(bytes, body, key)
      putWordBytes(bytes, body + abi.OV_SLOT_VALUE, value)
      body += abi.OV_SLOT_SIZE
    }
    view.setUint32(entry + abi.OV_CODE, body, true)
    view.setUint32(entry + abi.OV_CODE_LENGTH, code?.length ?? 0, true)
    if (code !== undefined) {
      bytes.set(code, body)
      body += code.length
    }
  }
  return body
}
