// Changed blocks: no change may end in an untyped error, a hang, a changed state, or a block accepted that must not be. A
// header has fields that nothing constrains (extra data, the seal): changed there it is another valid block, which the
// reference must accept, too, with the results of the unchanged one.
import type { BlockResult, EngineName } from '../../types.js'
import { Random } from '../../workloads/random.js'
import { executorJudge } from '../answer.js'
import { FUZZ_FORKS } from '../fuzzer.js'
import { Field } from '../header.js'
import { resultDifference } from '../results.js'
import { judgeAccepted, judgeByReference } from './accepted.js'
import { Executors, type MutantExecutor } from './executors.js'
import { timed } from './patience.js'
import { setField } from './reseal.js'
import { SubjectRun } from './subjectRun.js'
import { bundledSubjects, randomSubject, type Subject } from './subjects.js'
import { encodeTree, parseTree } from './tree.js'

/** Changed blocks of one valid block; of a bundled one, which takes a hundred times as long, far fewer. */
const MUTANTS = 20_000
const BUNDLED_MUTANTS = 300
/** The valid block is executed again after so many. */
const CHECK_EVERY = 2000
/** Every so many blocks a bundled one, the first one included. */
const BUNDLED_EVERY = 10
/** One of so many changed blocks is executed by the other engine, too, which must refuse it with the same code. */
const OTHER_ENGINE_EVERY = 1000
/** Accepted ones of one valid block that the reference executes; the others must have the unchanged block's results. */
const REFERENCE_CHECKS = 5
/** One of so many may become the executor's state, which takes a new one then: that takes longer than most mutants. */
const ADVANCE_EVERY = 10
/** Random blocks that take longer would leave time for few mutants. */
const MAX_MS = 4

export interface MutationOptions {
  engine: EngineName
  threads: number
  seed: number
  forks?: readonly string[]
  /** Changed blocks of one valid block, whatever its size. */
  mutants?: number
  /** Ends an episode when so many were made of all blocks together. */
  count?: number
}

export interface MutationFinding {
  subject: Subject
  bytes: Uint8Array
  /** RLP of the access list that was given with it. */
  list?: Uint8Array
  /** Of the valid block, and of its change, in the order of the seed. */
  place: MutationPlace
  problem: string
}

export interface MutationPlace {
  subject: number
  mutant: number
}

export interface MutationProgress {
  /** Valid blocks. */
  subjects: number
  mutants: number
  /** Refused, by the code of the error. */
  refused: Map<string, number>
  /** Accepted under a hash of their own, with the results of the unchanged block. */
  otherBlocks: number
  /** Of these, executed by the reference, too. */
  byReference: number
  /** Executed by the other engine, too. */
  bothEngines: number
  /** Milliseconds in executing mutants, and the longest. */
  ms: number
  longest: number
}

/** Told of everything before it is executed. */
export interface MutationWatcher {
  /** @returns whether to go on */
  next(place: MutationPlace, bytes: Uint8Array): boolean
}

const UNWATCHED: MutationWatcher = { next: () => true }

export class MutationFuzzer {
  readonly #options: MutationOptions
  readonly #executors: Pick<Executors, 'of' | 'close'>
  readonly #watcher: MutationWatcher
  readonly #bundled: Subject[] = []
  #index = 0
  readonly progress: MutationProgress = {
    subjects: 0,
    mutants: 0,
    refused: new Map(),
    otherBlocks: 0,
    byReference: 0,
    bothEngines: 0,
    ms: 0,
    longest: 0,
  }

  constructor(
    options: MutationOptions,
    watcher: MutationWatcher = UNWATCHED,
    executors: Pick<Executors, 'of' | 'close'> = new Executors(options.threads),
  ) {
    this.#options = options
    this.#watcher = watcher
    this.#executors = executors
  }

