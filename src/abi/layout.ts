// Offsets of assembly/state/layout.ts that the host reads.

export const LOC_BASE = 32
export const ACC_ADDRESS = 8
export const ACC_BALANCE = 64
export const ACC_NONCE = 128
export const ACC_CODE = 192
export const ACC_LIFE = 256
export const SLOT_ACCOUNT = 4
export const SLOT_KEY = 16
export const SLOT_LOC = 80
export const CODE_LENGTH = 4
export const CODE_BYTES = 8

export const DIFF_ACCOUNT = 0
export const DIFF_FLAGS = 4
export const DIFF_NONCE = 8
export const DIFF_BALANCE = 16
export const DIFF_CODE_HASH = 48
export const DIFF_SLOTS = 80
export const DIFF_SLOT_COUNT = 84
export const DIFF_EXISTS = 1
export const DIFF_CLEARED = 2
export const DSLOT_SLOT = 0
export const DSLOT_VALUE = 16
export const DIFF_SIZE = 128
export const DSLOT_SIZE = 48
