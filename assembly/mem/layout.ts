// The map of the shared linear memory. Every instance (one per thread) shares one memory; AssemblyScript globals are per
// instance and therefore thread-local. Active data segments are written again by every instantiation, so static data is
// for constants only, and managed objects (`new`, strings, arrays that grow) are never used: each instance would bump the
// same addresses.
//
//   [0, 1024)            never used: a null pointer faults in tests rather than reading something
//   [1024, 65536)        control block: global atomics, one cache line (64 bytes) each, zero at start
//   [65536, __heap_base) static constants
//   [heap start, size)   chunks (see chunks.ts)
//
// Decision 1 (docs/adr/0001-one-shared-memory.md).

export const CACHE_LINE: usize = 64

/** The control block. Each room owns a range; see the constants below. */
export const CONTROL_MEM: usize = 1024
export const CONTROL_STATE: usize = 4096
export const CONTROL_STM: usize = 8192
export const CONTROL_TRIE: usize = 16384
export const CONTROL_BLOCK: usize = 24576
export const CONTROL_EVM: usize = 32768
export const CONTROL_CRYPTO: usize = 61440
/** End of the control block. */
export const CONTROL_END: usize = 65536
