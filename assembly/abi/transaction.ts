// Flat records that cross the border to the host: a transaction and its outcome. Integers are little-endian;
// a word is 32 bytes, least significant first; addresses and hashes are bytes in wire order. Offsets of lists and data
// are relative to the start of the record.

// --- Transaction -----------------------------------------------------------------------------------------------------

/** u32: EIP-2718 type, 0 to 4. */
export const R_TYPE: usize = 0
/** u32: RECORD_* flags. */
export const R_FLAGS: usize = 4
/** u64. */
export const R_NONCE: usize = 8
/** u64: gas. */
export const R_GAS_LIMIT: usize = 16
/** 20 bytes: the recovered sender. */
export const R_SENDER: usize = 24
/** 20 bytes: recipient, absent with RECORD_CREATE. */
export const R_TO: usize = 44
/** Word: wei. */
export const R_VALUE: usize = 64
/** Word: the gas price for types 0 and 1, else the maximum fee per gas. */
export const R_MAX_FEE: usize = 96
/** Word: types 2 and above. */
export const R_PRIORITY_FEE: usize = 128
/** Word: type 3. */
export const R_BLOB_FEE: usize = 160
/** u64: checked against the block's when RECORD_HAS_CHAIN_ID is set. */
export const R_CHAIN_ID: usize = 192
/** u32 offset, u32 length: calldata or init code. */
export const R_DATA: usize = 200
export const R_DATA_LENGTH: usize = 204
/**
 * u32 offset, u32 number of addresses: per address 20 bytes, u32 number of keys, then the keys, 32 bytes wire order.
 */
export const R_ACCESS_LIST: usize = 208
export const R_ACCESS_COUNT: usize = 212
/** Of an address of the list: offset of the number of its keys, and where they begin. */
export const R_ACCESS_KEYS: usize = 20
export const R_ACCESS_HEADER: usize = 24
/** u32 offset, u32 number: 32 bytes each. */
export const R_BLOBS: usize = 216
export const R_BLOB_COUNT: usize = 220
/** u32 offset, u32 number: records of AUTH_SIZE. */
export const R_AUTHS: usize = 224
export const R_AUTH_COUNT: usize = 228
/** u32 offset, u32 number: records of OV_SIZE, with RECORD_CALL only. */
export const R_OVERRIDES: usize = 232
export const R_OVERRIDE_COUNT: usize = 236
/** u32 address: of a sequence, the next record; 0: it is the last one. With RECORD_CALL only. */
export const R_NEXT: usize = 240
/** u32 address: its block, a record of blockEnv.ts; 0: the request's. Every record of a sequence has one. */
export const R_ENV: usize = 244
/** f64: of an estimate, by what share of it it may be too high; 0: it is exact. */
export const R_ERROR_RATIO: usize = 248
export const R_SIZE: usize = 256
export const RECORD_CREATE: u32 = 1
/** A call of the protocol itself (EIP-4788, 2935, 7002, 7251): no nonce, no fees, no validity rules. */
export const RECORD_SYSTEM: u32 = 2
export const RECORD_HAS_CHAIN_ID: u32 = 4
/** A question: what the transaction would come to. Its overrides hold, what it writes is dropped. */
export const RECORD_CALL: u32 = 8
/** With RECORD_CALL: as eth_call has it, the sender's nonce and code, caps and the block's gas limit do not matter. */
export const RECORD_UNCHECKED: u32 = 16
/** With RECORD_CALL: what it touched and what it changed is left behind its outcome (findings.ts). */
export const RECORD_FINDINGS: u32 = 32
/** With RECORD_CALL: the least gas limit is wanted with which it succeeds. */
export const RECORD_ESTIMATE: u32 = 64
/** Of a sequence: the gas limit is what is left of its block. */
export const RECORD_REST: u32 = 128
/** With RECORD_CALL: wei that move are logged as tokens would be. */
export const RECORD_TRANSFERS: u32 = 256
/** With RECORD_CALL: its nonce is its sender's. */
export const RECORD_OWN_NONCE: u32 = 512
/** With RECORD_CALL: its sender may have code. */
export const RECORD_ANY_SENDER: u32 = 1024

// --- Authorisation (EIP-7702) ----------------------------------------------------------------------------------------

