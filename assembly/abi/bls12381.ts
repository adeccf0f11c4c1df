// The contracts on BLS12-381 (assembly/bls12381/precompile.ts).

/** Bytes of working memory that they need. */
export const BLS12381_WORK: usize = 131072
/** Bytes that they write at most. */
export const BLS12381_OUTPUT: u32 = 256
