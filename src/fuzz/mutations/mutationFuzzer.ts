// Changed blocks: no change may end in an untyped error, a hang, a changed state, or a block accepted that must not be. A
// header has fields that nothing constrains (extra data, the seal): changed there it is another valid block, which the
// reference must accept, too, with the results of the unchanged one.
import { Common } from '@ethereumjs/common'
import { equalsBytes } from '@ethereumjs/util'
import { InvalidBlockError } from '../../block/errors.js'
import { ParallevmError } from '../../errors.js'
import { BlockExecutor } from '../../executor/blockExecutor.js'
import type { VerifyMode } from '../../executor/options.js'
import { memoryState } from '../../sources/memory.js'
import type { BlockResult, EngineName } from '../../types.js'
import { Random } from '../../workloads/random.js'
import { FUZZ_FORKS } from '../fuzzer.js'
import { Field } from '../header.js'
import { judgeAccepted } from './accepted.js'
import { MutableTree, mutateBytes } from './mutate.js'
import { reseal, setField } from './reseal.js'
import { resultDifference } from './results.js'
import { bundledSubjects, randomSubject, type Subject } from './subjects.js'
import { encodeTree, parseTree } from './tree.js'

/** Changed blocks of one valid block. */
const MUTANTS = 1000
/** The valid block is executed again after so many. */
const CHECK_EVERY = 100
/** A bundled block is taken after so many random ones. */
const BUNDLED_EVERY = 8
/** One of so many changed blocks is executed by the other engine, too, which must refuse it with the same code. */
const OTHER_ENGINE_EVERY = 100
/** Blocks that take longer would leave time for few mutants. */
const MAX_MS = 8
/** Refusing a block takes no longer; a valid block takes a few milliseconds. */
const SLOW_MS = 5000
/** Executors kept: each has workers. */
const MOST_EXECUTORS = 6

export interface MutationOptions {
  engine: EngineName
  threads: number
  seed: number
  forks?: readonly string[]
}

export interface MutationFinding {
  subject: Subject
  bytes: Uint8Array
  problem: string
}

export interface MutationProgress {
  /** Valid blocks. */
  subjects: number
  mutants: number
  /** Refused, by the code of the error. */
  refused: Map<string, number>
  /** Accepted under a hash of their own, with the results of the unchanged block. */
  otherBlocks: number
  /** Executed by the other engine, too. */
  bothEngines: number
  /** Milliseconds in executing mutants, and the longest. */
  ms: number
  longest: number
}

export class MutationFuzzer {
  readonly #options: MutationOptions
  readonly #random: Random
  readonly #executors = new Map<string, BlockExecutor>()
  readonly #bundled: Subject[] = []
  readonly progress: MutationProgress = {
    subjects: 0,
    mutants: 0,
    refused: new Map(),
    otherBlocks: 0,
    bothEngines: 0,
    ms: 0,
    longest: 0,
  }

  constructor(options: MutationOptions) {
    this.#options = options
    this.#random = new Random(options.seed, 'mutations')
  }

