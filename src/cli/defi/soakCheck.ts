// Blocks of the soak once more, by the engine of @ethereumjs, from the state before them.
import type { FlatAccount } from '../../blockFiles/types.js'
import { messageOf } from '../../errors.js'
import { compareResults } from '../../executor/compare.js'
import { BlockExecutor, type BlockResult, memoryState } from '../../index.js'

/** Blocks that are executed once more: spread over the run, as each takes a second or two. */
const BLOCKS = 8

export class SoakCheck {
  readonly #seconds: number
  readonly #codes: Uint8Array[]
  #odd = false
  /** How many blocks were compared. */
  blocks = 0

  /** `seconds`: of the whole soak; `codes`: those that are there at its start. */
  constructor(seconds: number, codes: readonly Uint8Array[]) {
    this.#seconds = seconds
    this.#codes = [...codes]
  }

  /** Whether a block is to be compared after `seconds`. The first `odd` one is, where more failed than were meant to. */
  isDue(seconds: number, odd: boolean): boolean {
    const first = odd && !this.#odd
    if (odd) this.#odd = true
    return first || seconds >= (this.blocks / BLOCKS) * this.#seconds
  }

  /** What differs, in words; `before`: the state before the block. */
  async compare(before: FlatAccount[], block: Uint8Array, result: BlockResult): Promise<string[]> {
    this.blocks++
    const state = memoryState(before, this.#codes)
    const options = { state, threads: 1, engine: 'ethereumjs', verify: 'none', hardfork: 'schedule' } as const
    const executor = await BlockExecutor.create(options)
    try {
      compareResults(result, await executor.execute(block), 'ethereumjs')
      return []
    } catch (error) {
      return [`block ${result.number}: ${messageOf(error)}`]
    } finally {
      await executor.close()
    }
  }

  /** Code that the block made is there from now on. */
  add({ stateDiff }: BlockResult): void {
    for (const { code } of stateDiff) if (code !== undefined && code.length > 0) this.#codes.push(code)
  }
}
