// Every precompiled contract: one row each. The build makes of it what the core and the host read (scripts/build-abi.mjs); a test
// holds the core's addresses, prices and the host's functions to it.
//
//   address, name (EIP-7910), fork that introduced it (assembly/abi/forks.ts), who computes it: the core alone, the host's
//   libraries, or both (MODEXP: the core up to 32 bytes)

/** @typedef {[address: number, name: string, since: string, by: 'core' | 'host' | 'both']} Row */

/** @type {Row[]} */
export const PRECOMPILES = [
  [0x01, 'ECREC', 'FRONTIER', 'core'],
  [0x02, 'SHA256', 'FRONTIER', 'core'],
  [0x03, 'RIPEMD160', 'FRONTIER', 'core'],
  [0x04, 'ID', 'FRONTIER', 'core'],
  [0x05, 'MODEXP', 'BYZANTIUM', 'both'], // EIP-198
  [0x06, 'BN254_ADD', 'BYZANTIUM', 'host'], // EIP-196
  [0x07, 'BN254_MUL', 'BYZANTIUM', 'host'],
  [0x08, 'BN254_PAIRING', 'BYZANTIUM', 'host'], // EIP-197
  [0x09, 'BLAKE2F', 'ISTANBUL', 'core'], // EIP-152
  [0x0a, 'KZG_POINT_EVALUATION', 'CANCUN', 'host'], // EIP-4844
  [0x0b, 'BLS12_G1ADD', 'PRAGUE', 'host'], // EIP-2537
  [0x0c, 'BLS12_G1MSM', 'PRAGUE', 'host'],
  [0x0d, 'BLS12_G2ADD', 'PRAGUE', 'host'],
  [0x0e, 'BLS12_G2MSM', 'PRAGUE', 'host'],
  [0x0f, 'BLS12_PAIRING_CHECK', 'PRAGUE', 'host'],
  [0x10, 'BLS12_MAP_FP_TO_G1', 'PRAGUE', 'host'],
  [0x11, 'BLS12_MAP_FP2_TO_G2', 'PRAGUE', 'host'],
  [0x100, 'P256VERIFY', 'OSAKA', 'host'], // EIP-7951
]
