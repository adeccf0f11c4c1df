// Why a transaction is refused, or a block: one code for each rule.

// --- enum Refusal ----------------------------------------------------------------------------------------------------

/** The fork does not have this transaction type. */
export const TYPE_NOT_SUPPORTED: u32 = 64
export const WRONG_CHAIN: u32 = 65
/** More gas than the block has. */
export const GAS_LIMIT_ABOVE_BLOCK: u32 = 66
/** EIP-7825. */
export const GAS_LIMIT_ABOVE_CAP: u32 = 67
export const INTRINSIC_GAS_TOO_LOW: u32 = 68
/** EIP-7623. */
export const FLOOR_GAS_TOO_LOW: u32 = 69
export const FEE_BELOW_BASE_FEE: u32 = 70
export const PRIORITY_ABOVE_MAX_FEE: u32 = 71
/** EIP-2681. */
export const NONCE_IS_MAX: u32 = 72
export const NONCE_TOO_LOW: u32 = 73
export const NONCE_TOO_HIGH: u32 = 74
/** EIP-3607. */
export const SENDER_NOT_EOA: u32 = 75
export const INSUFFICIENT_FUNDS: u32 = 76
/** EIP-3860. */
export const TX_INIT_CODE_TOO_LONG: u32 = 77
// EIP-4844.
export const NO_BLOBS: u32 = 78
export const TOO_MANY_BLOBS: u32 = 79
export const BLOB_HASH_VERSION: u32 = 80
export const BLOB_FEE_TOO_LOW: u32 = 81
export const BLOB_TX_CREATES: u32 = 82
// EIP-7702.
export const NO_AUTHORISATIONS: u32 = 83
export const SET_CODE_TX_CREATES: u32 = 84
/** The bytes are no transaction, or the signature is nobody's. */
export const MALFORMED_TRANSACTION: u32 = 85
// The block's own work (EIP-7002, EIP-7251).
export const SYSTEM_CONTRACT_ABSENT: u32 = 86
export const SYSTEM_CALL_FAILED: u32 = 87
/** Not the transaction's fault: BLOCKHASH asked for an ancestor whose hash the host did not give. */
export const BLOCK_HASH_MISSING: u32 = 88
// What is left of a block that is being built, or simulated, has no room for it.
export const NO_GAS_LEFT: u32 = 89
export const NO_BLOBS_LEFT: u32 = 90
export const NO_BYTES_LEFT: u32 = 91
/** The block that is being built takes no more. */
export const BLOCK_CLOSED: u32 = 92
/** Not the transaction's fault: a custom precompiled contract threw, or gave no result that is one. */
export const PRECOMPILE_THREW: u32 = 93
