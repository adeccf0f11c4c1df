// Access lists (EIP-7928) beside a file of blocks: the RLP of one list after another. Which block one belongs to is said by its
// hash, so that the order may be any; lists in the order of the blocks are read once and nothing is remembered of them.
import { existsSync } from 'node:fs'
import { hex } from '../bytes.js'
import { keccak256 } from '../wasm/keccak.js'
import { type ChainBlock, type ChainFile, cutShort, PiecewiseFile } from './chainFile.js'
import { listEnd } from './rlpItems.js'

/** The file of lists that belongs to a file of blocks: its name with `.bal` in place of the ending. */
const listFileOf = (path: string): string => `${path.replace(/\.(rlp|era1)$/, '')}.bal`

/** The blocks of a file, each with its list where one lies beside. */
export function withLists(file: ChainFile): ChainFile {
  const path = listFileOf(file.path)
  if (!existsSync(path)) return file
  return {
    path: file.path,
    count: file.count,
    *blocks(index: number): Generator<ChainBlock, void, undefined> {
      const lists = new ListFile(path)
      try {
        for (const block of file.blocks(index)) {
          const accessList = block.accessListHash && lists.find(block.accessListHash)
          yield accessList === undefined ? block : { ...block, accessList }
        }
      } finally {
        lists.close()
      }
    },
  }
}

class ListFile {
  readonly #file: PiecewiseFile
  /** Of lists that were passed over: where they are, by their hash. */
  readonly #passed = new Map<string, readonly [start: number, end: number]>()
  #at = 0
  #count = 0

  constructor(path: string) {
    this.#file = new PiecewiseFile(path)
  }

  /** @throws FixtureError where the file goes on and is no whole list */
  find(hash: Uint8Array): Uint8Array | undefined {
    const wanted = hex(hash)
    const passed = this.#passed.get(wanted)
    if (passed !== undefined) return this.#file.at(passed[0], passed[1] - passed[0]).slice()
    while (this.#at < this.#file.size) {
      const start = this.#at
      const end = listEnd(this.#file, start, 'access lists')
      if (end === undefined) throw cutShort(this.#file.path, this.#count, start, 'access list')
      const list = this.#file.at(start, end - start)
      const found = hex(keccak256(list))
      this.#at = end
      this.#count++
      if (found === wanted) return list.slice()
      this.#passed.set(found, [start, end])
    }
    return undefined
  }

  close(): void {
    this.#file.close()
  }
}
