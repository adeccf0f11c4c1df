// What the tracing module tells its host (evm/trace.ts): events in a stream of bytes, each with its length first.
// Integers are little-endian; a word is 32 bytes, least significant first; addresses and topics are bytes in wire
// order.

// --- enum TraceWant (WANT_): which events are wanted -----------------------------------------------------------------

/** Every opcode, and what it cost. */
export const WANT_STEPS: u32 = 1
/** With steps: the whole stack, the memory, what the last call returned. */
export const WANT_STACK: u32 = 2
export const WANT_MEMORY: u32 = 4
export const WANT_RETURN_DATA: u32 = 8
/** Frames that begin and end, those of precompiled contracts too. */
export const WANT_CALLS: u32 = 16
export const WANT_LOGS: u32 = 32
/** Opcodes that look at accounts and slots, and at the end all of them that the transaction had to do with. */
export const WANT_STATE: u32 = 64
/** How often each opcode ran, and what gas it took. */
export const WANT_COUNTS: u32 = 128

// --- enum TraceEvent (TE_) -------------------------------------------------------------------------------------------

export const TE_BEGIN: u32 = 1
export const TE_STEP: u32 = 2
/**
 * The running step left its own frame with so much gas: the rest it gave to a callee. State gas that it took of it is
 * not counted (EIP-8037).
 */
export const TE_CHARGED: u32 = 3
/** The running step ended its frame, or with an abort status the run. */
export const TE_HALT: u32 = 4
export const TE_ENTER: u32 = 5
export const TE_EXIT: u32 = 6
export const TE_LOG: u32 = 7
export const TE_ACCOUNT: u32 = 8
export const TE_COUNTS: u32 = 9
export const TE_END: u32 = 10
/** A creation was paid for, up to its account: it looks at what it is to create, whether it will begin or not. */
export const TE_TARGET: u32 = 11

// --- Of every event --------------------------------------------------------------------------------------------------

/** u32: length of the event, these bytes included. */
export const T_SIZE: usize = 0
/** u8: TE_*. */
export const T_TYPE: usize = 4
/** u8: the opcode; of a frame that begins the opcode that makes such frames. */
export const T_OP: usize = 5
/** u16: calls between it and the transaction's first frame, which has 0. */
export const T_DEPTH: usize = 6

// --- Begin: the transaction is valid ---------------------------------------------------------------------------------

/** 20 bytes each: sender; recipient or what is created; fee recipient. */
export const T_SENDER: usize = 8
export const T_TO: usize = 28
export const T_COINBASE: usize = 48
/** u32: 1 for a creation. */
export const T_CREATES: usize = 68
/** u64. */
export const T_GAS_LIMIT: usize = 72
/** u32: authorities behind it, 20 bytes each, recovered ones only (EIP-7702). */
export const T_AUTHORITIES: usize = 80
export const T_BEGIN_SIZE: usize = 88

// --- Step and halt: before the opcode --------------------------------------------------------------------------------

/** u32 each. */
export const T_PC: usize = 8
export const T_MEM_SIZE: usize = 12
/** i64: gas left; the refund counter, of a halt that after the opcode. */
export const T_GAS: usize = 16
export const T_REFUND: usize = 24
/** u32: words of the stack that are behind it, the top last; and how many there are. */
export const T_WORDS: usize = 32
export const T_HEIGHT: usize = 36
/** u32: bytes of return data and of memory that are behind the words. */
export const T_RETURN_LENGTH: usize = 40
export const T_MEM_LENGTH: usize = 44
/** 20 bytes: the account whose storage the frame has. */
export const T_SELF: usize = 48
export const T_STEP_SIZE: usize = 72

