// What the access list of a block has of its accounts, slots and changes, while it is made: u32 fields, in memory of
// the block.

// An account of the list: heads and tails of its lists of changes, in the order of their indices.
export const L_RECORD: usize = 0
export const L_NEXT: usize = 4
export const L_BALANCES: usize = 8
export const L_NONCES: usize = 16
export const L_CODES: usize = 24
/** Number of its slots; the first one; an array of entries (trie/entries.ts) with them, sorted by key. */
export const L_SLOT_COUNT: usize = 32
export const L_SLOTS: usize = 40
export const L_SORTED: usize = 44
/** Lengths of the payloads of its five lists, and of its own. */
export const L_SIZES: usize = 48
export const L_SIZE: usize = 72

// A slot of the list.
export const LS_RECORD: usize = 0
export const LS_NEXT: usize = 4
/** Head and tail of its changes; 0: it was only read. */
export const LS_CHANGES: usize = 8
/** 32 bytes: its key, big-endian, by which it is sorted. */
export const LS_KEY: usize = 16
export const LS_SIZE: usize = 48

// A change: next, index, value: the address of a word or of a u64, or a code record.
export const C_NEXT: usize = 0
export const C_INDEX: usize = 4
export const C_VALUE: usize = 8
/** Of a balance: 1 when the word at C_VALUE is to be added to the balance before. */
export const C_ADDED: usize = 12
export const C_SIZE: usize = 16
