// The container of era1 files: entries of a type (2 bytes), a length (4) and two bytes of zeros, little-endian; then the data.
import type { PiecewiseFile } from './chainFile.js'
import { malformed } from './errors.js'

export const ENTRY = {
  VERSION: 0x3265,
  HEADER: 0x03,
  BODY: 0x04,
  RECEIPTS: 0x05,
  TOTAL_DIFFICULTY: 0x06,
  ACCUMULATOR: 0x07,
  BLOCK_INDEX: 0x3266,
} as const

const HEAD = 8

export interface E2Entry {
  type: number
  /** Of its data. */
  start: number
  end: number
}

/**
 * The entry at `at`; undefined where the file ends before it does.
 * @throws FixtureError when there is none
 */
export function entryAt(file: PiecewiseFile, at: number): E2Entry | undefined {
  const head = file.at(at, HEAD)
  if (head.length < HEAD) return undefined
  const view = new DataView(head.buffer, head.byteOffset, HEAD)
  if (view.getUint16(6, true) !== 0) throw malformed(file.path, '', `has no entry of e2store at byte ${at}`)
  const start = at + HEAD
  const end = start + view.getUint32(2, true)
  return end > file.size ? undefined : { type: view.getUint16(0, true), start, end }
}
