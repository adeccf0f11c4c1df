// DIFF records written by hand, and the state root stage run over them by one thread or several.

import { Worker } from 'node:worker_threads'
import * as abi from '../../src/abi/core.generated.js'
import { Status } from '../../src/abi/core.generated.js'
import { putWord, putWordBytes } from '../../src/abi/word256.js'
import { BlockCore } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import { compile, createMemory, instantiate } from '../../src/wasm/instance.js'
import { rootResult } from '../../src/wasm/stateRoot.js'

export const EMPTY_CODE = Buffer.from('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470', 'hex')
const EXISTS = 1
const CLEARED = 2

export interface AccountChange {
  address: Uint8Array
  /** Undefined: the account is gone. */
  after?: { nonce: bigint; balance: bigint; codeHash: Uint8Array }
  cleared?: boolean
  /** Key and value, at most 32 bytes each; no bytes: 0. */
  storage?: readonly (readonly [Uint8Array, Uint8Array])[]
}

export function newBlockCore(maxBytes = 2 ** 30): BlockCore {
  const memory = createMemory({ maxBytes })
  const block = new BlockCore(new Core(memory, instantiate(compile(), memory)), 0)
  block.initTables(1n)
  return block
}

/** Writes the records and prepares the stage over them; returns where they are. */
export function prepare(block: BlockCore, changes: readonly AccountChange[]): { diffs: number; count: number } {
  const { core, exports } = block
  const handles = changes.map(({ address, storage = [] }) => {
    const account = block.account(address)
    return { account, slots: storage.map(([key]) => block.slot(account, key)) }
  })
  const slots = changes.reduce((sum, { storage = [] }) => sum + storage.length, 0)
  const size = 4 * changes.length + 16 + changes.length * abi.DIFF_SIZE + slots * (4 + abi.DSLOT_SIZE + 16)
  const records = exports.takeChunks(Math.ceil(size / 262144)) >>> 0
  if (records === 0) throw new Error('out of space')
  const { bytes, view } = core
  let at = align(records + 4 * changes.length)
  for (const [i, { after, cleared = false, storage = [] }] of changes.entries()) {
    const diff = at
    at += abi.DIFF_SIZE
    bytes.fill(0, diff, at)
    const handle = handles[i]!
    view.setUint32(records + 4 * i, diff, true)
    view.setUint32(diff + abi.DIFF_ACCOUNT, handle.account, true)
    view.setUint32(diff + abi.DIFF_FLAGS, (after ? EXISTS : 0) | (cleared || !after ? CLEARED : 0), true)
    if (after === undefined) continue
    view.setBigUint64(diff + abi.DIFF_NONCE, after.nonce, true)
    putWord(view, diff + abi.DIFF_BALANCE, after.balance)
    bytes.set(after.codeHash, diff + abi.DIFF_CODE_HASH)
    view.setUint32(diff + abi.DIFF_SLOTS, at, true)
    view.setUint32(diff + abi.DIFF_SLOT_COUNT, storage.length, true)
    let change = align(at + 4 * storage.length)
    for (const [j, [, value]] of storage.entries()) {
      view.setUint32(at + 4 * j, change, true)
      view.setUint32(change + abi.DSLOT_SLOT, handle.slots[j]!, true)
      putWordBytes(bytes, change + abi.DSLOT_VALUE, value)
      change += abi.DSLOT_SIZE
    }
    at = align(change)
  }
  exports.rootPrepare(records, changes.length, exports.stateTrie() >>> 0)
  return { diffs: records, count: changes.length }
}

const align = (address: number) => (address + 15) & ~15

/** The stage in this thread alone. */
export function rootAlone(block: BlockCore): Uint8Array {
  block.exports.rootWork()
  return rootResult(block.core)
}

/** Threads 1 to n on a memory, each of which takes part in the stage when told. */
export class RootPool {
  readonly #workers: Worker[] = []

  static async start(block: BlockCore, threads: number): Promise<RootPool> {
    const pool = new RootPool()
    for (let thread = 1; thread <= threads; thread++) {
      const workerData = { memory: block.core.memory, thread }
      pool.#workers.push(new Worker(new URL('./rootWorker.js', import.meta.url), { workerData }))
    }
    await Promise.all(pool.#workers.map(answer))
    return pool
  }

  /** All threads of the pool, and not the calling one, work; their statuses. */
  async work(): Promise<number[]> {
    const answers = this.#workers.map(answer)
    for (const worker of this.#workers) worker.postMessage('work')
    return Promise.all(answers)
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

function answer(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once('message', (status: number) => {
      worker.off('error', reject)
      resolve(status)
    })
    worker.once('error', reject)
  })
}

/** The stage in the pool's threads. */
export async function rootTogether(block: BlockCore, pool: RootPool): Promise<Uint8Array> {
  const statuses = await pool.work()
  if (statuses.some((status) => status !== statuses[0])) throw new Error(`threads disagree: ${statuses}`)
  const root = rootResult(block.core)
  if (statuses[0] !== Status.OK) throw new Error(`status ${statuses[0]} and a root`)
  return root
}
