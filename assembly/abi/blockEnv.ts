// The block as its transactions see it: one record in shared memory that the host fills before execution.

/** u32: rules of state/rules.ts. */
export const B_FORK: usize = 0
/** u32: most blobs in a block (EIP-4844, 7691, 7892). */
export const B_MAX_BLOBS: usize = 4
export const B_NUMBER: usize = 8
export const B_TIMESTAMP: usize = 16
export const B_GAS_LIMIT: usize = 24
// Words.
export const B_COINBASE: usize = 32
/** Difficulty before the merge. */
export const B_PREVRANDAO: usize = 64
export const B_BASE_FEE: usize = 96
export const B_BLOB_BASE_FEE: usize = 128
export const B_CHAIN_ID: usize = 160
/** u32: how many hashes of ancestors follow, the parent's first (wire order, 32 bytes each). */
export const B_HASH_COUNT: usize = 192
/** u64: slot of the beacon chain (EIP-7843). */
export const B_SLOT_NUMBER: usize = 200
/** From Amsterdam on: the rule set's parameters (ruleSet.ts). */
export const B_PARAMS: usize = 224
export const B_HASHES: usize = 512
