import type { BlockHeader } from '@ethereumjs/block'
import { sameBytes } from '../bytes.js'

/** Ancestors that BLOCKHASH can ask for. */
const WINDOW = 256

interface Link {
  number: bigint
  hash: Uint8Array
}

/**
 * Hashes of the blocks that an executor was given, a chain of at most 256. A header's hash and that of its parent belong together
 * whatever became of the block, so that nothing here has to be taken back.
 */
export class RecentHashes {
  /** Each is the parent of the next one. */
  #chain: Link[] = []

  add({ number, parentHash }: Pick<BlockHeader, 'number' | 'parentHash'>, hash: Uint8Array): void {
    const parent = this.#indexOf(parentHash, number - 1n)
    const ancestors = parent < 0 ? [] : this.#chain.slice(Math.max(0, parent + 2 - WINDOW), parent + 1)
    this.#chain = [...ancestors, { number, hash }]
  }

  /** Adds the hashes of the ancestors of a block that are known here and not there. */
  complete({ number, parentHash }: Pick<BlockHeader, 'number' | 'parentHash'>, hashes: Map<bigint, Uint8Array>): void {
    const parent = this.#indexOf(parentHash, number - 1n)
    for (const link of this.#chain.slice(0, parent + 1)) {
      if (!hashes.has(link.number)) hashes.set(link.number, link.hash)
    }
  }

  #indexOf(hash: Uint8Array, number: bigint): number {
    return this.#chain.findIndex((link) => link.number === number && sameBytes(link.hash, hash))
  }
}
