// Sizes of the shared memory that both sides know.

/** At most this many threads take part in a block, the host's own thread included. */
export const MAX_THREADS: u32 = 64
/** Size in bytes of the unit in which memory is handed to arenas. */
export const CHUNK_SIZE: usize = 262144

/** Bytes of a thread's window through which its host passes values. */
export const SCRATCH_SIZE: usize = 65536
