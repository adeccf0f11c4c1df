import type { OutcomeLog } from '../abi/outcome.js'

export type Keccak256 = (message: Uint8Array) => Uint8Array

export const BLOOM_BYTES = 256

/** The 2048-bit filter of a transaction's logs: every address and topic sets three bits (Yellow Paper 4.3.1). */
export function bloomOf(logs: readonly OutcomeLog[], keccak256: Keccak256): Uint8Array {
  const bloom = new Uint8Array(BLOOM_BYTES)
  for (const [address, topics] of logs) {
    addTo(bloom, keccak256(address))
    for (const topic of topics) addTo(bloom, keccak256(topic))
  }
  return bloom
}

function addTo(bloom: Uint8Array, hash: Uint8Array): void {
  for (let pair = 0; pair < 6; pair += 2) {
    const bit = ((hash[pair]! << 8) | hash[pair + 1]!) & 2047
    bloom[BLOOM_BYTES - 1 - (bit >> 3)]! |= 1 << (bit & 7)
  }
}

/** Adds the bits of `other` to `bloom`. */
export function mergeBloom(bloom: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < BLOOM_BYTES; i++) bloom[i]! |= other[i]!
}
