// The compression function of BLAKE2b as EIP-152 encodes it.

/** Bytes of the input: u32 rounds (big-endian), then little-endian: h[8], m[16], t[2] and the byte f. */
export const BLAKE2F_INPUT: u32 = 213
