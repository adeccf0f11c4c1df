import type { StateManagerInterface } from '@ethereumjs/common'
import { Account, Address } from '@ethereumjs/util'
import { check } from '../door/shape.js'
import type { StateDiff, StateDiffAccount } from '../types.js'
import { StateUnknownError } from './errors.js'
import { invalidState, STATE_MANAGER } from './inputs.js'
import type { BaseAccount, StagedState, StateSource } from './source.js'

/** A trie of @ethereumjs whose database failed stays locked: what comes after waits without end. */
const REVERT_TIMEOUT_MS = 10_000

/**
 * The state of any state manager of ethereumjs: read on demand (a transaction that needs a value is parked meanwhile),
 * and written back after each block. Nobody else may change the state manager while the executor uses it: blocks with a
 * root notice and throw a StateChangedError. One that has no roots (SimpleStateManager) takes `root: false`.
 * @throws InvalidStateError
 */
export function stateManagerState(stateManager: StateManagerInterface): StateSource {
  check(STATE_MANAGER, stateManager, 'stateManager', invalidState)
  const reads = new Set<Promise<unknown>>()
  // Invariant: no read is under way while something is written. A read that began before would put what it found into the
  // caches of the state manager after it.
  const reading = <T>(read: Promise<T>): Promise<T> => {
    reads.add(read)
    return read.finally(() => reads.delete(read))
  }
  const quiet = (): Promise<unknown> => Promise.allSettled(reads)
  return {
    kind: 'async',
    attach(): void {},
    account: (address) => reading(readAccount(stateManager, new Address(address))),
    storage: (address, key) => reading(stateManager.getStorage(new Address(address), key)),
    async root(): Promise<Uint8Array> {
      await quiet()
      return await stateManager.getStateRoot()
    },
    async stage(diff: StateDiff, { root: wantsRoot }: { root: boolean }): Promise<StagedState> {
      await quiet()
      await stateManager.checkpoint()
      try {
        for (const entry of diff) await write(stateManager, entry)
        const root = wantsRoot ? await stateManager.getStateRoot() : undefined
        return { ...staged(stateManager, wantsRoot), ...(root && { root }) }
      } catch (error) {
        await revert(stateManager, wantsRoot).catch((cause: unknown) => {
          throw new StateUnknownError(`the state manager failed (${error}) and could not be reverted`, cause)
        })
        throw error
      }
    },
  }
}

async function readAccount(stateManager: StateManagerInterface, at: Address): Promise<BaseAccount | undefined> {
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
}

function staged(stateManager: StateManagerInterface, rootAsked: boolean): StagedState {
  let torn = false
  return {
    async keep(): Promise<void> {
      try {
        await stateManager.commit()
      } catch (error) {
        // The checkpoint may be gone already: a revert now could take back one that is not ours.
        torn = true
        throw error
      }
    },
    async drop(): Promise<void> {
      if (torn) throw new Error('a checkpoint whose commit failed cannot be reverted')
      await revert(stateManager, rootAsked)
    },
  }
}

async function revert(stateManager: StateManagerInterface, rootAsked: boolean): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const late = new Error(`it did not revert within ${REVERT_TIMEOUT_MS} ms`)
    timer = setTimeout(() => reject(late), REVERT_TIMEOUT_MS)
  })
  try {
    await Promise.race([stateManager.revert(), timeout])
  } finally {
    clearTimeout(timer)
  }
  // Asking for a root writes caches through to the trie, after which they no longer know what to take back. Without it
  // they do, and may be all there is of the state.
  if (rootAsked) stateManager.clearCaches()
}

/** What the account was is taken away first, field by field: not every state manager forgets it with the account. */
async function write(stateManager: StateManagerInterface, entry: StateDiffAccount): Promise<void> {
  const address = new Address(entry.address)
  const before = await stateManager.getAccount(address)
  if (!entry.exists) {
    if (before === undefined) return
    await stateManager.clearStorage(address)
    if (before.isContract()) await stateManager.putCode(address, new Uint8Array())
    await stateManager.deleteAccount(address)
    return
  }
  const account = before ?? new Account()
  account.nonce = entry.nonce
  account.balance = entry.balance
  await stateManager.putAccount(address, account)
  if (entry.storageCleared) await stateManager.clearStorage(address)
  if (entry.code !== undefined) await stateManager.putCode(address, entry.code)
  for (const { key, value } of entry.storage) await stateManager.putStorage(address, key, trimZeros(value))
}

function trimZeros(value: Uint8Array): Uint8Array {
  const start = value.findIndex((byte) => byte !== 0)
  return start < 0 ? new Uint8Array() : value.subarray(start)
}
