// Records of the tries: entries of a batch, and what was missing or malformed.

/** Keys are at most this long (bytes): it bounds the depth of every recursion over a trie. */
export const MAX_KEY: usize = 256

// --- Entry: (u32 key, u32 nibbles in the key, u32 value, u32 length of the value; 0 deletes) -------------------------

export const ENTRY_KEY: usize = 0
export const ENTRY_NIBBLES: usize = 4
export const ENTRY_VALUE: usize = 8
export const ENTRY_LENGTH: usize = 12
export const ENTRY_SIZE: usize = 16

// --- Note of a node: u32 the note before it, u32 where its hash is, u32 length; the RLP ------------------------------

export const NOTE_NEXT: usize = 0
export const NOTE_NODE: usize = 4
export const NOTE_LENGTH: usize = 8
export const NOTE_RLP: usize = 12

// --- Fault: u32 nibbles in the path, u32 account record; 32 bytes hash; the path, a byte a nibble --------------------

export const FAULT_NIBBLES: usize = 0
/** u32: account record whose storage trie it was; 0: the trie in question has no account. */
export const FAULT_ACCOUNT: usize = 4
export const FAULT_HASH: usize = 8
export const FAULT_PATH: usize = 40
export const FAULT_SIZE: usize = FAULT_PATH + 2 * MAX_KEY
