import { CHANGE_HEAD, CHANGE_KEY_LENGTH, CHANGE_KIND, CHANGE_VALUE_LENGTH } from '../abi/core.generated.js'
import type { BlockCore } from './blockCore.js'

/** A change of a row (assembly/abi/rows.ts). */
export interface RowChange {
  /** One of `Change`. */
  readonly kind: number
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/**
 * What the executed block changes in the rows of a state store, as bytes of the caller's own. Once there is its root, before
 * that is kept or dropped.
 * @throws OutOfSpaceError, MissingStateError, MalformedStateError
 */
export function listChanges(block: BlockCore): Uint8Array {
  const { exports } = block
  const status = exports.listChanges()
  const list = block.core.read(exports.changesAt() >>> 0, exports.changesLength.value >>> 0)
  exports.freeChanges()
  block.check(status, 'the state store')
  return list
}

/** The changes in a list, as views of it. */
export function* changesIn(list: Uint8Array): Generator<RowChange, void, undefined> {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength)
  for (let at = 0; at < list.length; ) {
    const key = at + CHANGE_HEAD
    const value = key + view.getUint16(at + CHANGE_KEY_LENGTH, true)
    const end = value + view.getUint32(at + CHANGE_VALUE_LENGTH, true)
    yield {
      kind: view.getUint16(at + CHANGE_KIND, true),
      key: list.subarray(key, value),
      value: list.subarray(value, end),
    }
    at = end
  }
}
