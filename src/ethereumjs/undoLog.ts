// What every plain state of @ethereumjs needs: taking changes back, and values as they were at the start of a transaction.
import type { StateManagerInterface } from '@ethereumjs/common'
import type { Address } from '@ethereumjs/util'
import { hex } from '../bytes.js'

/** How to take back what was done since each open checkpoint. */
export class UndoLog {
  #steps: (() => void)[] = []
  readonly #checkpoints: number[] = []

  push(undo: () => void): void {
    this.#steps.push(undo)
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#steps.length)
  }

  /** With the last checkpoint nothing can be taken back any more. */
  commit(): void {
    this.#checkpoints.pop()
    if (this.#checkpoints.length === 0) this.#steps = []
  }

  revert(): void {
    const length = this.#checkpoints.pop() ?? 0
    while (this.#steps.length > length) this.#steps.pop()!()
  }
}

/** EIP-2200 wants the value at the start of the transaction: the first one that anybody asks for. */
export function firstSeen(
  read: (address: Address, key: Uint8Array) => Uint8Array,
): StateManagerInterface['originalStorageCache'] {
  const seen = new Map<string, Uint8Array>()
  return {
    get: async (address, key) => {
      const slot = hex(address.bytes) + hex(key)
      let value = seen.get(slot)
      if (value === undefined) {
        value = read(address, key)
        seen.set(slot, value)
      }
      return value
    },
    clear: () => seen.clear(),
  }
}
