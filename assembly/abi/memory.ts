// Sizes of the shared memory that both sides know.

/** At most this many threads take part in a block, the host's own thread included. */
export const MAX_THREADS: u32 = 64
/** Size in bytes of the unit in which memory is handed to arenas. */
export const CHUNK_SIZE: usize = 262144

/** Bytes of a thread's window through which its host passes values. */
export const SCRATCH_SIZE: usize = 65536

/** WebAssembly's own: bytes of a page of linear memory, and the most pages that one has. */
export const PAGE_SIZE: usize = 65536
export const MAX_PAGES: usize = 65536

/** Chunks of the EVM memory that a thread has from the start. */
export const EVM_MEMORY_CHUNKS: usize = 4
/** Chunks that evmThreadInit takes: that memory; a block, undo log and two tables; a block and return data. */
export const EVM_THREAD_CHUNKS: usize = EVM_MEMORY_CHUNKS + 6
