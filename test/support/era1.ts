// Makes era1 files.
import { createHash } from 'node:crypto'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { compress } from 'snappyjs'
import { ENTRY } from '../../src/blockFiles/e2store.js'
import { accumulatorRoot } from '../../src/blockFiles/era1.js'
import { maskedChecksum } from '../../src/blockFiles/snappy.js'

/** Blocks with total difficulties that count them, and no receipts. */
export function era1Of(blocks: readonly Uint8Array[], accumulator?: Uint8Array): Buffer {
  const leaves: Uint8Array[] = []
  const entries = blocks.flatMap((block, index) => {
    const [header, ...body] = RLP.decode(block) as [Uint8Array[], ...Uint8Array[]]
    const difficulty = Buffer.alloc(32)
    difficulty.writeUInt32LE(index + 1)
    const rlp = RLP.encode(header)
    leaves.push(createHash('sha256').update(keccak_256(rlp)).update(difficulty).digest())
    return [
      entry(ENTRY.HEADER, framed(rlp)),
      entry(ENTRY.BODY, framed(RLP.encode(body))),
      entry(ENTRY.RECEIPTS, framed(RLP.encode([]))),
      entry(ENTRY.TOTAL_DIFFICULTY, difficulty),
    ]
  })
  const root = accumulator ?? accumulatorRoot(leaves)
  return Buffer.concat([entry(ENTRY.VERSION, Buffer.alloc(0)), ...entries, entry(ENTRY.ACCUMULATOR, root)])
}

function entry(type: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16LE(type)
  head.writeUInt32LE(data.length, 2)
  return Buffer.concat([head, data])
}

function framed(data: Uint8Array): Buffer {
  const parts = [Buffer.from([0xff, 6, 0, 0]), Buffer.from('sNaPpY')]
  for (let at = 0; at < data.length; at += 65_536) {
    const piece = data.subarray(at, at + 65_536)
    // One kind of chunk and the other.
    const plain = (at / 65_536 + data.length) % 2 === 1
    const body = plain ? piece : compress(piece)
    const head = Buffer.alloc(8)
    head.writeUInt32LE(((body.length + 4) << 8) | (plain ? 1 : 0))
    head.writeUInt32LE(maskedChecksum(piece), 4)
    parts.push(head, Buffer.from(body))
  }
  return Buffer.concat(parts)
}
