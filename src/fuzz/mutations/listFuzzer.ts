// Valid blocks with false access lists (EIP-7928): whatever a list says, a block is refused for its list, or comes to what it
// comes to without one. Most lists are those that the header names: a hash that matches is no proof.
import { equalsBytes } from '@ethereumjs/util'
import { ChainCommons } from '../../block/common.js'
import { InvalidBlockError } from '../../block/errors.js'
import type { VerifyMode } from '../../executor/options.js'
import type { PlainState } from '../../spectests/plainState.js'
import type { BlockResult } from '../../types.js'
import { keccak256 } from '../../wasm/keccak.js'
import { Random } from '../../workloads/random.js'
import { executorJudge } from '../answer.js'
import { Field, GAS_LIMIT } from '../header.js'
import { resultDifference } from '../results.js'
import { SOURCES, SUBJECTS } from '../subjects.js'
import { Executors, type MutantExecutor } from './executors.js'
import { Liar, type LieName } from './lies.js'
import type { MutationFinding, MutationOptions, MutationWatcher } from './mutationFuzzer.js'
import { timed } from './patience.js'
import { setField } from './reseal.js'
import { randomSubject, type Subject } from './subjects.js'
import { encodeTree, parseTree } from './tree.js'

/** The fork that has lists. */
const FORK = 'Amsterdam'
/** Lists of one block. */
const LISTS = 250
/** The valid block is executed again after so many, with its list and without. */
const CHECK_EVERY = 50
/** One of so many lists is not the one that the header names. */
const OTHER_HASH_EVERY = 8
/** One of so many is executed with `verify: 'none'`: the result must be right although nobody compares it with the header. */
const UNVERIFIED_EVERY = 4
/** One of so many may become the executor's state. */
const ADVANCE_EVERY = 10
const CODES = ['INVALID_BLOCK_ACCESS_LIST', 'BLOCK_ACCESS_LIST_TOO_LONG']

export interface ListProgress {
  /** Valid blocks, by the kind of state that they were executed over. */
  subjects: Map<string, number>
  mutants: number
  /** By kind of lie, then by code, `equal` (the list is the right one) or `right result`. */
  outcomes: Map<LieName, Map<string, number>>
  /** Milliseconds in executing, and the longest. */
  ms: number
  longest: number
}

/** A list given with a block. */
interface Given {
  block: Uint8Array
  list: Uint8Array
  verify: VerifyMode
}

export class ListFuzzer {
  readonly #options: MutationOptions
  readonly #watcher: MutationWatcher
  readonly #executors: Pick<Executors, 'of' | 'close'>
  /** Those that have the state before the block. */
  readonly #ready = new Set<MutantExecutor>()
  #index = 0
  readonly progress: ListProgress = { subjects: new Map(), mutants: 0, outcomes: new Map(), ms: 0, longest: 0 }

  constructor(
    options: MutationOptions,
    watcher: MutationWatcher = { next: () => true },
    executors: Pick<Executors, 'of' | 'close'> = new Executors(options.threads),
  ) {
    this.#options = options
    this.#watcher = watcher
    this.#executors = executors
  }

