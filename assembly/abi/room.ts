// What is left of a block that is being built: written by the host before it begins, then taken from as transactions
// are committed.

/** u64, atomic, each: gas, state gas (EIP-8037), blob gas (EIP-4844), bytes of RLP (EIP-7934). */
export const ROOM_GAS: usize = 0
export const ROOM_STATE_GAS: usize = 8
export const ROOM_BLOB_GAS: usize = 16
export const ROOM_BYTES: usize = 24
/** u64: most gas of a transaction that is not state gas. */
export const ROOM_MOST: usize = 32
/** u32: the SCAN records of its transactions (scan.ts). */
export const ROOM_SCANS: usize = 40
/** u32, atomic: 1: it takes no more. */
export const ROOM_CLOSED: usize = 44
/** u32, atomic: 1: a transaction was left out. */
export const ROOM_LEFT_OUT: usize = 48
export const ROOM_SIZE: usize = 56
