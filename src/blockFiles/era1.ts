// era1: 8,192 blocks before the merge, with receipts and an accumulator (github.com/eth-clients/e2store-format-specs).
import { createHash } from 'node:crypto'
import { RLP } from '@ethereumjs/rlp'
import { sameBytes } from '../bytes.js'
import { messageOf } from '../errors.js'
import { keccak256 } from '../wasm/keccak.js'
import { type ChainBlock, type ChainFile, chainBlockOf, cutShort, PiecewiseFile } from './chainFile.js'
import { type E2Entry, ENTRY, entryAt } from './e2store.js'
import { malformed } from './errors.js'

/** Most blocks of a file, the leaves of its accumulator. */
const EPOCH = 8192

interface Layout {
  /** A header and a body each. */
  blocks: { header: E2Entry; body: E2Entry; difficulty?: E2Entry }[]
  accumulator: E2Entry | undefined
  /** Where an entry begins that the file ends in. */
  rest: number | undefined
}

/**
 * An era1 file. The accumulator is compared with the headers before the first block is given.
 * @throws FixtureError when it is no such file
 */
export async function era1Chain(path: string): Promise<ChainFile> {
  const { expandFramed } = await import('./snappy.js')
  const file = new PiecewiseFile(path)
  const layout = layoutOf(file)
  const expanded = (reading: PiecewiseFile, { start, end }: E2Entry, index: number): Uint8Array => {
    try {
      return expandFramed(reading.at(start, end - start))
    } catch (error) {
      throw malformed(path, `block ${index} of the file`, `cannot be decompressed (${messageOf(error)})`)
    }
  }
  try {
    checkAccumulator(file, layout, (entry, index) => expanded(file, entry, index))
  } finally {
    file.close()
  }
  return {
    path,
    count: layout.blocks.length,
    *blocks(from: number): Generator<ChainBlock, void, undefined> {
      const reading = new PiecewiseFile(path)
      try {
        for (const [i, { header, body }] of layout.blocks.entries()) {
          if (i < from) continue
          const headerRlp = expanded(reading, header, i)
          yield chainBlockOf(joined(headerRlp, expanded(reading, body, i), path, i), path, i)
        }
        if (layout.rest !== undefined) throw cutShort(path, layout.blocks.length, layout.rest)
      } finally {
        reading.close()
      }
    },
  }
}

function layoutOf(file: PiecewiseFile): Layout {
  const layout: Layout = { blocks: [], accumulator: undefined, rest: undefined }
  let header: E2Entry | undefined
  for (let at = 0; at < file.size; ) {
    const entry = entryAt(file, at)
    if (at === 0 && entry?.type !== ENTRY.VERSION) throw malformed(file.path, '', 'does not begin as an era1 file does')
    if (entry === undefined) return { ...layout, rest: at }
    if (entry.type === ENTRY.HEADER) header = entry
    else if (entry.type === ENTRY.BODY) {
      if (header === undefined) throw malformed(file.path, '', `has a body without a header at byte ${at}`)
      layout.blocks.push({ header, body: entry })
      header = undefined
    } else if (entry.type === ENTRY.TOTAL_DIFFICULTY) Object.assign(layout.blocks.at(-1) ?? {}, { difficulty: entry })
    else if (entry.type === ENTRY.ACCUMULATOR) layout.accumulator = entry
    at = entry.end
  }
  return layout
}

/** [header, ...body] as one list. */
function joined(header: Uint8Array, body: Uint8Array, path: string, index: number): Uint8Array {
  const items: unknown = RLP.decode(body)
  if (!Array.isArray(items) || items.length < 2) throw malformed(path, `block ${index} of the file`, 'has no body')
  return RLP.encode([RLP.decode(header), ...items] as never)
}

/** The root of a list of (block hash, total difficulty), as the consensus layer makes hash trees. */
function checkAccumulator(
  file: PiecewiseFile,
  { blocks, accumulator }: Layout,
  expanded: (entry: E2Entry, index: number) => Uint8Array,
): void {
  // A file cut short has none; its blocks show what they are when they are executed.
  if (accumulator === undefined) return
  const expected = file.at(accumulator.start, 32).slice()
  const leaves = blocks.map(({ header, difficulty }, index) => {
    if (difficulty === undefined) throw malformed(file.path, `block ${index} of the file`, 'has no total difficulty')
    const hash = keccak256(expanded(header, index))
    return sha256(hash, file.at(difficulty.start, 32))
  })
  if (!sameBytes(accumulatorRoot(leaves), expected)) {
    throw malformed(file.path, 'accumulator', 'is not that of the headers and total difficulties in the file')
  }
}

/** @param leaves at most 8,192, 32 bytes each */
export function accumulatorRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = [...leaves]
  let zero = new Uint8Array(32)
  for (let size = EPOCH; size > 1; size >>= 1) {
    if (level.length % 2 === 1) level.push(zero)
    level = Array.from({ length: level.length / 2 }, (_, i) =>
      sha256(level[2 * i] as Uint8Array, level[2 * i + 1] as Uint8Array),
    )
    zero = sha256(zero, zero)
  }
  const count = new Uint8Array(32)
  new DataView(count.buffer).setUint32(0, leaves.length, true)
  return sha256(level[0] ?? zero, count)
}

function sha256(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(a).update(b).digest())
}
