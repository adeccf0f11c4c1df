// The map of the shared linear memory. Every instance (one per thread) shares one memory; AssemblyScript globals are per
// instance and therefore thread-local. Active data segments are written again by every instantiation, so static data is
// for constants only, and managed objects (`new`, strings, arrays that grow) are never used: each instance would bump the
// same addresses.
//
//   [0, 1024)            never used: a null pointer faults in tests rather than reading something
//   [1024, 65536)        control block: global atomics, one cache line (64 bytes) each, zero at start
//   [65536, __heap_base) static constants
//   [heap start, size)   chunks (see chunks.ts)

export const CACHE_LINE: usize = 64

/** The control block. Each room owns a range; see the constants below. */
export const CONTROL_MEM: usize = 1024
export const CONTROL_STATE: usize = 4096
export const CONTROL_STM: usize = 8192
export const CONTROL_TRIE: usize = 16384
export const CONTROL_BLOCK: usize = 24576
export const CONTROL_EVM: usize = 32768
export const CONTROL_CRYPTO: usize = 61440

/** At most this many threads take part in a block, the host's own thread included. */
export const MAX_THREADS: u32 = 64

/** Size in bytes of the unit in which memory is handed to arenas. */
export const CHUNK_SIZE: usize = 262144

// Status codes of every call that can fail. 0 is success; the host turns the others into typed errors.
export const OK: i32 = 0
/** Memory cannot grow further: the configured maximum is reached. */
export const OUT_OF_SPACE: i32 = 1
/** A read met the ESTIMATE of a lower transaction; the transaction must be suspended. */
export const BLOCKED: i32 = 2
/** The base value is not in memory: an absent witness node, or a value an asynchronous source must fetch. */
export const MISSING: i32 = 3
/** Input bytes are not what their format demands. */
export const MALFORMED: i32 = 4