  /** One valid block and false lists of it. @returns the first finding */
  async episode(): Promise<MutationFinding | undefined> {
    const place = { subject: this.#index++, mutant: 0 }
    const random = new Random(this.#options.seed, `lists ${place.subject}`)
    if (!this.#watcher.next(place, new Uint8Array(0))) return undefined
    const subject = await this.#nextSubject(random)
    const { bytes, accessList: right } = subject as { bytes: Uint8Array; accessList: Uint8Array }
    const source = random.pick(SOURCES)
    this.#ready.clear()
    const base = await this.#execute(subject, source, { block: bytes, list: right, verify: 'header' })
    const found = (problem: string, list = right, block = bytes): MutationFinding => ({
      ...{ subject, place, bytes: block, list },
      problem: `over a ${source} state: ${problem}`,
    })
    if (base instanceof Error) return found(`the valid block is refused with its own list: ${base.message}`)
    increment(this.progress.subjects, source)
    const liar = new Liar(right, GAS_LIMIT, random)
    const { mutants = LISTS, count = Number.POSITIVE_INFINITY } = this.#options
    const most = Math.min(mutants, count - this.progress.mutants)
    for (; place.mutant < most; place.mutant++) {
      const { name, bytes: list } = liar.lie()
      const named = random.below(OTHER_HASH_EVERY) > 0
      const verify = random.below(UNVERIFIED_EVERY) > 0 ? 'header' : 'none'
      const given: Given = { block: named ? naming(bytes, list) : bytes, list, verify }
      if (!this.#watcher.next(place, list)) break
      const problem = await this.#one(subject, source, base, name, given)
      if (problem !== undefined) return found(`${name}: ${problem}`, list, given.block)
      if (place.mutant % CHECK_EVERY !== CHECK_EVERY - 1 && place.mutant < most - 1) continue
      const changed = await this.#changed(subject, source, base)
      if (changed !== undefined) return found(`after ${name}, the valid block ${changed}`, list, given.block)
    }
    return undefined
  }

  async #nextSubject(random: Random): Promise<Subject> {
    for (;;) {
      const subject = await randomSubject(random, FORK, async (chain) =>
        executorJudge(await this.#executors.of(chain, this.#options.engine, 'none')),
      )
      if (subject?.accessList !== undefined) return subject
    }
  }

  /** @returns what is wrong */
  async #one(
    subject: Subject,
    source: keyof typeof SUBJECTS,
    base: BlockResult,
    name: LieName,
    given: Given,
  ): Promise<string | undefined> {
    const { progress } = this
    const advance = progress.mutants % ADVANCE_EVERY === 0
    const { result, took, problem: slow } = await timed(() => this.#execute(subject, source, given, advance))
    progress.mutants++
    progress.ms += took
    progress.longest = Math.max(progress.longest, took)
    if (slow !== undefined) return slow
    const outcome = judge(result, given, subject, base)
    if ('problem' in outcome) return outcome.problem
    const counts = progress.outcomes.get(name) ?? new Map<string, number>()
    progress.outcomes.set(name, counts)
    increment(counts, outcome.name)
    return undefined
  }

  /** @returns what the valid block comes to now, unless it is what it came to before */
  async #changed(subject: Subject, source: keyof typeof SUBJECTS, base: BlockResult): Promise<string | undefined> {
    for (const list of [subject.accessList as Uint8Array, undefined]) {
      const given = { block: subject.bytes, ...(list && { list }), verify: 'header' as const }
      const again = await this.#execute(subject, source, given)
      const changed = again instanceof Error ? `is refused: ${again.message}` : resultDifference(again, base)
      if (changed !== undefined) return changed
    }
    return undefined
  }

  async #execute(
    subject: Subject,
    source: keyof typeof SUBJECTS,
    { block, list, verify }: Pick<Given, 'block' | 'verify'> & { list?: Uint8Array },
    advance = false,
  ): Promise<BlockResult | Error> {
    const executor = await this.#executors.of(subject, this.#options.engine, verify)
    if (!this.#ready.has(executor)) {
      const { hold } = SUBJECTS[source]
      const random = new Random(this.#options.seed, 'list sources')
      const held = await hold(subject.preState as PlainState, new ChainCommons(subject.rules).at(1n, 1n), random)
      await executor.setState(held.source)
      this.#ready.add(executor)
    }
    const { parentHeaders, blockHashes, senders } = subject
    // SimpleStateManager has no roots.
    const root = source !== 'simple'
    const mode = this.#options.threads > 1 ? 'parallel' : 'auto'
    try {
      const result = await executor.execute(block, {
        ...{ parentHeaders, blockHashes, root, mode, advance },
        ...(senders && { senders }),
        ...(list && { blockAccessList: list }),
      })
      if (advance) this.#ready.delete(executor)
      return result
    } catch (error) {
      return error as Error
    }
  }

  close(): Promise<void> {
    return this.#executors.close()
  }
}

function judge(
  result: BlockResult | Error,
  { list, verify }: Given,
  { accessList: right }: Subject,
  base: BlockResult,
): { name: string } | { problem: string } {
  const isRight = equalsBytes(list, right as Uint8Array)
  if (result instanceof Error) {
    const ofList = result instanceof InvalidBlockError && CODES.includes(result.code)
    if (ofList && !isRight) return { name: result.code }
    return { problem: `it fails with ${result.name}: ${result.message}` }
  }
  const different = resultDifference(result, base)
  if (different !== undefined) return { problem: `it gives another result: ${different}` }
  if (isRight) return { name: 'equal' }
  return verify === 'none' ? { name: 'right result' } : { problem: 'it is accepted' }
}

/** The block with a header that names the list. */
function naming(block: Uint8Array, list: Uint8Array): Uint8Array {
  const tree = parseTree(block)
  setField(tree, Field.ACCESS_LIST_HASH, keccak256(list))
  return encodeTree(tree)
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
