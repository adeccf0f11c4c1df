// The typed view of assembly/index.ts. Each room adds one interface; pointers and sizes are u32 that JavaScript receives
// as signed numbers (read them with `>>> 0`), a 64-bit integer is a bigint, a status is one of mem/layout.ts.

export interface MemoryExports {
  /** Bytes in chunks that are handed out to arenas. */
  usedBytes(): bigint
  setMayWait(value: boolean | number): void
  /** Address of contiguous chunks of 256 KiB, 0 when there is no room. */
  takeChunks(count: number): number
  giveChunks(at: number, count: number): void
}

export interface HashExports {
  keccak256(input: number, length: number, out: number): void
  keccak256Batch(inputs: number, stride: number, length: number, count: number, out: number): void
  keccakPair(a: number, lengthA: number, b: number, lengthB: number, outA: number, outB: number): void
}

/** A WebAssembly.Global of the calling thread's instance. */
export interface Global<T> {
  readonly value: T
}

export interface RlpExports {
  /** Reads the item at `at`: its status; what was found is in the item* globals. */
  rlpItem(at: number, end: number): number
  rlpU64(at: number, end: number): number
  rlpWord(at: number, end: number, out: number): number
  /** Checks the item that fills [at, end), and every item in it. */
  rlpCheck(at: number, end: number): number
  itemData: Global<number>
  itemLength: Global<number>
  itemEnd: Global<number>
  itemIsList: Global<number>
  itemInteger: Global<bigint>
  /** The writers return the address after what they wrote. */
  writeListHeader(out: number, length: number): number
  writeString(out: number, bytes: number, length: number): number
  writeU64(out: number, value: bigint): number
  writeWord(out: number, word: number): number
}

export interface Exports extends MemoryExports, HashExports, RlpExports {}

/** Status codes of assembly/mem/layout.ts. */
export const Status = { OK: 0, OUT_OF_SPACE: 1, BLOCKED: 2, MISSING: 3, MALFORMED: 4 } as const
