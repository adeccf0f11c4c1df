// The 2048-bit filter of logs (Yellow Paper 4.3.1).

export type Keccak256 = (message: Uint8Array) => Uint8Array

export const BLOOM_BYTES = 256
