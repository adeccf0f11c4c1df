// P256VERIFY (assembly/p256/verify.ts).

/** Bytes of working memory that it needs. */
export const P256_WORK: usize = 4096
