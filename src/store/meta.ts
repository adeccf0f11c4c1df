import { hexToBytes } from '@ethereumjs/util'
import { hex } from '../bytes.js'
import { corrupt, StoreError } from './errors.js'

/** Rises when what the rows mean changes. */
export const VERSION = 1

/** Where a chain stands. */
export interface Head {
  /** Of the last block. */
  number: bigint
  /** Its hash, 32 bytes. */
  hash: Uint8Array
  /** State root after the block, 32 bytes. */
  stateRoot: Uint8Array
}

/** The row that says what a store is. */
export interface Meta {
  /** Whose first state it was made with: see identityOf. */
  chain: string
  first: Head
  head: Head
  /** Blocks that were written since the first state; goes back when blocks are taken back. */
  sequence: number
  /** The lowest sequence whose undo record is there. */
  undoFrom: number
}

type HeadText = Record<keyof Head, string>

export function encodeMeta({ chain, first, head, sequence, undoFrom }: Meta): Uint8Array {
  const text = (at: Head) => ({ number: String(at.number), hash: hex(at.hash), stateRoot: hex(at.stateRoot) })
  const fields = { version: VERSION, chain, first: text(first), head: text(head), sequence, undoFrom }
  return Buffer.from(JSON.stringify(fields))
}

/** @throws StoreError STORE_VERSION, STORE_CORRUPT */
export function decodeMeta(row: Uint8Array, path: string | undefined): Meta {
  let fields: Pick<Meta, 'chain' | 'sequence' | 'undoFrom'> & { version: number; first: HeadText; head: HeadText }
  try {
    fields = JSON.parse(Buffer.from(row).toString())
  } catch (cause) {
    throw corrupt('its description is no JSON', path, cause)
  }
  if (fields.version !== VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `the state store${path === undefined ? '' : ` ${path}`} has version ${fields.version}, and this package reads ` +
        `version ${VERSION}: use the package that made it, or import the chain into another folder`,
      path === undefined ? {} : { path },
    )
  }
  const headOf = ({ number, hash, stateRoot }: HeadText): Head => ({
    number: BigInt(number),
    hash: hexToBytes(`0x${hash}`),
    stateRoot: hexToBytes(`0x${stateRoot}`),
  })
  const { chain, sequence, undoFrom } = fields
  return { chain, sequence, undoFrom, first: headOf(fields.first), head: headOf(fields.head) }
}
