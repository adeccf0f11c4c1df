// What the receipts of a block come to (block/receipts.ts).

/** u64: gas used by the block. */
export const BR_GAS_USED: usize = 0
/** u64: blob gas used by the block (EIP-4844). */
export const BR_BLOB_GAS: usize = 8
/** u32 address, u32 length: the outcomes of the transactions in block order, one behind the other. */
export const BR_PACKED: usize = 16
export const BR_PACKED_LENGTH: usize = 20
/** 32 bytes: the receipts root. */
export const BR_ROOT: usize = 32
/** 256 bytes: the block's bloom. */
export const BR_BLOOM: usize = 64
export const BR_SIZE: usize = 320
