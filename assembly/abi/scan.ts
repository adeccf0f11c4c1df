// What block/readBlock.ts reads along, and what it finds: the formats of a hardfork's blocks as bytes.

/** u8 each: legacy signatures may name the chain; s in the upper half is refused. u16: most blobs of a transaction. */
export const FMT_REPLAY_PROTECTION: usize = 0
export const FMT_LOW_S: usize = 1
export const FMT_MAX_BLOBS: usize = 2
/** u16 each: offset of the record of a header, and of a withdrawal; 0: blocks have none. */
export const FMT_HEADER: usize = 4
export const FMT_WITHDRAWAL: usize = 6
/** u8 each: positions of a withdrawal's recipient and amount. */
export const FMT_RECIPIENT: usize = 8
export const FMT_AMOUNT: usize = 9
/** u8: position of the withdrawals root in a header; FMT_ABSENT: none. */
export const FMT_WITHDRAWALS_ROOT: usize = 10
/** u16 by EIP-2718 type: offset of its format; 0: the hardfork has none. */
export const FMT_TYPES: usize = 12
export const FMT_TYPE_COUNT: u32 = 8

/** A type's format: u8 positions of gas limit, v and blob hashes (FMT_ABSENT: none); then a record. */
export const FMT_GAS_LIMIT: usize = 0
export const FMT_V: usize = 1
export const FMT_BLOBS: usize = 2
export const FMT_RECORD: usize = 3
export const FMT_ABSENT: u32 = 255

/** Byte string of any length. */
export const ITEM_BYTES: u32 = 0
/** Of u16 bytes. */
export const ITEM_FIXED: u32 = 1
/** Of u16 bytes, or of none. */
export const ITEM_FIXED_OR_EMPTY: u32 = 2
/** Integer of at most u8 bytes. */
export const ITEM_INTEGER: u32 = 3
/** Integer of one byte, at most u8. */
export const ITEM_SMALL: u32 = 4
/** u8 bytes of format that follow: that of each item. */
export const ITEM_LIST: u32 = 5
/** u8 fields, at most D_MOST_FIELDS, whose formats follow. */
export const ITEM_RECORD: u32 = 6

/** Of each transaction: u32 address and length of its EIP-2718 bytes, u32 type, u32 blobs, u64 gas limit. */
export const SCAN_ADDRESS: usize = 0
export const SCAN_LENGTH: usize = 4
export const SCAN_TYPE: usize = 8
export const SCAN_BLOBS: usize = 12
export const SCAN_GAS_LIMIT: usize = 16
export const SCAN_SIZE: usize = 24
