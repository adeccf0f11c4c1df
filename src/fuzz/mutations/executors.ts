// Executors that stay: starting one costs as much as a thousand changed blocks.
import { Common } from '@ethereumjs/common'
import { BlockExecutor } from '../../executor/blockExecutor.js'
import type { VerifyMode } from '../../executor/options.js'
import { memoryState } from '../../sources/memory.js'
import type { EngineName } from '../../types.js'
import type { Subject } from './subjects.js'

/** What mutants are given to. */
export type MutantExecutor = Pick<BlockExecutor, 'execute' | 'setState'>

/** Those of every fork with one engine, and some of the other: each has workers and two memories. */
const MOST_EXECUTORS = 30

/** One for each chain, engine and mode; the hardfork is the one that the chain has at block 1. */
export class Executors {
  readonly #threads: number
  /** The one used last comes last. */
  readonly #executors = new Map<string, BlockExecutor>()

  constructor(threads: number) {
    this.#threads = threads
  }

  async of(
    { chain, rules }: Pick<Subject, 'chain' | 'rules'>,
    engine: EngineName,
    verify: VerifyMode = 'header',
  ): Promise<MutantExecutor> {
    const key = `${engine} ${verify} ${chain}`
    let executor = this.#executors.get(key)
    this.#executors.delete(key)
    if (executor === undefined) {
      executor = await BlockExecutor.create({
        common: new Common({ chain: rules.chain }),
        engine,
        fallback: false,
        threads: this.#threads,
        verify,
        state: memoryState([]),
      })
    }
    this.#executors.set(key, executor)
    for (const [oldest, unused] of this.#executors) {
      if (this.#executors.size <= MOST_EXECUTORS) break
      this.#executors.delete(oldest)
      await unused.close()
    }
    return executor
  }

  async close(): Promise<void> {
    for (const executor of this.#executors.values()) await executor.close()
    this.#executors.clear()
  }
}
