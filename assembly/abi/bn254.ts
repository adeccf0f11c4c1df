// The contracts on BN254 (assembly/bn254/precompile.ts).

/** Bytes of working memory that they need. */
export const BN254_WORK: usize = 24576
/** Bytes that they write at most. */
export const BN254_OUTPUT: u32 = 64
