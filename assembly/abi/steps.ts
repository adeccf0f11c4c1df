// The block's own work, before its transactions and after them: a list of steps that the host derives from the rules of
// the fork. Words are 32 bytes in wire order.

/** u32: WORK_*. */
export const STEP_KIND: usize = 0
/** u32: type of an EIP-7685 request. */
export const STEP_TYPE: usize = 4
/** 20 bytes. */
export const STEP_ADDRESS: usize = 8
/** Words A and B. */
export const STEP_A: usize = 32
export const STEP_B: usize = 64
export const STEP_SIZE: usize = 96

// --- enum StepKind (WORK_) -------------------------------------------------------------------------------------------

/** Sets slot A to B if the account has code (EIP-4788, EIP-2935). */
export const WORK_STORE: u32 = 1
/** Adds A wei (rewards). */
export const WORK_CREDIT: u32 = 2
/** Takes all wei (EIP-779); they go to the account of the next WORK_POUR. */
export const WORK_DRAIN: u32 = 3
export const WORK_POUR: u32 = 4
/** Calls the contract as the system address, which is the last 20 bytes of A, with B gas; its output is a request. */
export const WORK_REQUEST: u32 = 5
/** Calls the contract as the system address with B gas and A as its input, if it has code; whatever comes of it. */
export const WORK_CALL: u32 = 6
