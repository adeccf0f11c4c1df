import type { StateSource } from '../sources/source.js'
import type { StorageEngine } from './engine.js'
import type { Head } from './meta.js'

/** How a state store keeps its blocks. */
export interface StoreOptions {
  /** How many of the last blocks can be taken back. Default 128. */
  undo?: number
  /**
   * Blocks that are written as one, default 1. The state in memory is always that after the last block; a crash loses the
   * blocks since the last write, whole ones. `flush` and closing the executor write what is there.
   */
  checkpoint?: number
}

export interface StateStore extends StateSource {
  /** Opens the store, before an executor does: to look at it. */
  open(): Promise<void>
  /** The last block of the chain as an executor has it; undefined in a store that holds no state yet. */
  readonly head: Head | undefined
  /** The state that the store began with. */
  readonly first: Head | undefined
  /** How many blocks can be taken back now. */
  readonly revertible: number
  /** Of one of the last 256 blocks. */
  blockHash(number: bigint): Uint8Array | undefined
  /** The RLP of a block that was given to `keepBlock`. */
  blockRlp(number: bigint): Uint8Array | undefined
  /** The RLP of its access list (EIP-7928), where one was given with it. */
  blockAccessList(number: bigint): Uint8Array | undefined
  /** The RLP of a block that is about to be executed, and of its access list: they are written with it. */
  keepBlock(number: bigint, rlp: Uint8Array, accessList?: Uint8Array): void
  /** A text that is written with the next batch, in place of the one before; undefined: none. */
  note: string | undefined
  /** Writes the blocks since the last checkpoint. @throws StoreError */
  flush(): void
  /**
   * Copies the state as it is now into an empty folder, where `lmdbState` opens it; blocks can be executed meanwhile.
   * @throws StoreError
   */
  snapshot(folder: string): Promise<void>
  /** The rows, for reading; after `open`. */
  readonly engine: StorageEngine
  /** Writes what is to be written and lets go of the folder. */
  close(): Promise<void>
}
