import { BLOCKHASH_WINDOW } from '../block/ancestors.js'
import type { Header } from '../block/blockHeader.js'
import { hex } from '../bytes.js'

type Link = Pick<Header, 'number' | 'parentHash'>

/** Blocks that are remembered: some may be of other chains, or no blocks of any. */
const MOST = 4 * BLOCKHASH_WINDOW

/**
 * Which block is whose parent, of the blocks that an executor was given last. A header's hash and that of its parent belong
 * together whatever became of the block, so that nothing here is ever taken back.
 */
export class RecentHashes {
  /** By hash, the oldest first. */
  readonly #links = new Map<string, Link>()

  add({ number, parentHash }: Link, hash: Uint8Array): void {
    const name = hex(hash)
    this.#links.delete(name)
    this.#links.set(name, { number, parentHash })
    const [oldest] = this.#links.keys()
    if (this.#links.size > MOST) this.#links.delete(oldest as string)
  }

  /** Adds the hashes of the ancestors of a block that are known here and not there. */
  complete(block: Link, hashes: Map<bigint, Uint8Array>): void {
    let child: Link | undefined = block
    for (let count = 0; child !== undefined && child.number > 0n && count < BLOCKHASH_WINDOW; count++) {
      const { number, parentHash }: Link = child
      if (!hashes.has(number - 1n)) hashes.set(number - 1n, parentHash)
      const parent = this.#links.get(hex(parentHash))
      child = parent?.number === number - 1n ? parent : undefined
    }
  }
}
