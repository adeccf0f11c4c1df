import { existsSync, readdirSync } from 'node:fs'
import { sameBytes } from '../bytes.js'
import type { ReaderSpec, RowBlock, RowReader, RowStore } from '../sources/rows.js'
import type { AttachedTo, BaseWriter, StagedState } from '../sources/source.js'
import type { EngineBatch, StorageEngine } from './engine.js'
import { StoreError, storeError } from './errors.js'
import type { FirstState } from './firstState.js'
import { blockKey, hashKey, listKey, META, NOTE, undoKey } from './keys.js'
import { decodeMeta, encodeMeta, type Head, type Meta } from './meta.js'
import type { StateStore, StoreOptions } from './stateStore.js'
import { undo } from './undo.js'
import { applyChanges, type KeptBlock, writeBlock } from './writeBlock.js'

/**
 * The rows of an engine as a state.
 *
 * Invariants: what the engine holds is the state after a whole block. Blocks that are kept and not written yet changed only
 * values and nodes that the executor has in memory, so that no thread asks the engine for them; before it forgets any of them
 * it flushes.
 */
export class RowState implements StateStore, RowStore {
  readonly kind = 'store'
  readonly #openEngine: () => Promise<StorageEngine>
  readonly #path: string | undefined
  readonly #firstState: FirstState | undefined
  readonly #undo: number
  readonly #checkpoint: number
  #engine: StorageEngine | undefined
  /** Of the engine. */
  #written: Meta | undefined
  #pending: KeptBlock[] = []
  /** Blocks that are not executed yet, by their numbers. */
  readonly #bodies = new Map<bigint, Pick<KeptBlock, 'body' | 'accessList'>>()
  #note: Uint8Array | undefined

  constructor(
    openEngine: () => Promise<StorageEngine>,
    path: string | undefined,
    firstState: FirstState | undefined,
    { undo = 128, checkpoint = 1 }: StoreOptions,
  ) {
    this.#openEngine = openEngine
    this.#path = path
    this.#firstState = firstState
    this.#undo = undo
    this.#checkpoint = checkpoint
  }

  // --- What the user sees -----------------------------------------------------------------------------------------------