/** Word: chain id of the authorisation. */
export const AUTH_CHAIN_ID: usize = 0
/** 20 bytes: the delegate. */
export const AUTH_ADDRESS: usize = 32
/** u32: 1 when the signature gave an authority. */
export const AUTH_RECOVERED: usize = 52
/** u64. */
export const AUTH_NONCE: usize = 56
/** 20 bytes. */
export const AUTH_AUTHORITY: usize = 64
export const AUTH_SIZE: usize = 88

// --- Override of an account (eth_call) -------------------------------------------------------------------------------

/** 20 bytes. */
export const OV_ADDRESS: usize = 0
/** u32: OVERRIDE_*, which of the following hold. */
export const OV_FLAGS: usize = 20
/** u64. */
export const OV_NONCE: usize = 24
/** Word: wei. */
export const OV_BALANCE: usize = 32
/** u32 offset, u32 length: 0 for no code. */
export const OV_CODE: usize = 64
export const OV_CODE_LENGTH: usize = 68
/** u32 offset, u32 number: words of key and value. */
export const OV_SLOTS: usize = 72
export const OV_SLOT_COUNT: usize = 76
export const OV_SIZE: usize = 80
export const OV_SLOT_VALUE: usize = 32
export const OV_SLOT_SIZE: usize = 64
export const OVERRIDE_NONCE: u32 = 1
export const OVERRIDE_BALANCE: u32 = 2
export const OVERRIDE_CODE: u32 = 4
/** The slots given are the whole storage. */
export const OVERRIDE_STORAGE: u32 = 8

// --- Outcome ---------------------------------------------------------------------------------------------------------

/** u8: OUTCOME_*. */
export const O_KIND: usize = 0
/** u8: why it failed or was refused, as an index of the lists in src/abi/outcome.ts. */
export const O_REASON: usize = 1
/** u8: OUTCOME_HAS_*. */
export const O_FLAGS: usize = 2
/** u8: the same reason exactly: 0, halts.ts when it failed, refusals.ts when it was refused. */
export const O_CODE: usize = 3
/** u32: length of all. */
export const O_LENGTH: usize = 4
/** u64: gas used, after the refund. */
export const O_GAS_USED: usize = 8
/** u64. */
export const O_BLOB_GAS: usize = 16
/** Word: effective gas price, wei. */
export const O_PRICE: usize = 24
/** Word: wei paid to the fee recipient. */
export const O_FEE: usize = 56
/** 20 bytes: the contract that a creating transaction made. */
export const O_CREATED: usize = 88
/** u32: EIP-2718 type of the transaction, where outcomes were packed (block/totals.ts). */
export const O_TYPE: usize = 108
/** u32: number of logs, or of the requests of block work. */
export const O_LOG_COUNT: usize = 112
/** u32: length of the return data. */
export const O_RETURN_LENGTH: usize = 116
/** u64: gas that the EVM used, without the transaction's own and before the refund. */
export const O_EXECUTION_GAS: usize = 120
/** u64: what the refund counter came to, before it is limited. */
export const O_REFUND: usize = 128
/** u64 each: what the transaction adds to the gas used by the block, and to its state gas (EIP-7778, EIP-8037). */
export const O_BLOCK_GAS: usize = 136
export const O_STATE_GAS: usize = 144
/** u64: state gas that was charged beforehand, which the block need not have left otherwise. */
export const O_STATE_BEFOREHAND: usize = 152
/** u64: of an estimate, instead: the gas limit that it came to; where it failed, the highest that was tried. */
export const O_ESTIMATE: usize = 152
/** u32 address: of a sequence, the next outcome; 0: it is the last one. */
export const O_NEXT: usize = 160
/** u32: bytes of the findings behind the logs. */
export const O_FINDINGS: usize = 164
/** Bloom (256 bytes, when there are logs), return data, logs, findings; or requests. */
export const O_SIZE: usize = 168
/** Reverted or halted. */
export const OUTCOME_FAILED: u32 = 0
export const OUTCOME_SUCCESS: u32 = 1
/** The transaction is not valid here and changed nothing. */
export const OUTCOME_INVALID: u32 = 2
/** The block's own work. */
export const OUTCOME_WORK: u32 = 3
export const OUTCOME_HAS_CREATED: u8 = 1
export const OUTCOME_HAS_BLOOM: u8 = 2
/** A log: 20 bytes address, u32 topics, u32 data length, then topics and data. */
export const OLOG_TOPICS: usize = 20
export const OLOG_DATA_LENGTH: usize = 24
export const OLOG_BODY: usize = 28
