// A state as plain maps, to which the differences of blocks are added.
import type { FlatAccount } from '../../blockFiles/types.js'
import { hex, isZero } from '../../bytes.js'
import type { StateDiff } from '../../types.js'

interface Entry extends Omit<FlatAccount, 'storage'> {
  storage: Map<string, Uint8Array>
}

export class FlatTotals {
  readonly #accounts = new Map<string, Entry>()

  constructor(accounts: readonly FlatAccount[]) {
    for (const { storage, ...account } of accounts) {
      const slots = new Map(storage.map(([key, value]) => [hex(key), value]))
      this.#accounts.set(hex(account.address), { ...account, storage: slots })
    }
  }

  add(diff: StateDiff): void {
    for (const { address, exists, nonce, balance, codeHash, storageCleared, storage } of diff) {
      const name = hex(address)
      if (!exists) {
        this.#accounts.delete(name)
        continue
      }
      const old = storageCleared ? undefined : this.#accounts.get(name)
      const slots = old?.storage ?? new Map<string, Uint8Array>()
      for (const { key, value } of storage) {
        if (isZero(value)) slots.delete(hex(key))
        else slots.set(hex(key), value)
      }
      this.#accounts.set(name, { address, nonce, balance, codeHash, storage: slots })
    }
  }

  accounts(): FlatAccount[] {
    return [...this.#accounts.values()].map(({ storage, ...account }) => ({
      ...account,
      storage: [...storage].map(([key, value]) => [new Uint8Array(Buffer.from(key, 'hex')), value]),
    }))
  }
}
