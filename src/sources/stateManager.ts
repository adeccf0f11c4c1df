import type { StateManagerInterface } from '@ethereumjs/common'
import { Account, Address } from '@ethereumjs/util'
import type { StateDiff } from '../types.js'
import type { BaseAccount, StagedState, StateSource } from './source.js'

/**
 * The state of any @ethereumjs state manager: read on demand (a transaction that needs a value is parked meanwhile),
 * and written back after each block. Nobody else may change the state manager while the executor uses it.
 */
export function stateManagerState(stateManager: StateManagerInterface): StateSource {
  return {
    kind: 'async',
    attach(): void {},
    async account(address: Uint8Array): Promise<BaseAccount | undefined> {
      const at = new Address(address)
      const account = await stateManager.getAccount(at)
      if (account === undefined) return undefined
      const { nonce, balance, codeHash, storageRoot } = account
      return {
        nonce,
        balance,
        codeHash,
        storageRoot,
        ...(account.isContract() && { code: await stateManager.getCode(at) }),
      }
    },
    async storage(address: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
      return await stateManager.getStorage(new Address(address), key)
    },
    async stage(diff: StateDiff): Promise<StagedState> {
      await stateManager.checkpoint()
      try {
        await write(stateManager, diff)
        const root = await stateManager.getStateRoot()
        return { root, keep: () => stateManager.commit(), drop: () => stateManager.revert() }
      } catch (error) {
        await stateManager.revert()
        throw error
      }
    },
  }
}

async function write(stateManager: StateManagerInterface, diff: StateDiff): Promise<void> {
  for (const entry of diff) {
    const address = new Address(entry.address)
    if (!entry.exists) {
      await stateManager.deleteAccount(address)
      continue
    }
    const account = (await stateManager.getAccount(address)) ?? new Account()
    account.nonce = entry.nonce
    account.balance = entry.balance
    await stateManager.putAccount(address, account)
    if (entry.storageCleared) await stateManager.clearStorage(address)
    if (entry.code !== undefined) await stateManager.putCode(address, entry.code)
    for (const { key, value } of entry.storage) await stateManager.putStorage(address, key, trimZeros(value))
  }
}

function trimZeros(value: Uint8Array): Uint8Array {
  const start = value.findIndex((byte) => byte !== 0)
  return start < 0 ? new Uint8Array() : value.subarray(start)
}
