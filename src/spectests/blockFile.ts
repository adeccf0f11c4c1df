import { Common } from '@ethereumjs/common'
import { RULE_SETS } from '../abi/registry.js'
import { withRuleSet } from '../block/ruleSets.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import type { EngineName } from '../types.js'
import { BlockTestRun, stateOf } from './blockTest.js'
import { UnusableTestError } from './errors.js'
import { type CaseResult, readTests, type Selection } from './files.js'
import { rulesOfNetwork } from './forks.js'
import type { BlockTest } from './json.js'
import { LibraryTestRun } from './libraryTest.js'
import { blockTest } from './schema.js'

/** Workers kept alive in executors, one executor for each network with its rules. */
const MAX_WORKERS = 20

/** Runs blockchain tests, one after another, each on all threads of an executor that serves all tests of its network. */
export class BlockTestMachine {
  readonly #engine: EngineName
  readonly #threads: number
  readonly #ruleSet: string | undefined
  /** The one used last comes last. */
  readonly #executors = new Map<string, BlockExecutor>()

  /** @param ruleSet that Amsterdam stands for (src/block/ruleSets.ts) */
  constructor(engine: EngineName, threads: number, ruleSet?: string) {
    this.#engine = engine
    this.#threads = threads
    this.#ruleSet = ruleSet
  }

  /** @throws UnusableTestError when the file holds no blockchain tests */
  async runFile(file: string, selection: Selection): Promise<CaseResult[]> {
    const wanted = selection.run === undefined ? undefined : new RegExp(selection.run)
    const tests = readTests<BlockTest>(file, 'genesisRLP', blockTest).filter(
      ([name, { network }]) => wanted?.test(name) !== false && (selection.fork ?? network) === network,
    )
    const results: CaseResult[] = []
    for (const [name, test] of tests) results.push(await this.#case(name, test))
    return results
  }

  async #case(name: string, test: BlockTest): Promise<CaseResult> {
    const fork = test.network
    try {
      const run = await this.#runOf(test)
      const failure = await run.run()
      const { stateRoot } = run
      return { name, pass: failure === undefined, stateRoot, fork, ...(failure !== undefined && { error: failure }) }
    } catch (error) {
      if (error instanceof UnusableTestError && error.reason === 'unknown fork') {
        return { name, pass: false, fork, skipped: error.message }
      }
      await this.close()
      const text =
        error instanceof Error ? (process.env.PARALLEVM_DEBUG && error.stack) || error.message : String(error)
      return { name, pass: false, fork, error: text }
    }
  }

  async #runOf(test: BlockTest): Promise<BlockTestRun | LibraryTestRun> {
    if (this.#engine === 'wasm') return new BlockTestRun(await this.#executorOf(test), test)
    const chain = withRuleSet(rulesOfNetwork(test.network, test.config).chain, this.#ruleSet ?? '')
    if (chain.hardforks.every(({ name }) => !RULE_SETS.some(({ hardfork }) => hardfork === name)))
      return new BlockTestRun(await this.#executorOf(test), test)
    return new LibraryTestRun({ chain, hardfork: 'schedule', eips: [], params: {} }, test)
  }

  async #executorOf(test: BlockTest): Promise<BlockExecutor> {
    const key = `${test.network} ${JSON.stringify(test.config ?? {})}`
    let executor = this.#executors.get(key)
    this.#executors.delete(key)
    if (executor === undefined) {
      const rules = rulesOfNetwork(test.network, test.config)
      const chain = withRuleSet(rules.chain, this.#ruleSet ?? '')
      executor = await BlockExecutor.create({
        common: new Common({ chain }),
        engine: this.#engine,
        // Every fork of the tests is one that the engines know.
        fallback: false,
        threads: this.#threads,
        state: stateOf({}),
      })
    }
    this.#executors.set(key, executor)
    for (const [oldest, unused] of this.#executors) {
      if (this.#executors.size === 1 || this.#executors.size * this.#threads <= MAX_WORKERS) break
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
