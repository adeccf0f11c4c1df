import { CHANGE_HEAD, CHANGE_KEY_LENGTH, CHANGE_KIND, CHANGE_VALUE_LENGTH } from '../abi/rows'
import { bufferReserve, bufferTrim } from '../mem/buffer'
import { copyBytes } from '../mem/bulk'
import { CONTROL_TRIE } from '../mem/layout'
import { rowBuffer } from '../trie/context'

// A list of changes of rows (abi/rows.ts), one after another in one piece of memory. Used by one thread, between the
// end of a block's root and that of the block.

/** Descriptor of the buffer (mem/buffer.ts). */
const BUFFER: usize = CONTROL_TRIE + 80

/** Bytes of the list so far. */
export let changesLength: usize = 0

/** Address of the list. */
export function changesAt(): usize {
  return load<u32>(BUFFER)
}

export function clearChanges(): void {
  changesLength = 0
}

/** Gives the memory back. */
export function freeChanges(): void {
  changesLength = 0
  bufferTrim(BUFFER, 0)
}

/**
 * Begins a change of the row whose key fills `keyLength` bytes from rowBuffer on, with room for a value of `room`
 * bytes: where the value is to be written, 0 when out of space.
 */
export function beginChange(kind: u32, keyLength: usize, room: usize): usize {
  const head = changesLength
  if (!bufferReserve(BUFFER, head, head + CHANGE_HEAD + keyLength + room)) return 0
  const at = changesAt() + head
  store<u16>(at, keyLength, CHANGE_KEY_LENGTH)
  store<u16>(at, kind, CHANGE_KIND)
  copyBytes(at + CHANGE_HEAD, rowBuffer, keyLength)
  return at + CHANGE_HEAD + keyLength
}

/** The change that was begun has a value of `length` bytes. */
export function endChange(length: usize): void {
  const at = changesAt() + changesLength
  store<u32>(at, <u32>length, CHANGE_VALUE_LENGTH)
  changesLength += CHANGE_HEAD + <usize>load<u16>(at, CHANGE_KEY_LENGTH) + length
}
