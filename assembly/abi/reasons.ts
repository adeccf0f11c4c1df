// Why an execution failed and which rule a refused transaction breaks, in the terms of the outcome: what receipts and
// errors are told with. Coarser than halts.ts and refusals.ts, and common to both engines.

// --- enum Reason (REASON_): why an execution failed ------------------------------------------------------------------

export const REASON_NONE: u8 = 0
export const REASON_OUT_OF_GAS: u8 = 1
export const REASON_CODE_STORE_OUT_OF_GAS: u8 = 2
export const REASON_CODE_TOO_LONG: u8 = 3
export const REASON_STACK_UNDERFLOW: u8 = 4
export const REASON_STACK_OVERFLOW: u8 = 5
export const REASON_INVALID_JUMP: u8 = 6
export const REASON_INVALID_OPCODE: u8 = 7
export const REASON_OUT_OF_RANGE: u8 = 8
export const REASON_REVERT: u8 = 9
export const REASON_STATIC_STATE_CHANGE: u8 = 10
export const REASON_INTERNAL_ERROR: u8 = 11
export const REASON_CREATE_COLLISION: u8 = 12
export const REASON_STOP: u8 = 13
export const REASON_REFUND_EXHAUSTED: u8 = 14
export const REASON_VALUE_OVERFLOW: u8 = 15
export const REASON_INSUFFICIENT_BALANCE: u8 = 16
export const REASON_INVALID_CODE: u8 = 17
export const REASON_INIT_CODE_TOO_LONG: u8 = 18
export const REASON_INVALID_INPUT_LENGTH: u8 = 19
export const REASON_INVALID_EOF: u8 = 20
export const REASON_POINT_NOT_ON_CURVE: u8 = 21
export const REASON_EMPTY_INPUT: u8 = 22
export const REASON_POINT_NOT_IN_FIELD: u8 = 23
export const REASON_KZG_COMMITMENT: u8 = 24
export const REASON_KZG_INPUTS: u8 = 25
export const REASON_KZG_PROOF: u8 = 26
export const REASON_OTHER: u8 = 27

// --- enum RefusalReason (RULE_): which rule a refused transaction breaks ---------------------------------------------

export const RULE_INVALID_TRANSACTION: u8 = 0
export const RULE_MALFORMED_TRANSACTION: u8 = 1
export const RULE_INTRINSIC_GAS_TOO_LOW: u8 = 2
export const RULE_FEE_CAP_BELOW_BASE_FEE: u8 = 3
export const RULE_SENDER_HAS_CODE: u8 = 4
export const RULE_INSUFFICIENT_FUNDS: u8 = 5
export const RULE_NONCE_MISMATCH: u8 = 6
export const RULE_BLOB_FEE_CAP_TOO_LOW: u8 = 7
export const RULE_TRANSACTION_TYPE_NOT_ACTIVE: u8 = 8
export const RULE_TRANSACTION_GAS_LIMIT_TOO_HIGH: u8 = 9
export const RULE_INIT_CODE_TOO_LARGE: u8 = 10
export const RULE_SYSTEM_CALL_FAILED: u8 = 11
export const RULE_BLOCK_HASH_MISSING: u8 = 12
export const RULE_NO_ROOM_LEFT: u8 = 13
export const RULE_PRECOMPILE_THREW: u8 = 14
