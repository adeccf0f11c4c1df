// Every precompiled contract: one row each. The build makes of it what the core and the host read (scripts/build-abi.mjs); a test
// holds the core's addresses, prices and the host's functions to it.
//
//   address, name (EIP-7910), fork that introduced it (assembly/abi/forks.ts), who computes it: the core or the host's
//   libraries; gas: a number, or a base and a price for each word (rounded up) or each
//   item of a size (rounded down); an object by fork where forks change it; 'formula' for a case in assembly/evm/precompileGas.ts

/** @typedef {number | { base: number, perWord: number } | { base: number, perItem: number, size: number }} Price */
/** @typedef {Price | Record<string, Price> | 'formula'} Gas */
/** @typedef {[address: number, name: string, since: string, by: 'core' | 'host', gas: Gas]} Row */

/** @type {Gas} */
const PAIRING = {
  BYZANTIUM: { base: 100000, perItem: 80000, size: 192 },
  ISTANBUL: { base: 45000, perItem: 34000, size: 192 },
}

/** @type {Row[]} */
export const PRECOMPILES = [
  [0x01, 'ECREC', 'FRONTIER', 'core', 3000],
  [0x02, 'SHA256', 'FRONTIER', 'core', { base: 60, perWord: 12 }],
  [0x03, 'RIPEMD160', 'FRONTIER', 'core', { base: 600, perWord: 120 }],
  [0x04, 'ID', 'FRONTIER', 'core', { base: 15, perWord: 3 }],
  [0x05, 'MODEXP', 'BYZANTIUM', 'core', 'formula'], // EIP-198
  [0x06, 'BN254_ADD', 'BYZANTIUM', 'core', { BYZANTIUM: 500, ISTANBUL: 150 }], // EIP-196; prices of EIP-1108
  [0x07, 'BN254_MUL', 'BYZANTIUM', 'core', { BYZANTIUM: 40000, ISTANBUL: 6000 }],
  [0x08, 'BN254_PAIRING', 'BYZANTIUM', 'core', PAIRING], // EIP-197
  [0x09, 'BLAKE2F', 'ISTANBUL', 'core', 'formula'], // EIP-152
  [0x0a, 'KZG_POINT_EVALUATION', 'CANCUN', 'host', 50000], // EIP-4844
  [0x0b, 'BLS12_G1ADD', 'PRAGUE', 'host', 375], // EIP-2537
  [0x0c, 'BLS12_G1MSM', 'PRAGUE', 'host', 'formula'],
  [0x0d, 'BLS12_G2ADD', 'PRAGUE', 'host', 600],
  [0x0e, 'BLS12_G2MSM', 'PRAGUE', 'host', 'formula'],
  [0x0f, 'BLS12_PAIRING_CHECK', 'PRAGUE', 'host', { base: 37700, perItem: 32600, size: 384 }],
  [0x10, 'BLS12_MAP_FP_TO_G1', 'PRAGUE', 'host', 5500],
  [0x11, 'BLS12_MAP_FP2_TO_G2', 'PRAGUE', 'host', 23800],
  [0x100, 'P256VERIFY', 'OSAKA', 'host', 6900], // EIP-7951
]
