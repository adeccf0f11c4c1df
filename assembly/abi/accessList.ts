// What transactions note for the access list of their block (EIP-7928), and the list that is made of the notes.

// --- Note of one transaction: u32 number of accounts, then each of them ----------------------------------------------
// --- Note of one transaction: u32 number of accounts, then each of them ----------------------------------------------

/** u32: account record. */
export const NOTE_ACCOUNT: usize = 0
/** u32: NOTED_* of what changed; their values follow in this order. */
export const NOTE_FLAGS: usize = 4
/** u32: number of slots, which follow the values. */
export const NOTE_SLOTS: usize = 8
export const NOTE_SIZE: usize = 16
/** 32 bytes: the balance after the transaction. */
export const NOTED_BALANCE: u32 = 1
/** 32 bytes: what was added to a balance that nobody read. */
export const NOTED_CREDIT: u32 = 2
/** u64. */
export const NOTED_NONCE: u32 = 4
/** u32: code record, 0 for none; 4 bytes unused. */
export const NOTED_CODE: u32 = 8
/** Of a slot, u32: slot record; then u32: 1 when it has another value than before, 32 bytes, which follow. */
export const NOTE_SLOT_WRITTEN: usize = 4
export const NOTE_SLOT_SIZE: usize = 8

// --- The list --------------------------------------------------------------------------------------------------------
// --- The list --------------------------------------------------------------------------------------------------------

/** u32 address and u32 length of its RLP, which lives until the block ends. */
export const AL_RLP: usize = 0
export const AL_LENGTH: usize = 4
/** u32: addresses and slots in it. */
export const AL_ITEMS: usize = 8
export const AL_SIZE: usize = 16
