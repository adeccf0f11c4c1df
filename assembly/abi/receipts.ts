// What a block came to (block/totals.ts, block/closing.ts).

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
/** u32, atomic: 0, TOTALS_TAKEN by a thread, TOTALS_DONE. */
export const BR_TAKEN: usize = 320
/** u32: 1 when all transactions may be in the block. Without it nothing else is there but BR_BODY. */
export const BR_ACCEPTED: usize = 324
/** u32: 1 when the body is the one that the header commits to. */
export const BR_BODY: usize = 328
/** u32 address of the first DEPOSIT record, 0: none. */
export const BR_DEPOSITS: usize = 332
/** 32 bytes: the root of the transactions, where the request has a place for that trie. */
export const BR_TX_ROOT: usize = 336
export const BR_SIZE: usize = 368

export const TOTALS_TAKEN: u32 = 1
export const TOTALS_DONE: u32 = 2

/** A log of the deposit contract: u32 address of the next one or 0, u32 address of the log in its outcome. */
export const DEPOSIT_NEXT: usize = 0
export const DEPOSIT_LOG: usize = 4
export const DEPOSIT_SIZE: usize = 8
