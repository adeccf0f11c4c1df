import { Common } from '@ethereumjs/common'
import { BlockExecutor } from '../executor/blockExecutor.js'
import type { EngineName } from '../executor/types.js'
import { BlockTestRun, stateOf } from './blockTest.js'
import { UnusableTestError } from './errors.js'
import { type CaseResult, readTests, type Selection } from './files.js'
import { rulesOfNetwork } from './forks.js'
import type { BlockTest } from './json.js'

/** Workers kept alive in executors, one executor for each network with its rules. */
const MAX_WORKERS = 20
/** Every test has a memory of its own, and threads that wait collect no garbage: their executor is replaced in time. */
const TESTS_PER_EXECUTOR = 250

/** Runs blockchain tests, one after another, each on all threads of an executor that serves all tests of its network. */
export class BlockTestMachine {
  readonly #engine: EngineName
  readonly #threads: number
  /** The one used last comes last. */
  readonly #executors = new Map<string, { executor: BlockExecutor; tests: number }>()

  constructor(engine: EngineName, threads: number) {
    this.#engine = engine
    this.#threads = threads
  }

  /** @throws UnusableTestError when the file holds no blockchain tests */
  async runFile(file: string, selection: Selection): Promise<CaseResult[]> {
    const wanted = selection.run === undefined ? undefined : new RegExp(selection.run)
    const tests = readTests<BlockTest>(file, 'genesisRLP').filter(
      ([name, { network }]) => wanted?.test(name) !== false && (selection.fork ?? network) === network,
    )
    const results: CaseResult[] = []
    for (const [name, test] of tests) results.push(await this.#case(name, test))
    return results
  }

  async #case(name: string, test: BlockTest): Promise<CaseResult> {
    const fork = test.network
    try {
      const executor = await this.#executorOf(test)
      const failure = await new BlockTestRun(executor, test).run()
      return failure === undefined ? { name, pass: true, fork } : { name, pass: false, fork, error: failure }
    } catch (error) {
      if (error instanceof UnusableTestError) return { name, pass: false, fork, skipped: error.message }
      await this.close()
      const text =
        error instanceof Error ? (process.env.PARALLEVM_DEBUG && error.stack) || error.message : String(error)
      return { name, pass: false, fork, error: text }
    }
  }

  async #executorOf(test: BlockTest): Promise<BlockExecutor> {
    const key = `${test.network} ${JSON.stringify(test.config ?? {})}`
    let used = this.#executors.get(key)
    this.#executors.delete(key)
    if (used?.tests === TESTS_PER_EXECUTOR) {
      await used.executor.close()
      used = undefined
    }
    if (used === undefined) {
      const { chain } = rulesOfNetwork(test.network, test.config)
      const executor = await BlockExecutor.create({
        common: new Common({ chain }),
        engine: this.#engine,
        threads: this.#threads,
        state: stateOf({}),
      })
      used = { executor, tests: 0 }
    }
    used.tests++
    this.#executors.set(key, used)
    for (const [oldest, { executor }] of this.#executors) {
      if (this.#executors.size === 1 || this.#executors.size * this.#threads <= MAX_WORKERS) break
      this.#executors.delete(oldest)
      await executor.close()
    }
    return used.executor
  }

  async close(): Promise<void> {
    for (const { executor } of this.#executors.values()) await executor.close()
    this.#executors.clear()
  }
}
