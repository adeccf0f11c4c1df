// Rows of a state store: keys and values as the core asks for them and writes them. The first byte of a key is its
// table; a table's rows lie together, and within it those of one account. A word is written without its high zero
// bytes, lowest byte first.

// --- enum Table (TABLE_OF_): first byte of a key --------------------------------------------------------------------

/** 20 bytes address, a nibble a byte of the path: RLP of a node of a storage trie. */
export const TABLE_OF_STORAGE_NODES: u32 = 0x4e
/** 20 bytes address: an account. */
export const TABLE_OF_ACCOUNTS: u32 = 0x61
/** keccak-256: the code. */
export const TABLE_OF_CODES: u32 = 0x63
/** A nibble a byte of the path: RLP of a node of the account trie. */
export const TABLE_OF_NODES: u32 = 0x6e
/** 20 bytes address, 32 bytes key (big-endian): a word that is not 0. */
export const TABLE_OF_SLOTS: u32 = 0x73

// --- Sizes ---

/** Longest key: table, address, path. */
export const MAX_ROW_KEY: usize = 21 + 64
/** Longest value but for codes. A branch with 16 hashes and no value has 532 bytes. */
export const MAX_ROW: usize = 1024

// --- Account: u8 flags; u64 nonce; u8 length and bytes of the balance; code hash; storage root ----------------------

export const ROW_HAS_CODE: u32 = 1
export const ROW_HAS_STORAGE: u32 = 2
export const ROW_NONCE: usize = 1
export const ROW_BALANCE: usize = 9

// --- Change: u16 length of the key, u16 Change, u32 length of the value; key; value ---------------------------------

export const CHANGE_KEY_LENGTH: usize = 0
export const CHANGE_KIND: usize = 2
export const CHANGE_VALUE_LENGTH: usize = 4
export const CHANGE_HEAD: usize = 8

// --- enum Change (CHANGE_IS_): what becomes of a row ----------------------------------------------------------------

export const CHANGE_IS_PUT: u32 = 0
export const CHANGE_IS_DELETE: u32 = 1
/** All rows whose keys begin with the key are deleted. */
export const CHANGE_IS_DELETE_ALL: u32 = 2
