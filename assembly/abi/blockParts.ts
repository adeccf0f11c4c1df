// Where the parts of a block are (block/readBlock.ts): written by the core, or by the host where the core did not read
// the block. u32 address, u32 length where nothing else is said.

/** The whole; then its parts, in their order. Address 0: a block without a list of withdrawals. */
export const D_BYTES: usize = 0
export const D_PARTS: usize = 8
export const D_HEADER: usize = 8
export const D_TX_LIST: usize = 16
export const D_UNCLES: usize = 24
export const D_WITHDRAWALS: usize = 32
/** u32 number of transactions, u32 address of as many SCAN records (scan.ts). */
export const D_TX_COUNT: usize = 40
export const D_TXS: usize = 44
/** u32: blobs of all transactions. */
export const D_BLOBS: usize = 48
/** u32 number of withdrawals, u32 address of as many WITHDRAWAL records. */
export const D_WITHDRAWAL_COUNT: usize = 52
export const D_WITHDRAWAL_TABLE: usize = 56
/** u32: D_MOST_UNCLES at most. */
export const D_UNCLE_COUNT: usize = 60
/** u64 each, of the header. */
export const D_NUMBER: usize = 64
export const D_TIMESTAMP: usize = 72
/** u32: position of the withdrawals root in the header, where it has one. */
export const D_WITHDRAWALS_ROOT: usize = 80
/** D_FIELDS_SIZE bytes for the header and for each uncle: its bytes as they are hashed, then each field. */
export const D_FIELDS: usize = 88
export const D_MOST_FIELDS: u32 = 31
export const D_FIELDS_SIZE: usize = 256
export const D_MOST_UNCLES: u32 = 2
/** The same, for what is read of a transaction or a withdrawal. */
export const D_SCRATCH: usize = 856
export const D_SIZE: usize = 1112

/** Of a withdrawal (EIP-4895): its RLP; u32 address of its 20 bytes; u64 amount in gwei. */
export const WITHDRAWAL_RLP: usize = 0
export const WITHDRAWAL_RECIPIENT: usize = 8
export const WITHDRAWAL_AMOUNT: usize = 16
export const WITHDRAWAL_SIZE: usize = 24
