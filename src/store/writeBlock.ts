// A block as changes of rows, inside a batch.
import { Change } from '../abi/core.generated.js'
import { BLOCKHASH_WINDOW } from '../block/ancestors.js'
import type { RowBlock } from '../sources/rows.js'
import { changesIn } from '../wasm/changes.js'
import type { EngineBatch } from './engine.js'
import { blockKey, hashKey, listKey, META, undoKey } from './keys.js'
import { encodeMeta, type Meta } from './meta.js'
import { UndoRecord } from './undo.js'

/** A block that was kept, with its changes. */
export interface KeptBlock extends Omit<RowBlock, 'changes'> {
  readonly changes: Uint8Array
  /** RLP of the block, where it is to be kept. */
  readonly body?: Uint8Array
  /** RLP of its access list, where one came with it. */
  readonly accessList?: Uint8Array
}

/** Blocks whose hashes BLOCKHASH can ask for. */
const REACH = BigInt(BLOCKHASH_WINDOW)

/** Writes the block that follows `meta`; what the store is then. `keep`: how many of the last blocks can be undone. */
export function writeBlock(batch: EngineBatch, meta: Meta, block: KeptBlock, keep: number): Meta {
  const { number, hash, stateRoot } = block
  const undo = keep > 0 ? new UndoRecord() : undefined
  applyChanges(batch, block.changes, undo)
  const sequence = meta.sequence + 1
  const next: Meta = { ...meta, head: { number, hash, stateRoot }, sequence }
  setRow(batch, hashKey(number), hash, undo)
  if (number >= REACH) setRow(batch, hashKey(number - REACH), undefined, undo)
  if (block.body !== undefined) {
    batch.put(blockKey(number), block.body)
    // That of a block which was taken back must not stay with this one.
    if (block.accessList === undefined) batch.delete(listKey(number))
    else batch.put(listKey(number), block.accessList)
  }
  if (undo !== undefined) {
    undo.add(META, encodeMeta(meta))
    batch.put(undoKey(sequence), undo.bytes)
  }
  next.undoFrom = forgetUndo(batch, next, keep)
  batch.put(META, encodeMeta(next))
  return next
}

/** Deletes undo records that are older than the last `keep`; the lowest that is left. */
function forgetUndo(batch: EngineBatch, { sequence, undoFrom }: Meta, keep: number): number {
  const from = Math.max(undoFrom, sequence - keep + 1)
  for (let old = undoFrom; old < from; old++) batch.delete(undoKey(old))
  return from
}

/** Applies a list of the core. */
export function applyChanges(batch: EngineBatch, changes: Uint8Array, undo?: UndoRecord): void {
  for (const { kind, key, value } of changesIn(changes)) {
    if (kind === Change.DELETE_ALL) for (const [row] of batch.range(key)) setRow(batch, row, undefined, undo)
    else setRow(batch, key, kind === Change.DELETE ? undefined : value, undo)
  }
}

function setRow(
  batch: EngineBatch,
  key: Uint8Array,
  value: Uint8Array | undefined,
  undo: UndoRecord | undefined,
): void {
  undo?.add(key, batch.get(key))
  if (value === undefined) batch.delete(key)
  else batch.put(key, value)
}
