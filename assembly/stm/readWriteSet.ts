// Read and write records of a transaction: linked lists in the block arena of the thread that ran it. They are never
// reused during a block, so that a validator that comes late reads old records, not torn ones.

/** u32: the read before this one, 0 = none. */
export const READ_NEXT: usize = 0
/** u32: READ_*. */
export const READ_KIND: usize = 4
/** u32: a location, a slot record or an account record. */
export const READ_TARGET: usize = 8
/** u32: answer of a predicate. */
export const READ_SEEN: usize = 12
/** 32 bytes: the value seen, or the bound. */
export const READ_WORD: usize = 16
export const READ_SIZE: usize = 48

export const READ_VALUE: u32 = 0
export const READ_SLOT: u32 = 1
export const READ_EXISTS: u32 = 2
export const READ_EMPTY: u32 = 3
export const READ_BALANCE_AT_LEAST: u32 = 4
export const READ_HAS_STORAGE: u32 = 5

/** u32: next, 0 = none. */
export const WRITE_NEXT: usize = 0
/** u32: location. */
export const WRITE_LOCATION: usize = 4
/** u32: its version entry. */
export const WRITE_ENTRY: usize = 8
export const WRITE_SIZE: usize = 16
