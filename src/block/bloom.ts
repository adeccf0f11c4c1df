// The 2048-bit filter of logs: every address and topic sets three bits (Yellow Paper 4.3.1).

export type Keccak256 = (message: Uint8Array) => Uint8Array

export const BLOOM_BYTES = 256

/** Whether a log with this address or topic may be among those of the filter; false is certain. */
export function mayContain(bloom: Uint8Array, message: Uint8Array, keccak256: Keccak256): boolean {
  const hash = keccak256(message)
  for (let pair = 0; pair < 6; pair += 2) {
    const bit = ((hash[pair]! << 8) | hash[pair + 1]!) & 2047
    if ((bloom[BLOOM_BYTES - 1 - (bit >> 3)]! & (1 << (bit & 7))) === 0) return false
  }
  return true
}
