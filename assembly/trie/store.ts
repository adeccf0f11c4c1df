import { MAX_ROW } from '../abi/rows'
import { copyBytes } from '../mem/bulk'
import { CONTROL_TRIE } from '../mem/layout'
import { rowBuffer } from './context'

// Reading rows of a state store while a thread needs them, by an import, only where the state is of that
// kind. The thread would otherwise have to leave the transaction and run it again from its start, for each value
// that it reads first: decision 26 (docs/adr/0026-a-state-on-disk.md).
//
// Invariant: the import only reads and writes memory at `out`; it calls nothing of this instance.

/**
 * Length of the row with this key; -1: there is none, below: it cannot be read. Written to `out` where it has `room`.
 */
// @ts-ignore: decorator
@external('env', 'readRow')
declare function hostReadRow(key: usize, keyLength: u32, out: usize, room: u32): i32

/** u32: 1 where trie nodes and values come from a store. Written between blocks. */
const READS_STORE: usize = CONTROL_TRIE + 72

export function setReadsStore(reads: bool): void {
  atomic.store<u32>(READS_STORE, u32(reads))
}

// @ts-ignore: decorator
@inline
export function readsStore(): bool {
  return atomic.load<u32>(READS_STORE) != 0
}

export const ABSENT: i32 = -1

/** Starts a key; the address after its table's byte. */
export function startKey(table: u32): usize {
  store<u8>(rowBuffer, table)
  return rowBuffer + 1
}

export function keyBytesOf(at: usize, bytes: usize, length: usize): usize {
  copyBytes(at, bytes, length)
  return at + length
}

/** Where readRow leaves the row. */
// @ts-ignore: decorator
@inline
export function row(): usize {
  return rowBuffer + 128
}

/**
 * Reads the row whose key was started and ends at `end`: its length, ABSENT, or less than that when it cannot be
 * read.
 */
export function readRow(end: usize): i32 {
  const length = hostReadRow(rowBuffer, <u32>(end - rowBuffer), row(), <u32>MAX_ROW)
  return length > <i32>MAX_ROW ? -2 : length
}

/** The same for a row of any length: with `room` 0 its length only. */
export function readLongRow(end: usize, out: usize, room: u32): i32 {
  return hostReadRow(rowBuffer, <u32>(end - rowBuffer), out, room)
}
