// Records of signatures: what was signed and how, and who did.

/** The message hash, 32 bytes, comes first; then r and s, 32 bytes each, big-endian, and the recovery id (0 to 3). */
export const SIGNATURE_R: usize = 32
export const SIGNATURE_S: usize = 64
export const SIGNATURE_ID: usize = 96
export const SIGNATURE_SIZE: usize = 97

/** A signer: u8, 1 when a key made the signature, else 0; then its address, 20 bytes. */
export const SIGNER_ADDRESS: usize = 1
export const SIGNER_SIZE: usize = 21

/**
 * Chunks that recovery needs at its first use: its table, what building it needs, its working memory. Four at once
 * takes more where there is room: 3 for the generator's windows, one for each thread.
 */
export const RECOVERY_CHUNKS: usize = 3
