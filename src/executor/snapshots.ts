// What takes the state back to where it was: of each open snapshot, the values before it of what changed since.
import { hex, sameBytes } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import type { StateAccount, StateDiff } from '../types.js'
import type { BlockCore } from '../wasm/blockCore.js'
import type { AccountWrite } from './accountWrite.js'
import type { BlockInput } from './blockInput.js'

/** Reads the state before a block that is about to be kept. */
interface Reader {
  account(address: Uint8Array): Promise<StateAccount | undefined>
  storage(address: Uint8Array, key: Uint8Array): Promise<Uint8Array>
}

interface Before {
  address: Uint8Array
  account: StateAccount | undefined
  /** Key to value, 32 bytes each. */
  slots: Map<string, [key: Uint8Array, value: Uint8Array]>
  /** Slots are gone whose values nobody could tell. */
  lost: boolean
}

interface Snapshot {
  id: number
  latest: Pick<BlockInput, 'header' | 'hash' | 'blockHashes'> | undefined
  /** By address. The values of the first change since then are those at the snapshot. */
  changed: Map<string, Before>
}

/**
 * Invariant: the last snapshot holds all that changed since it, an earlier one all that changed up to the next. So each change
 * is noted once, whatever the number of snapshots.
 */
export class Snapshots {
  readonly #block: BlockCore
  /** All slots of an account are in memory. */
  readonly #complete: boolean
  #open: Snapshot[] = []
  #next = 1

  constructor(block: BlockCore, complete: boolean) {
    this.#block = block
    this.#complete = complete
  }

  take(latest: Snapshot['latest']): number {
    this.#open.push({ id: this.#next, latest, changed: new Map() })
    return this.#next++
  }

  /** Before the base state, or what the source keeps, becomes the one after a block. @throws as StateReader.account */
  async note(diff: () => StateDiff, reader: () => Reader): Promise<void> {
    const last = this.#open.at(-1)
    if (last === undefined) return
    const read = reader()
    for (const change of diff()) {
      const name = hex(change.address)
      let before = last.changed.get(name)
      if (before === undefined) {
        before = {
          address: change.address,
          account: await read.account(change.address),
          slots: new Map(),
          lost: false,
        }
        last.changed.set(name, before)
      }
      for (const { key } of change.storage) await noteSlot(before, key, read)
      if (!change.storageCleared && change.exists) continue
      if (this.#complete) for (const key of this.#block.baseSlotKeys(change.address)) await noteSlot(before, key, read)
      else
        before.lost ||= before.account !== undefined && !sameBytes(before.account.codeHash, this.#block.codeHashOf(0))
    }
  }

  /**
   * What brings the state back to that of a snapshot.
   * @throws ParallevmError CANNOT_REVERT
   */
  back(id: number): { writes: AccountWrite[]; latest: Snapshot['latest'] } {
    const at = this.#open.findIndex((snapshot) => snapshot.id === id)
    if (at < 0) {
      const open = this.#open.length === 0 ? 'none is open' : `open are ${this.#open.map((one) => one.id).join(', ')}`
      throw new ParallevmError(
        'CANNOT_REVERT',
        `there is no snapshot ${id}: ${open}; each is gone once it or an earlier one was reverted to`,
      )
    }
    const all = new Map<string, Before>()
    for (const { changed } of this.#open.slice(at)) for (const [name, before] of changed) add(all, name, before)
    for (const { address, lost } of all.values()) {
      if (!lost) continue
      const problem =
        'its storage was cleared, and this state does not know all that was in it: take snapshots of a memoryState'
      throw new ParallevmError('CANNOT_REVERT', `account 0x${hex(address)}: ${problem}`)
    }
    return { writes: [...all.values()].map(writeOf), latest: this.#open[at]?.latest }
  }

  /** The state is that of the snapshot, which is gone, as are the later ones. */
  reverted(id: number): void {
    this.#open = this.#open.filter((snapshot) => snapshot.id < id)
  }
}

async function noteSlot({ address, slots }: Before, key: Uint8Array, reader: Reader): Promise<void> {
  const name = hex(key)
  if (!slots.has(name)) slots.set(name, [key, await reader.storage(address, key)])
}

/** What is there already was noted earlier and is older. */
function add(all: Map<string, Before>, name: string, { address, account, slots, lost }: Before): void {
  const older = all.get(name)
  if (older === undefined) all.set(name, { address, account, slots: new Map(slots), lost })
  else {
    for (const [key, slot] of slots) if (!older.slots.has(key)) older.slots.set(key, slot)
    // What was put into a storage that the older one knows to be empty is not missed.
    older.lost ||= lost && older.account !== undefined
  }
}

function writeOf({ address, account, slots }: Before): AccountWrite {
  if (account === undefined)
    return { address, exists: false, nonce: 0n, balance: 0n, code: new Uint8Array(0), clears: true, slots: [] }
  return { address, exists: true, ...account, clears: false, slots: [...slots.values()] }
}
