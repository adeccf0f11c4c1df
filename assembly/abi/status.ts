// What a call of the core, a task and a run can answer.

// --- enum Status: every call that can fail ---------------------------------------------------------------------------

/** Success; the host turns the others into typed errors. */
export const OK: i32 = 0
/** Memory cannot grow further: the configured maximum is reached. */
export const OUT_OF_SPACE: i32 = 1
/** A read met the ESTIMATE of a lower transaction; the transaction must be suspended. */
export const BLOCKED: i32 = 2
/** The base value is not in memory: an absent witness node, or a value an asynchronous source must fetch. */
export const MISSING: i32 = 3
/** Input bytes are not what their format demands. */
export const MALFORMED: i32 = 4
/** What was executed is not what the block's access list claims, or no list can say it: execute without. */
export const MISGUIDED: i32 = 5

// --- enum Task (TASK_): answers of nextTask that are no transaction, and of runBlock ---------------------------------

/** The block is over for this thread. */
export const TASK_DONE: i32 = -1
export const TASK_FAILED: i32 = -2
/**
 * Nothing to do now and this thread must not wait, or not for long: ask again later, or leave the block to the others.
 */
export const TASK_IDLE: i32 = -3
/** runBlock: the transaction `stoppedAt` is parked until the host has fetched what it misses. */
export const TASK_FETCH: i32 = -4
/** runBlock: the root of the state after the transaction `stoppedAt` is wanted (receipts before EIP-658). */
export const TASK_ROOT: i32 = -5
/** Senders are to be recovered meanwhile. */
export const TASK_SENDERS: i32 = -6
/** The block's body, or receipts of committed transactions, can be hashed meanwhile. */
export const TASK_HASHING: i32 = -7
/** Senders of the block that comes next can be recovered meanwhile. */
export const TASK_AHEAD: i32 = -8
/** Keys of what transactions wrote can be hashed meanwhile, for the state root. */
export const TASK_KEYS: i32 = -10
/** Instead of a wait, for a host that wants to know of it: call waitForTask, then ask again. */
export const TASK_WAIT: i32 = -9
/** runBlock: an execution of `stoppedAt` has ended, whatever came of it, for a host that wants to know of each. */
export const TASK_RAN: i32 = -11

// --- enum BlockMode (MODE_): bits of the mode of a block -------------------------------------------------------------

export const MODE_SEQUENTIAL: u32 = 0
/** Without it one thread runs the block in order, one version per location, nothing recorded. */
export const MODE_PARALLEL: u32 = 1
/** The last transaction is handed out only when all others are committed. */
export const MODE_LAST_IS_BARRIER: u32 = 2
/** Threads that have nothing to execute hash keys of what was written, for the state root (TASK_KEYS). */
export const MODE_KEYS: u32 = 4
/** Transactions read what an access list claims that is before them (openList): none waits for another. */
export const MODE_GUIDED: u32 = 8

// --- enum Source (SOURCE_): where values that are not in memory come from --------------------------------------------

/** What is not in memory does not exist. */
export const SOURCE_CLOSED: u32 = 0
/** What is not in memory is read from the tries of an execution witness. */
export const SOURCE_WITNESS: u32 = 1
/** What is not in memory must be fetched by the host. */
export const SOURCE_ASYNC: u32 = 2
/** What is not in memory is read from a state store by the thread that needs it. */
export const SOURCE_STORE: u32 = 3

// --- enum Missing (MISSING_): what a transaction waits for -----------------------------------------------------------

export const MISSING_ACCOUNT: u32 = 1
export const MISSING_SLOT: u32 = 2
export const MISSING_CODE: u32 = 3

// --- enum Epoch (EPOCH_): how a transaction changes the epoch of an account's storage --------------------------------

/** The storage stays. */
export const EPOCH_UNCHANGED: u32 = 0
/** Cleared by a creation before the transaction's writes to it. */
export const EPOCH_CREATED: u32 = 1
/** Cleared by a destruction after them. */
export const EPOCH_DESTROYED: u32 = 2
