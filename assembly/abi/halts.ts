// How a step of the interpreter can end. OK goes on; the other statuses of status.ts (1 to 4) end the run of the
// transaction at once and undecided; the rest end a frame.

// --- enum Halt: what ends a step -------------------------------------------------------------------------------------

/** BLOCKHASH asked for an ancestor whose hash the host did not give. An abort too. */
export const HASH_MISSING: i32 = 5
/** A custom precompiled contract threw: what it said is the return data. An abort too. */
export const CONTRACT_THREW: i32 = 6
/** A new frame was pushed: the loop goes on there. */
export const PUSHED: i32 = 8
export const STOPPED: i32 = 9
export const RETURNED: i32 = 10
export const REVERTED: i32 = 11
// Exceptional halts: all gas of the frame is gone.
export const OUT_OF_GAS: i32 = 16
export const STACK_UNDERFLOW: i32 = 17
export const STACK_OVERFLOW: i32 = 18
export const INVALID_JUMP: i32 = 19
export const INVALID_OPCODE: i32 = 20
export const STATIC_VIOLATION: i32 = 21
export const RETURN_DATA_OUT_OF_BOUNDS: i32 = 22
export const CODE_TOO_LONG: i32 = 23
export const INVALID_CODE: i32 = 24
export const CREATE_COLLISION: i32 = 25
export const INIT_CODE_TOO_LONG: i32 = 26
export const PRECOMPILE_FAILED: i32 = 27
export const CODE_STORE_OUT_OF_GAS: i32 = 28