  /** One valid block and its mutants. @returns the first finding */
  async episode(): Promise<MutationFinding | undefined> {
    const subject = await this.#nextSubject()
    const run = new SubjectRun(subject, this.#random)
    const executor = await this.#executorOf(subject, this.#options.engine)
    await executor.setState(subject.source())
    const base = await run.execute(executor, subject.bytes, false)
    if (base instanceof Error) {
      return { subject, bytes: subject.bytes, problem: `the valid block is refused: ${base.message}` }
    }
    if (base.stats.ms.total > MAX_MS) return undefined
    this.progress.subjects++
    for (let i = 0; i < MUTANTS; i++) {
      const bytes = run.mutant()
      const problem = await this.#one(run, executor, base, bytes)
      if (problem !== undefined) return { subject, bytes, problem }
      if (i % CHECK_EVERY !== CHECK_EVERY - 1) continue
      const again = await run.execute(executor, subject.bytes, false)
      const changed = again instanceof Error ? again.message : resultDifference(again, base)
      if (changed !== undefined)
        return { subject, bytes, problem: `the state has changed, the valid block gives ${changed}` }
    }
    return undefined
  }

  async #nextSubject(): Promise<Subject> {
    if (this.#options.forks === undefined && this.progress.subjects % BUNDLED_EVERY === BUNDLED_EVERY - 1) {
      if (this.#bundled.length === 0) this.#bundled.push(...bundledSubjects())
      return this.#random.pick(this.#bundled)
    }
    for (;;) {
      const subject = await randomSubject(this.#random, this.#random.pick(this.#options.forks ?? FUZZ_FORKS))
      if (subject === undefined) continue
      return subject.receiptsRoot ? subject : this.#withReceiptsRoot(subject)
    }
  }

  /** Receipts before Byzantium hold state roots, which only the executor gives. */
  async #withReceiptsRoot(subject: Subject): Promise<Subject> {
    const executor = await this.#executorOf(subject, this.#options.engine, 'none')
    await executor.setState(subject.source())
    const { parentHeaders } = subject
    const { receiptsRoot } = await executor.execute(subject.bytes, { parentHeaders })
    const tree = parseTree(subject.bytes)
    setField(tree, Field.RECEIPTS_ROOT, receiptsRoot as Uint8Array)
    return { ...subject, bytes: encodeTree(tree) }
  }

  /** @returns what is wrong */
  async #one(
    run: SubjectRun,
    executor: BlockExecutor,
    base: BlockResult,
    bytes: Uint8Array,
  ): Promise<string | undefined> {
    const { progress } = this
    const { subject } = run
    const start = performance.now()
    const result = await run.execute(executor, bytes, true)
    const took = performance.now() - start
    progress.mutants++
    progress.ms += took
    progress.longest = Math.max(progress.longest, took)
    if (took > SLOW_MS) return `it took ${Math.round(took)} ms`
    if (!(result instanceof Error)) {
      // It became the state.
      await executor.setState(subject.source())
      progress.otherBlocks++
      return judgeAccepted(subject, bytes, result, base)
    }
    if (!isTyped(result, subject)) return `it fails with ${result.name}: ${result.message}`
    const { code } = result as ParallevmError
    progress.refused.set(code, (progress.refused.get(code) ?? 0) + 1)
    return progress.mutants % OTHER_ENGINE_EVERY === 0 ? this.#byOther(run, bytes, code) : undefined
  }

  async #byOther(run: SubjectRun, bytes: Uint8Array, code: string): Promise<string | undefined> {
    const engine = this.#options.engine === 'wasm' ? 'ethereumjs' : 'wasm'
    const executor = await this.#executorOf(run.subject, engine)
    await executor.setState(run.subject.source())
    const result = await run.execute(executor, bytes, false)
    this.progress.bothEngines++
    if (!(result instanceof Error)) return `${this.#options.engine} refuses it with ${code}, ${engine} accepts it`
    const other = isTyped(result, run.subject) ? (result as ParallevmError).code : `${result.name}: ${result.message}`
    return other === code ? undefined : `${this.#options.engine} refuses it with ${code}, ${engine} with ${other}`
  }

  async #executorOf(
    { chain, rules }: Subject,
    engine: EngineName,
    verify: VerifyMode = 'header',
  ): Promise<BlockExecutor> {
    const key = `${engine} ${verify} ${chain}`
    let executor = this.#executors.get(key)
    this.#executors.delete(key)
    if (executor === undefined) {
      executor = await BlockExecutor.create({
        common: new Common({ chain: rules.chain }),
        engine,
        fallback: false,
        threads: this.#options.threads,
        verify,
        state: memoryState([]),
      })
    }
    // The one used last comes last.
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

/** A valid block and what is made of it. */
class SubjectRun {
  readonly subject: Subject
  readonly #random: Random
  readonly #tree: MutableTree

  constructor(subject: Subject, random: Random) {
    this.subject = subject
    this.#random = random
    this.#tree = new MutableTree(subject.bytes)
  }

  /** Changed bytes: a place in the bytes, a field, or a field with the header's roots put right. */
  mutant(): Uint8Array {
    for (;;) {
      const kind = this.#random.below(3)
      const bytes =
        kind === 0
          ? mutateBytes(this.subject.bytes, this.#random)
          : this.#tree.mutate(this.#random, kind === 1 ? undefined : reseal)
      if (!equalsBytes(bytes, this.subject.bytes)) return bytes
    }
  }

  execute(executor: BlockExecutor, bytes: Uint8Array, advance: boolean): Promise<BlockResult | Error> {
    const { parentHeaders, blockHashes, senders } = this.subject
    const options = { parentHeaders, blockHashes, advance, ...(senders && { senders }) }
    return executor.execute(bytes, options).catch((error: unknown) => error as Error)
  }
}

/** What a changed block may be refused with. */
function isTyped(error: Error, { partial }: Subject): boolean {
  if (error instanceof InvalidBlockError) return true
  return partial && error instanceof ParallevmError && /^MISSING_/.test(error.code)
}
