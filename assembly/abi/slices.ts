// Small layouts that stand in several records.

/** Where bytes, or records, are: u32 address, u32 length or count. */
export const SLICE_ADDRESS: usize = 0
export const SLICE_LENGTH: usize = 4
export const SLICE_SIZE: usize = 8

/** Before bytes that lie one behind the other: u32 length. */
export const LENGTH_PREFIX: usize = 4