/** Of a halt, in place of the lengths: u32 status of halts.ts; HALT_* flags, above them the byte behind the opcode. */
export const T_STATUS: usize = 40
export const T_FLAGS: usize = 44
/** i64: gas that was left when it ended. */
export const T_GAS_AFTER: usize = 72
/** Words of an SSTORE: the slot's value now, and before the transaction. */
export const T_SLOT_VALUE: usize = 80
export const T_SLOT_BEFORE: usize = 112
export const T_HALT_SIZE: usize = 144
/** Words of the stack that a halt has at most. */
export const HALT_WORDS: u32 = 7
/** The account or slot of the opcode was warm (EIP-2929); the frame is static. */
export const HALT_WARM: u32 = 1
export const HALT_STATIC: u32 = 2
/** The account does not exist, or is empty. */
export const HALT_DEAD: u32 = 4
/** The running account has a balance. */
export const HALT_FUNDED: u32 = 8
/** The running account has destroyed itself before in the transaction. */
export const HALT_DESTROYED: u32 = 16
/** Number of bits below that byte. */
export const HALT_OPERAND: u32 = 8

// --- Charged: T_GAS, T_REFUND ----------------------------------------------------------------------------------------

export const T_CHARGED_SIZE: usize = 32

// --- Target: T_CALLEE ------------------------------------------------------------------------------------------------

export const T_TARGET_SIZE: usize = 48

// --- Enter and exit of a frame ---------------------------------------------------------------------------------------

/** 20 bytes each; word: wei. */
export const T_FROM: usize = 8
export const T_CALLEE: usize = 28
export const T_VALUE: usize = 48
/** i64: gas that it has. */
export const T_FRAME_GAS: usize = 80
/** u32: length of the input behind it; number of the precompiled contract, 0 for none. */
export const T_INPUT_LENGTH: usize = 88
export const T_PRECOMPILE: usize = 92
export const T_ENTER_SIZE: usize = 96

/** u32: how it ended, of halts.ts or EXIT_*; length of the output behind it; i64: gas that it left. */
export const T_EXIT_STATUS: usize = 8
export const T_OUTPUT_LENGTH: usize = 12
export const T_EXIT_GAS: usize = 16
export const T_EXIT_SIZE: usize = 24
/** A frame that did not begin: too deep, more value than there is, a nonce that cannot grow. */
export const EXIT_DEPTH: u32 = 40
export const EXIT_BALANCE: u32 = 41
export const EXIT_NONCE: u32 = 42

// --- Log -------------------------------------------------------------------------------------------------------------

/** 20 bytes; u32: number of topics, length of data, logs of the transaction before it. Topics and data follow. */
export const T_LOG_ADDRESS: usize = 8
export const T_TOPICS: usize = 28
export const T_DATA_LENGTH: usize = 32
export const T_LOG_INDEX: usize = 36
export const T_LOG_SIZE: usize = 40

// --- Account, at the end: before the transaction and after it --------------------------------------------------------

/** 20 bytes; u32: ACCOUNT_* flags. */
export const T_ADDRESS: usize = 8
export const T_ACCOUNT_FLAGS: usize = 28
/** Words: wei. */
export const T_BALANCE_BEFORE: usize = 32
export const T_BALANCE_AFTER: usize = 64
/** u64 each. */
export const T_NONCE_BEFORE: usize = 96
export const T_NONCE_AFTER: usize = 104
/** u32 each: records of codes, 0 for none. */
export const T_CODE_BEFORE: usize = 112
export const T_CODE_AFTER: usize = 116
/** u32: slots behind it, each three words: key, value before and after. */
export const T_SLOTS: usize = 120
export const T_ACCOUNT_SIZE: usize = 128
export const T_SLOT_SIZE: usize = 96
export const ACCOUNT_EXISTED: u32 = 1
export const ACCOUNT_EXISTS: u32 = 2

// --- Counts: 256 times u64 number of runs and i64 gas ----------------------------------------------------------------

export const T_COUNTS: usize = 8
export const T_COUNTS_SIZE: usize = 4104

// --- End -------------------------------------------------------------------------------------------------------------

/** u32: how the first frame ended. */
export const T_END_STATUS: usize = 8
/** i64 each: gas of the frames, without the intrinsic gas and before refunds; gas of the receipt. */
export const T_END_GAS: usize = 16
export const T_GAS_USED: usize = 24
export const T_END_SIZE: usize = 32