  async open(): Promise<void> {
    if (this.#engine !== undefined) return
    const engine = await this.#openEngine()
    try {
      const row = engine.get(META)
      this.#written = row && decodeMeta(row, this.#path)
      if (this.#written !== undefined) this.#firstState?.check(this.#written, this.#path)
    } catch (error) {
      engine.close()
      throw storeError('reading what it is', error, this.#path)
    }
    this.#engine = engine
  }

  get engine(): StorageEngine {
    if (this.#engine === undefined) throw new StoreError('STORE_FAILED', 'the state store is not open: call open first')
    return this.#engine
  }

  get head(): Head | undefined {
    return this.#pending.at(-1) ?? this.#written?.head
  }

  get first(): Head | undefined {
    return this.#written?.first
  }

  get revertible(): number {
    if (this.#written === undefined) return 0
    const { sequence, undoFrom } = this.#written
    return Math.min(this.#undo, sequence - undoFrom + 1 + this.#pending.length)
  }

  blockHash(number: bigint): Uint8Array | undefined {
    const kept = this.#pending.find((block) => block.number === number)
    return kept?.hash ?? this.engine.get(hashKey(number))?.slice()
  }

  blockRlp(number: bigint): Uint8Array | undefined {
    return this.engine.get(blockKey(number))?.slice()
  }

  blockAccessList(number: bigint): Uint8Array | undefined {
    return this.engine.get(listKey(number))?.slice()
  }

  keepBlock(number: bigint, rlp: Uint8Array, accessList?: Uint8Array): void {
    this.#bodies.set(number, { body: rlp, ...(accessList && { accessList }) })
  }

  get note(): string | undefined {
    const row = this.#note === undefined ? this.engine.get(NOTE) : this.#note
    return row === undefined || row.length === 0 ? undefined : Buffer.from(row).toString()
  }

  set note(text: string | undefined) {
    this.#note = Buffer.from(text ?? '')
  }

  flush(): void {
    if (this.#pending.length > 0 || this.#note !== undefined) this.#write(this.#pending)
  }

  async snapshot(folder: string): Promise<void> {
    this.flush()
    const { engine } = this
    if (engine.copyTo === undefined) throw new StoreError('STORE_FAILED', 'this storage engine makes no copies')
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw new StoreError('STORE_FAILED', `${folder} is not empty: name another folder for the copy`, { path: folder })
    }
    await engine.copyTo(folder)
  }

  async close(): Promise<void> {
    const engine = this.#engine
    if (engine === undefined) return
    try {
      this.flush()
    } finally {
      this.#engine = undefined
      this.#pending = []
      engine.close()
    }
  }

  // --- What the executor sees -------------------------------------------------------------------------------------------

  async attach(writer: BaseWriter, to: AttachedTo): Promise<void> {
    await this.open()
    this.flush()
    const { head } = this
    if (head !== undefined) writer.setTrieRoot(head.stateRoot)
    else if (this.#firstState !== undefined) this.#firstState.put(writer, to)
    else {
      const where = this.#path === undefined ? '' : ` ${this.#path}`
      throw new StoreError('STORE_EMPTY', `the state store${where} holds no state yet: give it a \`genesis\``)
    }
  }

  detach(): Promise<void> {
    return this.close()
  }

  rows(): RowStore {
    return this
  }

  get reader(): RowReader {
    return this.engine
  }

  get spec(): ReaderSpec {
    return this.engine.spec
  }

  get found(): RowStore['found'] {
    return this.#written === undefined ? (stateRoot, changes) => this.#found(stateRoot, changes) : undefined
  }

  #found(stateRoot: Uint8Array, changes: Uint8Array): void {
    const firstState = this.#firstState as FirstState
    const first = firstState.headOf(stateRoot)
    const meta: Meta = { chain: firstState.chain, first, head: first, sequence: 0, undoFrom: 1 }
    this.#batch((batch) => {
      this.#checkSame(batch, undefined)
      applyChanges(batch, changes)
      batch.put(hashKey(first.number), first.hash)
      batch.put(META, encodeMeta(meta))
    })
    this.#written = meta
  }

  stageBlock(block: RowBlock): StagedState {
    return {
      root: block.stateRoot,
      keep: async () => {
        const kept = [...this.#pending, { ...block, changes: block.changes(), ...this.#bodies.get(block.number) }]
        if (kept.length >= this.#checkpoint) this.#write(kept)
        else this.#pending = kept
        this.#bodies.delete(block.number)
      },
      drop: async () => {},
    }
  }

  #write(blocks: readonly KeptBlock[]): void {
    const before = this.#written as Meta
    this.#written = this.#batch((batch) => {
      this.#checkSame(batch, before)
      this.#writeNote(batch)
      return blocks.reduce((meta, block) => writeBlock(batch, meta, block, this.#undo), before)
    })
    this.#pending = []
    this.#note = undefined
  }

  #writeNote(batch: EngineBatch): void {
    if (this.#note !== undefined) batch.put(NOTE, this.#note)
  }

  #batch<T>(work: (batch: EngineBatch) => T): T {
    try {
      return this.engine.write(work)
    } catch (error) {
      throw storeError('writing', error, this.#path)
    }
  }

  /** Whoever else has written since makes this batch void: a lock of the folder alone does not keep everybody out. */
  #checkSame(batch: EngineBatch, meta: Meta | undefined): void {
    const row = batch.get(META)
    const expected = meta && encodeMeta(meta)
    if (row === undefined ? expected === undefined : expected !== undefined && sameBytes(row, expected)) return
    throw new StoreError(
      'STORE_LOCKED',
      `the state store${this.#path === undefined ? '' : ` ${this.#path}`} was written by somebody else since it was opened`,
    )
  }

  revert(blocks: number): { stateRoot: Uint8Array; keys: Uint8Array[] } {
    // The note is of the state that the revert leads to, and stays to be written when the blocks cannot be.
    const note = this.#note
    this.#note = undefined
    try {
      this.flush()
    } finally {
      this.#note = note
    }
    const { revertible } = this
    if (blocks > revertible) {
      throw new StoreError(
        'CANNOT_REVERT',
        `${blocks} blocks cannot be taken back: the store has what it takes for ${revertible} (option \`undo\`)`,
      )
    }
    const before = this.#written as Meta
    const keys: Uint8Array[] = []
    this.#written = this.#batch((batch) => {
      this.#checkSame(batch, before)
      this.#writeNote(batch)
      for (let i = 0; i < blocks; i++) {
        const record = batch.get(undoKey(before.sequence - i))
        if (record === undefined) throw new StoreError('STORE_CORRUPT', 'an undo record of the state store is missing')
        keys.push(...undo(record, batch))
        batch.delete(undoKey(before.sequence - i))
      }
      const meta = decodeMeta(batch.get(META) ?? new Uint8Array(), this.#path)
      // Records that were forgotten since are still forgotten.
      const now = { ...meta, undoFrom: Math.max(meta.undoFrom, before.undoFrom) }
      batch.put(META, encodeMeta(now))
      return now
    })
    this.#note = undefined
    return { stateRoot: this.#written.head.stateRoot, keys }
  }
}
