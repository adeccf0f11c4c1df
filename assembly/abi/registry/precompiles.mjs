// Every precompiled contract: one row each. The build makes of it what the core and the host read (scripts/build-abi.mjs); a test
// holds the core's addresses and prices to it.
//
//   address, name (EIP-7910), rules that introduced it (forks.mjs); gas: a number, or a base and a price for each word
//   (rounded up) or each item of a size (rounded down); an object by fork where forks change it; 'formula' for a case in
//   `priceOf` (assembly/evm/precompiles.ts); inputs on which it succeeds, hex, where neither zeros nor random words are
//   such: fuzzing takes them

/** @typedef {number | { base: number, perWord: number } | { base: number, perItem: number, size: number }} Price */
/** @typedef {Price | Record<string, Price> | 'formula'} Gas */
/** @typedef {[address: number, name: string, since: string, gas: Gas, samples?: string[]]} Row */

/** @type {Gas} */
const PAIRING = {
  BYZANTIUM: { base: 100000, perItem: 80000, size: 192 },
  ISTANBUL: { base: 45000, perItem: 34000, size: 192 },
}

/** Signatures of the same key: one with s in the lower half, one in the upper. */
const P256_KEY =
  '4359838f5baf7dedb2e564787380ee814adc37e12fcc18d0a4e854de50cec988' +
  'aa0254b07935ffd37e7e494a66afe6c9f1c3bd3d24ccafd868cd13ccfa2a8160'
const P256_SAMPLES = [
  '5fe7f977e71dba2ea1a68e21057beebb9be2ac30c6410aa38d4f3fbe41dcffd2' +
    'f954e969ebe3728591b50ce1b54e1f35b5c1e3d620ce267f8939d72e70d0780e' +
    '5537aaf782103e303fab61e5c8380d6dba0967906f781e981a5782554507a652' +
    P256_KEY,
  'f2ee15ea639b73fa3db9b34a245bdfa015c260c598b211bf05a1ecc4b3e3b4f2' +
    '68839fbfa1f356e524cb286558fa9077f2e3b6dc6d9ae43bda993ad42a086535' +
    '39d1e1d89d65a9cb4ed9c4e054ed69274db30828233bde90a559939ef045f4e7' +
    P256_KEY,
]

/** @type {Row[]} */
export const PRECOMPILES = [
  [0x01, 'ECREC', 'FRONTIER', 3000],
  [0x02, 'SHA256', 'FRONTIER', { base: 60, perWord: 12 }],
  [0x03, 'RIPEMD160', 'FRONTIER', { base: 600, perWord: 120 }],
  [0x04, 'ID', 'FRONTIER', { base: 15, perWord: 3 }],
  [0x05, 'MODEXP', 'BYZANTIUM', 'formula'], // EIP-198
  [0x06, 'BN254_ADD', 'BYZANTIUM', { BYZANTIUM: 500, ISTANBUL: 150 }], // EIP-196; prices of EIP-1108
  [0x07, 'BN254_MUL', 'BYZANTIUM', { BYZANTIUM: 40000, ISTANBUL: 6000 }],
  [0x08, 'BN254_PAIRING', 'BYZANTIUM', PAIRING], // EIP-197
  [0x09, 'BLAKE2F', 'ISTANBUL', 'formula'], // EIP-152
  [0x0a, 'KZG_POINT_EVALUATION', 'CANCUN', 50000], // EIP-4844
  [0x0b, 'BLS12_G1ADD', 'PRAGUE', 375], // EIP-2537
  [0x0c, 'BLS12_G1MSM', 'PRAGUE', 'formula'],
  [0x0d, 'BLS12_G2ADD', 'PRAGUE', 600],
  [0x0e, 'BLS12_G2MSM', 'PRAGUE', 'formula'],
  [0x0f, 'BLS12_PAIRING_CHECK', 'PRAGUE', { base: 37700, perItem: 32600, size: 384 }],
  [0x10, 'BLS12_MAP_FP_TO_G1', 'PRAGUE', 5500],
  [0x11, 'BLS12_MAP_FP2_TO_G2', 'PRAGUE', 23800],
  [0x100, 'P256VERIFY', 'OSAKA', 6900, P256_SAMPLES], // EIP-7951
]
