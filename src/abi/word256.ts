// Words in linear memory: 256-bit integers as 32 little-endian bytes.

const MASK = (1n << 64n) - 1n

/** Stores `value` modulo 2^256. */
export function putWord(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, value & MASK, true)
  view.setBigUint64(at + 8, (value >> 64n) & MASK, true)
  view.setBigUint64(at + 16, (value >> 128n) & MASK, true)
  view.setBigUint64(at + 24, (value >> 192n) & MASK, true)
}

export function getWord(view: DataView, at: number): bigint {
  const high = (view.getBigUint64(at + 24, true) << 64n) | view.getBigUint64(at + 16, true)
  const low = (view.getBigUint64(at + 8, true) << 64n) | view.getBigUint64(at, true)
  return high === 0n ? low : (high << 128n) | low
}

/** Stores at most 32 big-endian bytes as a word. */
export function putWordBytes(memory: Uint8Array, at: number, value: Uint8Array): void {
  const length = value.length
  for (let i = 0; i < 32; i++) memory[at + i] = i < length ? value[length - 1 - i]! : 0
}

/** A word as 32 big-endian bytes. */
export function getWordBytes(memory: Uint8Array, at: number): Uint8Array {
  const value = memory.slice(at, at + 32)
  return value.reverse()
}
