// The request of one block as the host writes it (src/abi/blockRequest.ts, field by field): byte offsets of u32 words.

export const Q_TX_COUNT: usize = 0
/** (pointer, length) of each transaction's EIP-2718 bytes. */
export const Q_TXS: usize = 4
/** 20 bytes each. */
export const Q_SENDERS: usize = 8
/** One u32 each, atomic: SENDER_*. A sender's bytes are written before its word leaves SENDER_UNKNOWN. */
export const Q_SENDER_WORDS: usize = 12
export const Q_FLAGS: usize = 32
/** u32, atomic: next transaction whose sender nobody has taken. */
export const Q_SENDER_CURSOR: usize = 36
/** Record of evm/blockEnv.ts. */
export const Q_ENV: usize = 64
/** Steps of work.ts before and after the transactions: pointer, count. */
export const Q_WORK_BEFORE: usize = 68
export const Q_WORK_AFTER: usize = 76
/** One u32 each, atomic: the decoded record (decode.ts), 0 not decoded yet, MALFORMED_RECORD. */
export const Q_RECORDS: usize = 84

export const SENDER_UNKNOWN: u32 = 0
export const SENDER_KNOWN: u32 = 1
export const SENDER_INVALID: u32 = 2

export const FLAG_TX_ROOTS: u32 = 2

export const MALFORMED_RECORD: u32 = 1
