// Records of the state as they lie in shared memory. Words (balances, slot keys, slot values) are 256-bit integers of
// four little-endian u64 limbs; addresses and hashes are bytes in wire order.

// --- Location: one versioned 32-byte value ---------------------------------------------------------------------------
// Four of them live inside each account record, one inside each slot record.

/** u32, atomic: newest version entry of the current block (descending transaction index), 0 when there is none. */
export const LOC_VERSIONS: usize = 0
/** u32: lock for writers of the version list; readers take none. */
export const LOC_LOCK: usize = 4
/** u32: kind (KIND_*). */
export const LOC_KIND: usize = 8
/** u32: the account record this location belongs to. */
export const LOC_ACCOUNT: usize = 12
/** u32: next in the list of locations that got a version in the current block. */
export const LOC_TOUCHED_NEXT: usize = 16
/** u32, atomic: 1 when BASE holds the value before the block. */
export const LOC_BASE_KNOWN: usize = 20
/** u32: what the block's access list has of this slot, of a balance its account, while the list is made; else 0. */
export const LOC_LISTED: usize = 24
/** u32: what the access list that the block is executed from claims of this location (stm/given.ts); else 0. */
export const LOC_GIVEN: usize = 28
/** 32 bytes: the value before the block. */
export const LOC_BASE: usize = 32
export const LOC_SIZE: usize = 64

export const KIND_BALANCE: u32 = 0 // u256, wei
export const KIND_NONCE: u32 = 1 // limb 0
export const KIND_CODE: u32 = 2 // keccak-256 of the code, bytes
/** limb 0: 1 when the account exists even if it is empty; limb 1: the storage epoch, see EPOCH below. */
export const KIND_LIFE: u32 = 3
export const KIND_SLOT: u32 = 4

// --- Account ---------------------------------------------------------------------------------------------------------

/** u32: next record in the hash bucket; written once before the record is published. */
export const ACC_NEXT: usize = 0
/** u32, atomic: flags below. */
export const ACC_FLAGS: usize = 4
/** 20 bytes. */
export const ACC_ADDRESS: usize = 8
/** u32: trie node of the account's storage before the block, 0 when it has none or when no trie is kept. */
export const ACC_STORAGE_TRIE: usize = 28
/** 32 bytes: keccak-256 of the address; valid when ACC_HASHED is set. */
export const ACC_HASH: usize = 32
export const ACC_BALANCE: usize = 64
export const ACC_NONCE: usize = 128
export const ACC_CODE: usize = 192
export const ACC_LIFE: usize = 256
/** u32: head of the list of this account's slot records. */
export const ACC_SLOTS: usize = 320
/** 32 bytes: root hash of the account's storage before the block. */
export const ACC_STORAGE_ROOT: usize = 328
/** u32, atomic: this account's DIFF record while the difference of a block is collected, else 0. */
export const ACC_DIFF: usize = 360
/** u32: number of the chain's own precompiled contract at this address (CUSTOM_PRECOMPILE and on), else 0. */
export const ACC_PRECOMPILE: usize = 364
export const ACC_SIZE: usize = 384

/** Number of the first precompiled contract of a chain's own; those of the hardforks have that of their address. */
export const CUSTOM_PRECOMPILE: u32 = 65536

export const ACC_HASHED: u32 = 1
/** A block cleared the storage since the state source was attached: slots not in memory are zero, whatever it says. */
export const ACC_STORAGE_CLEARED: u32 = 2

// --- Slot ------------------------------------------------------------------------------------------------------------

export const SLOT_NEXT: usize = 0
export const SLOT_ACCOUNT: usize = 4
/** u32: next slot record of the same account. */
export const SLOT_SIBLING: usize = 8
/** u32, atomic: SLOT_HASHED. */
export const SLOT_FLAGS: usize = 12
/** 32 bytes: the key, a word. */
export const SLOT_KEY: usize = 16
/** 32 bytes: keccak-256 of the key as 32 big-endian bytes; valid when SLOT_HASHED is set. */
export const SLOT_HASH: usize = 48
/** The location, at an address aligned to 16. */
export const SLOT_LOC: usize = 80
export const SLOT_SIZE: usize = 144

export const SLOT_HASHED: u32 = 1

// --- Storage epoch ---------------------------------------------------------------------------------------------------
// A version of a slot written by transaction j is alive under epoch E iff 2j + 1 >= E; the base value is alive iff
// E == 0. Transaction k that creates a contract over an address (EVM: storage cleared before the init code runs) sets
// E = 2k + 1; transaction k that destroys it (at its end) sets E = 2k + 2. The epoch of every base value is 0.

// --- Code ------------------------------------------------------------------------------------------------------------

/** u32: next in bucket. */
export const CODE_NEXT: usize = 0
/** u32: length in bytes. */
export const CODE_LENGTH: usize = 4
/**
 * u32, atomic: address of the bytes, 0 while only the hash is known; followed by 33 zero bytes (so that a PUSH32 at the
 * end reads zeros, then STOP).
 */
export const CODE_BYTES: usize = 8
/** u32, atomic: jump destination analysis, 0 until somebody needed it. */
export const CODE_ANALYSIS: usize = 12
/** 32 bytes. */
export const CODE_HASH: usize = 16
/** u32, atomic: how often the code was entered, up to ENTRIES; then the copy with rows of opcodes (evm/fuse.ts). */
export const CODE_COPY: usize = 48
export const CODE_SIZE: usize = 52

// --- State difference of a block (made when its last transaction is committed) ---------------------------------------

/** u32: account record. */
export const DIFF_ACCOUNT: usize = 0
/** u32: DIFF_* flags. */
export const DIFF_FLAGS: usize = 4
/** u64. */
export const DIFF_NONCE: usize = 8
/** 32 bytes: balance, a word. */
export const DIFF_BALANCE: usize = 16
/** 32 bytes. */
export const DIFF_CODE_HASH: usize = 48
/**
 * u32: array of u32 pointers to slot differences, and their number. While the difference is collected, atomic: the
 * first one of their list.
 */
export const DIFF_SLOTS: usize = 80
export const DIFF_SLOT_COUNT: usize = 84
/** u32: the storage trie after the block; written by the root stage. */
export const DIFF_STORAGE_TRIE: usize = 88
/** 32 bytes: its root hash; written by the root stage. */
export const DIFF_STORAGE_ROOT: usize = 96
export const DIFF_SIZE: usize = 128

export const DIFF_EXISTS: u32 = 1
/** Storage was cleared in the block; the slot differences are over an empty storage. */
export const DIFF_CLEARED: u32 = 2
/** The account existed before the block. */
export const DIFF_EXISTED: u32 = 4

/** u32: slot record, and the next one in the list while the difference is collected; then its value after, a word. */
export const DSLOT_SLOT: usize = 0
export const DSLOT_NEXT: usize = 4
export const DSLOT_VALUE: usize = 16
export const DSLOT_SIZE: usize = 48
