// RLP of blocks one after another, as `geth export` writes it.
import { type ChainBlock, type ChainFile, chainBlockOf, cutShort, PiecewiseFile } from './chainFile.js'
import { listEnd } from './rlpItems.js'

/** First byte and first byte after each whole block. */
interface Scan {
  ends: number[]
  /** Where a block begins that the file ends in. */
  rest: number | undefined
}

/** @throws FixtureError when it does not begin as RLP of blocks does */
export function rlpChain(path: string): ChainFile {
  const file = new PiecewiseFile(path)
  const { ends, rest } = scan(file)
  file.close()
  return {
    path,
    count: ends.length,
    *blocks(index: number): Generator<ChainBlock, void, undefined> {
      const reading = new PiecewiseFile(path)
      try {
        for (let i = index; i < ends.length; i++) {
          const start = i === 0 ? 0 : (ends[i - 1] as number)
          yield chainBlockOf(reading.at(start, (ends[i] as number) - start).slice(), path, i)
        }
        if (rest !== undefined) throw cutShort(path, ends.length, rest)
      } finally {
        reading.close()
      }
    },
  }
}

function scan(file: PiecewiseFile): Scan {
  const ends: number[] = []
  for (let at = 0; at < file.size; ) {
    const end = listEnd(file, at, 'blocks')
    if (end === undefined) return { ends, rest: at }
    ends.push(end)
    at = end
  }
  return { ends, rest: undefined }
}
