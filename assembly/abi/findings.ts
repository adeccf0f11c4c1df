// What a question touched and what it changed (RECORD_FINDINGS): the difference as in packedDiff.ts, then what it
// touched, account by account, as an access list (EIP-2930) has it.

/** u32: bytes of the difference. */
export const FIND_DIFF_LENGTH: usize = 0
export const FIND_DIFF: usize = 4

// --- Of an account that an opcode looked at, or a slot of it ---------------------------------------------------------

/** 20 bytes. */
export const TOUCH_ADDRESS: usize = 0
/** u32: the account itself was looked at, not only its slots. */
export const TOUCH_ITSELF: usize = 20
/** u32: number of slots; their keys follow, 32 bytes each in wire order. */
export const TOUCH_COUNT: usize = 24
export const TOUCH_SIZE: usize = 28
