// Rows of the host's own, beside those of the core (assembly/abi/rows.ts).

/** What the store is, and where its chain stands. */
export const META = Uint8Array.of(0x6d)

/** A text of the program's own. */
export const NOTE = Uint8Array.of(0x72)

const UNDO = 0x75
const HASHES = 0x68
const BLOCKS = 0x62
const LISTS = 0x6c

/** What makes block `sequence` of the store undone. */
export const undoKey = (sequence: number): Uint8Array => numbered(UNDO, BigInt(sequence))
/** The hash of an executed block. */
export const hashKey = (number: bigint): Uint8Array => numbered(HASHES, number)
/** The RLP of a block that was imported. */
export const blockKey = (number: bigint): Uint8Array => numbered(BLOCKS, number)
/** The RLP of its access list (EIP-7928), where one came with it. */
export const listKey = (number: bigint): Uint8Array => numbered(LISTS, number)

function numbered(table: number, number: bigint): Uint8Array {
  const key = Buffer.alloc(9)
  key[0] = table
  key.writeBigUInt64BE(number, 1)
  return key
}

/** The first key after all that begin with `prefix`. */
export function keyAfter(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex((byte) => byte !== 0xff)
  if (last < 0) return undefined
  const end = prefix.slice(0, last + 1)
  end[last] = (end[last] as number) + 1
  return end
}
