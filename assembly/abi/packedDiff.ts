// The state difference of a block as the host copies it (stm/packDiff.ts): accounts one behind the other, each followed
// by its slots and its code. Words are 32 bytes, least significant first.

/** 20 bytes. */
export const PACK_ADDRESS: usize = 0
/** u32: DIFF_* flags (abi/state.ts). */
export const PACK_FLAGS: usize = 20
/** u64. */
export const PACK_NONCE: usize = 24
/** Word: balance. */
export const PACK_BALANCE: usize = 32
/** 32 bytes. */
export const PACK_CODE_HASH: usize = 64
/** u32: number of slots: key and value as words, 64 bytes each. */
export const PACK_SLOT_COUNT: usize = 96
/** u32: bytes of code behind the slots, PACK_SAME_CODE when the account has the code it had before the block. */
export const PACK_CODE_LENGTH: usize = 100
export const PACK_SIZE: usize = 104
export const PACK_SLOT_SIZE: usize = 64
export const PACK_SAME_CODE: u32 = 0xffff_ffff
