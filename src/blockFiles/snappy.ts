// The framing format of Snappy (github.com/google/snappy, framing_format.txt) around the blocks that snappyjs expands.
import { uncompress } from 'snappyjs'

const COMPRESSED = 0x00
const PLAIN = 0x01
const IDENTIFIER = 0xff
/** Chunks of other types from here on may be skipped. */
const SKIPPABLE = 0x80
/** A chunk holds at most so many bytes. */
const MOST = 2 ** 16

/** @throws Error when it is no such stream, or a checksum is wrong */
export function expandFramed(data: Uint8Array): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length; ) {
    if (at + 4 > data.length) throw new Error('a chunk is cut short')
    const type = data[at] as number
    const start = at + 4
    at = start + (view.getUint32(at, true) >>> 8)
    if (at > data.length) throw new Error('a chunk is cut short')
    const chunk = data.subarray(start, at)
    if (type === COMPRESSED || type === PLAIN) parts.push(expand(chunk, type === COMPRESSED))
    else if (type !== IDENTIFIER && type < SKIPPABLE) throw new Error(`a chunk is of type ${type}`)
  }
  return Buffer.concat(parts)
}

function expand(chunk: Uint8Array, compressed: boolean): Uint8Array {
  if (chunk.length < 4) throw new Error('a chunk is cut short')
  const bytes = compressed ? uncompress(chunk.subarray(4), MOST) : chunk.subarray(4)
  const view = new DataView(chunk.buffer, chunk.byteOffset, 4)
  if (view.getUint32(0, true) !== maskedChecksum(bytes)) throw new Error('a checksum is wrong')
  return bytes
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f6_3b78 : value >>> 1
  return value
})

/** CRC-32C, turned as the format wants it. */
export function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8)
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0
}
