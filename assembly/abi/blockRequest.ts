// The request of one block as it lies in the shared memory: written by the executor, read by every thread. Byte strings
// are (pointer, length) pairs, so that a thread decodes only what it executes. Byte offsets of u32 words.

export const Q_TX_COUNT: usize = 0
/** A SCAN record (scan.ts) of each transaction: first where its EIP-2718 bytes are. */
export const Q_TXS: usize = 4
/** 20 bytes each. */
export const Q_SENDERS: usize = 8
/** One u32 each, atomic: SENDER_*. A sender's bytes are written before its word leaves SENDER_UNKNOWN. */
export const Q_SENDER_WORDS: usize = 12
/** The block taken apart: blockParts.ts. */
export const Q_BLOCK: usize = 16
/** Block hashes by number, each Q_HASH_SIZE bytes: u64 number, 32 bytes hash. */
export const Q_HASHES: usize = 24
export const Q_HASH_COUNT: usize = 28
/** FLAG_*. */
export const Q_FLAGS: usize = 32
/** u32, atomic: next transaction whose sender nobody has taken. */
export const Q_SENDER_CURSOR: usize = 36
/** u32, atomic: PHASE_*, see the root stage in src/workers/blockParticipant.ts. */
export const Q_PHASE: usize = 40
/** 32 bytes a transaction: state roots after each, before Byzantium (FLAG_TX_ROOTS). */
export const Q_TX_ROOTS: usize = 44
/** The hardfork's name, ASCII. */
export const Q_HARDFORK: usize = 48
export const Q_HARDFORK_LENGTH: usize = 52
/** Number of the block, which its questions to the host carry. */
export const Q_SERIAL: usize = 56
/** With FLAG_CORE: record of blockEnv.ts. */
export const Q_ENV: usize = 64
/** Steps (steps.ts) before and after the transactions: pointer, count. */
export const Q_WORK_BEFORE: usize = 68
export const Q_WORK_BEFORE_COUNT: usize = 72
export const Q_WORK_AFTER: usize = 76
export const Q_WORK_AFTER_COUNT: usize = 80
/** One u32 each, atomic: the decoded record (transaction.ts), 0 not decoded yet, MALFORMED_RECORD. */
export const Q_RECORDS: usize = 84
/** Signatures that a thread takes at a time: 1 to SENDER_BATCH_MOST. */
export const Q_SENDER_BATCH: usize = 88
/** Record of orderedGroups.ts for the receipts root; 0: it is not wanted. */
export const Q_RECEIPTS: usize = 92
/** The same for transactions, and for withdrawals; 0: the body is not checked, or has none. */
export const Q_TX_GROUPS: usize = 96
export const Q_WITHDRAWAL_GROUPS: usize = 100
/** Record of receipts.ts: what the block came to. */
export const Q_TOTALS: usize = 104
/** 20 bytes: the deposit contract (EIP-6110); 0: it is not asked. */
export const Q_DEPOSITS: usize = 108
export const Q_SIZE: usize = 112

export const Q_HASH_SIZE: usize = 40
export const Q_HASH_BYTES: usize = 8

/** They share their inversions, and the work still divides evenly. */
export const SENDER_BATCH_MOST: u32 = 16
/** As many as are recovered at once (secp256k1/batch.ts). */
export const SENDER_BATCH_LANES: u32 = 4

export const SENDER_UNKNOWN: u32 = 0
export const SENDER_KNOWN: u32 = 1
/** The signature recovers to no address. */
export const SENDER_INVALID: u32 = 2

export const FLAG_SEQUENTIAL: u32 = 1
export const FLAG_TX_ROOTS: u32 = 2
export const FLAG_ROOT: u32 = 4
/** What is missing can be fetched: ask the executor's thread for it. */
export const FLAG_ASYNC: u32 = 8
/** The core executes the block itself. */
export const FLAG_CORE: u32 = 16
/** The executor's own thread takes part. */
export const FLAG_HOST: u32 = 32
/** The receipts root is made. */
export const FLAG_RECEIPTS: u32 = 64
/** Transactions note what they touch, for the block's access list (accessList.ts). */
export const FLAG_ACCESS_LIST: u32 = 128
/** Transactions are decoded and their senders recovered, and nothing else. */
export const FLAG_LISTS: u32 = 256

export const MALFORMED_RECORD: u32 = 1
