// A block as the executor has it: its bytes, and where its parts lie in shared memory.
import {
  D_BLOBS,
  D_BYTES,
  D_FIELDS,
  D_FIELDS_SIZE,
  D_TX_COUNT,
  D_UNCLE_COUNT,
  SLICE_ADDRESS,
  SLICE_LENGTH,
  SLICE_SIZE,
} from '../abi/core.generated.js'
import { type BlockPlace, readBlock } from '../wasm/readBlock.js'
import { type DecodedBlock, type DecodedHeader, decodeBlock, type Schedule } from './decode.js'
import { InvalidBlockError } from './errors.js'
import { formatOf, NUMBER, TIMESTAMP } from './format.js'
import { formatBytes } from './formatBytes.js'
import { integer } from './readTransaction.js'

/** What the executor's thread looks at of a block. */
export interface ReadBlock {
  header: DecodedHeader
  uncles: DecodedHeader[]
  /** Number of transactions. */
  count: number
  /** Blobs of all transactions (EIP-4844). */
  blobs: number
  /** Address of the record of its parts; undefined where the core did not read it. */
  pointer: number | undefined
  /** All of it as the host reads it: to name what is wrong, and for what is not in shared memory. */
  decoded(): DecodedBlock
}

/**
 * Takes the RLP of a block apart: in its place by the core, or on the host where there is none, or the core does not accept
 * it, to be accepted or to have named what is wrong.
 *
 * @throws InvalidBlockError as decodeBlock
 */
export function readParts(bytes: Uint8Array, schedule: Schedule, place: BlockPlace | undefined): ReadBlock {
  const read = place && readInPlace(bytes, schedule, place)
  if (read !== undefined) return read
  const block = decodeBlock(bytes, schedule)
  const { header, uncles, summaries } = block
  const blobs = summaries.reduce((sum, summary) => sum + summary.blobs, 0)
  return { header, uncles, count: summaries.length, blobs, pointer: undefined, decoded: () => block }
}

function readInPlace(bytes: Uint8Array, schedule: Schedule, place: BlockPlace): ReadBlock | undefined {
  const pointer = readBlock(place, bytes, (number, timestamp) => {
    const common = commonAt(schedule, number, timestamp)
    return common && formatBytes(formatOf(common))
  })
  if (pointer === undefined) return undefined
  const word = (at: number): number => place.core.u32(pointer + at)
  const base = word(D_BYTES + SLICE_ADDRESS)
  const slice = (at: number): Uint8Array => {
    const start = word(at + SLICE_ADDRESS) - base
    return bytes.subarray(start, start + word(at + SLICE_LENGTH))
  }
  const header = headerAt(D_FIELDS, slice, schedule) as DecodedHeader
  const uncles: DecodedHeader[] = []
  for (let i = 1; i <= word(D_UNCLE_COUNT); i++) {
    const uncle = headerAt(D_FIELDS + i * D_FIELDS_SIZE, slice, schedule)
    // It was read along the format of the block's own hardfork.
    if (uncle?.common !== header.common) return undefined
    uncles.push(uncle)
  }
  let decoded: DecodedBlock | undefined
  return {
    header,
    uncles,
    count: word(D_TX_COUNT),
    blobs: word(D_BLOBS),
    pointer,
    decoded: () => (decoded ??= decodeBlock(bytes, schedule)),
  }
}

/** Of fields that are as their format has them. Undefined: the chain has no hardfork for it. */
function headerAt(at: number, slice: (at: number) => Uint8Array, schedule: Schedule): DecodedHeader | undefined {
  const field = (index: number): Uint8Array => slice(at + SLICE_SIZE * (1 + index))
  const [number, timestamp] = [integer(field(NUMBER)), integer(field(TIMESTAMP))]
  const common = commonAt(schedule, number, timestamp)
  if (common === undefined) return undefined
  const fields = formatOf(common).header.fields.map((_, index) => field(index))
  return { common, fields, bytes: slice(at), number, timestamp }
}

function commonAt(schedule: Schedule, number: bigint, timestamp: bigint): DecodedHeader['common'] | undefined {
  try {
    return schedule.at(number, timestamp)
  } catch (error) {
    if (error instanceof InvalidBlockError) return undefined
    throw error
  }
}
