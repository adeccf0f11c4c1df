// Blocks one after another, as files of chains have them.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { BLOCK_ACCESS_LIST_HASH, NUMBER, PARENT_HASH } from '../block/format.js'
import { Walker } from '../block/rlp.js'
import { toBigInt } from '../bytes.js'
import { messageOf } from '../errors.js'
import { keccak256 } from '../wasm/keccak.js'
import { type FixtureError, malformed } from './errors.js'

/** A block as it lies in a file. */
export interface ChainBlock {
  number: bigint
  /** 32 bytes. */
  hash: Uint8Array
  /** 32 bytes. */
  parentHash: Uint8Array
  /** RLP of its header. */
  header: Uint8Array
  /** RLP of [header, transactions, uncles, withdrawals?]. */
  rlp: Uint8Array
  /** 32 bytes, of a hardfork that has access lists (EIP-7928). */
  accessListHash?: Uint8Array
  /** RLP of the list that came with the block. */
  accessList?: Uint8Array
}

/** Of a chain from its file. */
export interface ChainFile {
  readonly path: string
  /** How many whole blocks it has. */
  readonly count: number
  /** The blocks from the one at `index` on. @throws FixtureError where the file goes on and is no whole block */
  blocks(index: number): Iterable<ChainBlock>
}

/** A file, read a piece at a time. */
export class PiecewiseFile {
  readonly path: string
  readonly size: number
  readonly #file: number
  #buffer = Buffer.alloc(2 ** 20)
  #start = 0
  #length = 0

  /** @throws FixtureError */
  constructor(path: string) {
    this.path = path
    try {
      this.#file = openSync(path, 'r')
      this.size = fstatSync(this.#file).size
    } catch (error) {
      throw malformed(path, '', `cannot be read (${messageOf(error)})`, { advice: 'check its path and permissions' })
    }
  }

  /** `length` bytes at `at`, fewer at the end of the file; valid until the next call. */
  at(at: number, length: number): Uint8Array {
    const end = Math.min(at + length, this.size)
    if (at < this.#start || end > this.#start + this.#length) {
      if (length > this.#buffer.length) this.#buffer = Buffer.alloc(length)
      this.#start = at
      this.#length = 0
      for (let read = -1; read !== 0 && this.#length < this.#buffer.length; this.#length += read) {
        read = readSync(this.#file, this.#buffer, this.#length, this.#buffer.length - this.#length, at + this.#length)
      }
    }
    // Of a Buffer, `slice` would not copy.
    const { buffer, byteOffset } = this.#buffer
    return new Uint8Array(buffer, byteOffset + at - this.#start, Math.max(0, end - at))
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** A block from its RLP, which is not copied. @throws FixtureError */
export function chainBlockOf(rlp: Uint8Array, path: string, index: number): ChainBlock {
  try {
    const walker = new Walker(rlp)
    walker.item(0, rlp.length)
    const headerStart = walker.start
    const headerEnd = walker.item(headerStart, walker.end)
    const fields: Uint8Array[] = []
    for (let at = walker.start, end = walker.end; at < end && fields.length <= BLOCK_ACCESS_LIST_HASH; ) {
      at = walker.item(at, end)
      fields.push(rlp.subarray(walker.start, walker.end))
    }
    const header = rlp.subarray(headerStart, headerEnd)
    const [parentHash, number] = [fields[PARENT_HASH], fields[NUMBER]]
    if (parentHash?.length !== 32 || number === undefined || number.length > 8)
      throw new Error('it has no block header')
    const accessListHash = fields[BLOCK_ACCESS_LIST_HASH]
    return {
      number: toBigInt(number),
      hash: keccak256(header),
      parentHash,
      header,
      rlp,
      ...(accessListHash && { accessListHash }),
    }
  } catch (error) {
    throw malformed(path, `block ${index} of the file`, `is no block (${messageOf(error)})`)
  }
}

/** What is before it can be used. */
export function cutShort(path: string, index: number, at: number, item = 'block'): FixtureError {
  return malformed(path, '', `ends in the middle of its ${item} ${index}, at byte ${at}`, {
    advice: `the ${item}s before it are whole; download the file again for the rest`,
  })
}
