// The typed view of assembly/index.ts. Each room adds one interface; pointers and sizes are u32 that JavaScript receives
// as signed numbers (read them with `>>> 0`), a 64-bit integer is a bigint, a status is one of mem/layout.ts.

export interface MemoryExports {
  /** Bytes in chunks that are handed out to arenas. */
  usedBytes(): bigint
  setMayWait(value: boolean | number): void
}

export interface Exports extends MemoryExports {}

/** Status codes of assembly/mem/layout.ts. */
export const Status = { OK: 0, OUT_OF_SPACE: 1, BLOCKED: 2, MISSING: 3, MALFORMED: 4 } as const
