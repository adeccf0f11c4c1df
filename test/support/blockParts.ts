// What the record of a block's parts says (assembly/abi/blockParts.ts), whoever wrote it: offsets in the block for addresses.
import * as abi from '../../src/abi/core.generated.js'
import type { ChainCommons } from '../../src/block/common.js'
import { readParts } from '../../src/block/coreBlock.js'
import { decodeBlock } from '../../src/block/decode.js'
import { InvalidBlockError } from '../../src/block/errors.js'
import { formatOf } from '../../src/block/format.js'
import { putBlock } from '../../src/block/putBlock.js'
import { BlockPlaces } from '../../src/executor/blockPlaces.js'
import type { BlockCore } from '../../src/wasm/blockCore.js'
import type { BlockPlace } from '../../src/wasm/readBlock.js'

type Span = [offset: number, length: number] | undefined

export function dumpParts({ core }: BlockPlace, pointer: number, headerFields: number) {
  const word = (at: number): number => core.u32(at)
  const base = word(pointer + abi.D_BYTES + abi.SLICE_ADDRESS)
  const slice = (at: number): Span => {
    const address = word(at + abi.SLICE_ADDRESS)
    return address === 0 ? undefined : [address - base, word(at + abi.SLICE_LENGTH)]
  }
  const table = <T>(count: number, at: number, size: number, read: (at: number) => T): T[] =>
    Array.from({ length: word(pointer + count) }, (_, i) => read(word(pointer + at) + size * i))
  return {
    lists: [abi.D_BYTES, abi.D_HEADER, abi.D_UNCLES, abi.D_WITHDRAWALS].map((at) => slice(pointer + at)),
    headers: Array.from({ length: 1 + word(pointer + abi.D_UNCLE_COUNT) }, (_, i) =>
      Array.from({ length: 1 + headerFields }, (_, field) =>
        slice(pointer + abi.D_FIELDS + abi.D_FIELDS_SIZE * i + abi.SLICE_SIZE * field),
      ),
    ),
    blobs: word(pointer + abi.D_BLOBS),
    transactions: table(abi.D_TX_COUNT, abi.D_TXS, abi.SCAN_SIZE, (at) => ({
      bytes: slice(at),
      type: word(at + abi.SCAN_TYPE),
      blobs: word(at + abi.SCAN_BLOBS),
      gasLimit: core.view.getBigUint64(at + abi.SCAN_GAS_LIMIT, true),
    })),
    withdrawals: table(abi.D_WITHDRAWAL_COUNT, abi.D_WITHDRAWAL_TABLE, abi.WITHDRAWAL_SIZE, (at) => ({
      bytes: slice(at + abi.WITHDRAWAL_RLP),
      recipient: word(at + abi.WITHDRAWAL_RECIPIENT) - base,
      amount: core.view.getBigUint64(at + abi.WITHDRAWAL_AMOUNT, true),
    })),
  }
}

export type Reading = { parts: unknown } | { code: string; message: string; index: number | undefined }

/** Blocks as the core reads them, and as the host does. */
export class TwoReaders {
  readonly #places: BlockPlaces
  /** Whether the core accepted the last block. */
  accepted = false

  constructor(block: BlockCore) {
    this.#places = new BlockPlaces(block)
  }

  host(bytes: Uint8Array, schedule: ChainCommons): Reading {
    return this.#read((place) => {
      const block = decodeBlock(bytes, schedule)
      return dumpParts(place, putBlock(place.memory, bytes, block), formatOf(block.header.common).header.fields.length)
    })
  }

  core(bytes: Uint8Array, schedule: ChainCommons): Reading {
    return this.#read((place) => {
      const { header, pointer, count, blobs, uncles, decoded } = readParts(bytes, schedule, place)
      this.accepted = pointer !== undefined
      const block = decoded()
      if (header.common !== block.header.common || count !== block.transactions.length) throw new Error('another block')
      for (const [index, { fields, number, timestamp, bytes }] of [block.header, ...block.uncles].entries()) {
        const own = [header, ...uncles][index]
        if (own?.number !== number || own.timestamp !== timestamp) throw new Error(`header ${index} is another`)
        const same = [bytes, ...fields].every(
          (field, at) => Buffer.compare(field, [own.bytes, ...own.fields][at] as Uint8Array) === 0,
        )
        if (!same || own.fields.length !== fields.length) throw new Error(`header ${index} has other fields`)
      }
      if (blobs !== block.summaries.reduce((sum, each) => sum + each.blobs, 0)) throw new Error('other blobs')
      const at = pointer ?? putBlock(place.memory, bytes, block)
      return dumpParts(place, at, header.fields.length)
    })
  }

  #read(read: (place: BlockPlace) => unknown): Reading {
    const place = this.#places.open()
    if (place === undefined) throw new Error('no place is free')
    this.accepted = false
    try {
      return { parts: read(place) }
    } catch (error) {
      if (!(error instanceof InvalidBlockError)) throw error
      return { code: error.code, message: error.message, index: error.transaction }
    } finally {
      place.release()
    }
  }
}
