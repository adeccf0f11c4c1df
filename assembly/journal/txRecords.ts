// Records of the transaction that a thread is running. They live in the thread's own memory from the first touch of an
// account or slot until the transaction ends, and hold what has been read (lazily) and what was changed.

// --- Account as the running transaction sees it ----------------------------------------------------------------------

/** u32: the shared account record. */
export const A_RECORD: usize = 0
/** u32: flags below. */
export const A_FLAGS: usize = 4
/** u32: next in the list of all accounts of the transaction. */
export const A_NEXT: usize = 8
/** u32: head of the list of this account's slots. */
export const A_SLOTS: usize = 12
/** u32: code record now, and before the transaction; 0 = no code. Valid when CODE_KNOWN. */
export const A_CODE: usize = 16
export const A_CODE_BEFORE: usize = 20
/** u64: nonce now, and before the transaction. Valid when NONCE_KNOWN. */
export const A_NONCE: usize = 24
export const A_NONCE_BEFORE: usize = 32
/** u32: hash in the table of accounts. */
export const A_HASH: usize = 40
/** u32: number of the active precompile at this address, 0 when there is none. */
export const A_PRECOMPILE: usize = 44
/** 32 bytes: the address as a word. */
export const A_WORD: usize = 48
/** 32 bytes: BALANCE_KNOWN: the balance; else the sum (mod 2^256) of what was added to the unread balance. */
export const A_BALANCE: usize = 80
/** 32 bytes: balance before the transaction. Valid when BALANCE_KNOWN. */
export const A_BALANCE_BEFORE: usize = 112
export const A_SIZE: usize = 144

/** In the access list (EIP-2929). */
export const WARM: u32 = 1
export const BALANCE_KNOWN: u32 = 2
export const NONCE_KNOWN: u32 = 4
export const CODE_KNOWN: u32 = 8
/** EIP-161: to be deleted at the end if empty; before EIP-158: exists from now on. */
export const TOUCHED: u32 = 16
/** Created as a contract by this transaction (EIP-6780). */
export const CREATED: u32 = 32
/** SELFDESTRUCT executed; removed at the end. */
export const DESTROYED: u32 = 64
/** Whether the account was empty / existed before the transaction is known, and the answer. */
export const EMPTY_KNOWN: u32 = 128
export const EMPTY_BEFORE: u32 = 256
export const EXISTS_KNOWN: u32 = 512
export const EXISTED_BEFORE: u32 = 1024
/** Looked at by the EVM, so that it belongs into the block's access list (EIP-7928); stays after a revert. */
export const SEEN: u32 = 2048
/** As an authority (EIP-7702): its first change is paid, and its delegation's state is. */
export const AUTHORITY_PAID: u32 = 4096
export const DELEGATION_PAID: u32 = 8192
/** Of its storage only the slots that are known exist, whatever lies in the state. */
export const REPLACED: u32 = 16384
/** An opcode looked at it by its address, as an access list (EIP-2930) is to name it; stays after a revert. */
export const LOOKED_AT: u32 = 32768

// --- Slot (of storage or of transient storage) -----------------------------------------------------------------------

/** u32: next slot of the same account. */
export const S_NEXT: usize = 0
/** u32: TxAccount. */
export const S_ACCOUNT: usize = 4
/** u32: the shared slot record, 0 while not needed. */
export const S_RECORD: usize = 8
/** u32: flags below. */
export const S_FLAGS: usize = 12
/** u32: hash in the table of slots. */
export const S_HASH: usize = 16
/** Words: key; value before the transaction; value now. The values are valid when SLOT_KNOWN. */
export const S_KEY: usize = 32
export const S_BEFORE: usize = 64
export const S_VALUE: usize = 96
export const S_SIZE: usize = 128

/** = WARM, so that warmth is undone alike for accounts and slots. */
export const SLOT_WARM: u32 = 1
export const SLOT_KNOWN: u32 = 2
export const SLOT_TRANSIENT: u32 = 4
/** = SEEN of an account, of a slot. */
export const SLOT_SEEN: u32 = 8

// --- Log -------------------------------------------------------------------------------------------------------------

/** u32: the previous log, 0 for the first. */
export const LOG_PREVIOUS: usize = 0
/** u32: TxAccount. */
export const LOG_ACCOUNT: usize = 4
export const LOG_TOPICS: usize = 8
export const LOG_DATA_LENGTH: usize = 12
/** Topics (32 bytes each, wire order), then data. */
export const LOG_BODY: usize = 16