  /** One valid block and its mutants. @returns the first finding */
  async episode(): Promise<MutationFinding | undefined> {
    const place = { subject: this.#index++, mutant: 0 }
    // One sequence for each block: how long a block takes, which decides whether it is used, changes nothing for the next.
    const random = new Random(this.#options.seed, `mutations ${place.subject}`)
    if (!this.#watcher.next(place, new Uint8Array(0))) return undefined
    const subject = await this.#nextSubject(random, place.subject)
    if (!this.#watcher.next(place, subject.bytes)) return undefined
    const run = new SubjectRun(subject, random)
    const executor = await this.#executors.of(subject, this.#options.engine)
    await run.prepare(executor)
    // Once for the executor to get warm.
    await run.execute(executor, subject.bytes, false)
    const base = await run.execute(executor, subject.bytes, false)
    if (base instanceof Error) {
      return { subject, place, bytes: subject.bytes, problem: `the valid block is refused: ${base.message}` }
    }
    if (base.stats.ms.total > MAX_MS && !subject.partial) return undefined
    this.progress.subjects++
    const count = this.#countOf(subject)
    let checked = 0
    for (; place.mutant < count; place.mutant++) {
      const bytes = run.mutant()
      if (!this.#watcher.next(place, bytes)) break
      const { otherBlocks } = this.progress
      const problem = await this.#one(run, executor, base, bytes, checked < REFERENCE_CHECKS)
      if (problem !== undefined) return { subject, place, bytes, problem }
      checked += this.progress.otherBlocks - otherBlocks
      if (place.mutant % CHECK_EVERY !== CHECK_EVERY - 1 && place.mutant < count - 1) continue
      const again = await run.execute(executor, subject.bytes, false)
      const changed = again instanceof Error ? again.message : resultDifference(again, base)
      if (changed !== undefined)
        return { subject, place, bytes, problem: `the state has changed, the valid block gives ${changed}` }
    }
    return undefined
  }

  /** How many changes of the block to make. */
  #countOf({ partial }: Subject): number {
    const { mutants, count = Number.POSITIVE_INFINITY } = this.#options
    return Math.min(mutants ?? (partial ? BUNDLED_MUTANTS : MUTANTS), count - this.progress.mutants)
  }

  async #nextSubject(random: Random, index: number): Promise<Subject> {
    if (this.#options.forks === undefined && index % BUNDLED_EVERY === 0) {
      if (this.#bundled.length === 0) this.#bundled.push(...bundledSubjects())
      return this.#bundled[(this.#options.seed + index / BUNDLED_EVERY) % this.#bundled.length] as Subject
    }
    for (;;) {
      const fork = random.pick(this.#options.forks ?? FUZZ_FORKS)
      const subject = await randomSubject(random, fork, async (chain) =>
        executorJudge(await this.#executors.of(chain, this.#options.engine, 'none')),
      )
      if (subject === undefined) continue
      return subject.receiptsRoot ? subject : this.#withReceiptsRoot(subject)
    }
  }

  /** Receipts before Byzantium hold state roots, which only the executor gives. */
  async #withReceiptsRoot(subject: Subject): Promise<Subject> {
    const executor = await this.#executors.of(subject, this.#options.engine, 'none')
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
    executor: MutantExecutor,
    base: BlockResult,
    bytes: Uint8Array,
    byReference: boolean,
  ): Promise<string | undefined> {
    const { progress } = this
    const advance = progress.mutants % ADVANCE_EVERY === 0
    const { result, took, problem: slow } = await timed(() => run.execute(executor, bytes, advance))
    progress.mutants++
    progress.ms += took
    progress.longest = Math.max(progress.longest, took)
    if (slow !== undefined) return slow
    if (!(result instanceof Error)) {
      if (advance) await run.reset(executor)
      progress.otherBlocks++
      const problem = judgeAccepted(bytes, result, base)
      if (problem !== undefined || !byReference || !run.subject.byLibrary) return problem
      progress.byReference++
      return judgeByReference(run.subject, bytes, result)
    }
    const judged = run.judge(result, bytes)
    if ('problem' in judged) return `it fails with ${judged.problem}`
    const { code } = judged
    progress.refused.set(code, (progress.refused.get(code) ?? 0) + 1)
    if (!run.subject.byLibrary || progress.mutants % OTHER_ENGINE_EVERY > 0) return undefined
    return this.#byOther(run, bytes, code)
  }

  async #byOther(run: SubjectRun, bytes: Uint8Array, code: string): Promise<string | undefined> {
    const { engine } = this.#options
    const other = engine === 'wasm' ? 'ethereumjs' : 'wasm'
    const executor = await this.#executors.of(run.subject, other)
    await run.prepare(executor)
    const result = await run.execute(executor, bytes, false)
    this.progress.bothEngines++
    if (!(result instanceof Error)) return `${engine} refuses it with ${code}, ${other} accepts it`
    const judged = run.judge(result, bytes)
    const same = 'code' in judged && judged.code === code
    return same ? undefined : `${engine} refuses it with ${code}, ${other} with ${Object.values(judged)}`
  }

  close(): Promise<void> {
    return this.#executors.close()
  }
}
