// Differential fuzzing: random blocks through an executor, and the same through oracles, of which plain @ethereumjs/vm is
// the one that is always there. Receipts, logs, gas and state after the block must be the same, and what one refuses the
// other must refuse for the same reason; the state root is compared with that of @ethereumjs/mpt now and then.
import { Common } from '@ethereumjs/common'
import { bytesToHex, equalsBytes } from '@ethereumjs/util'
import { FORKS } from '../abi/registry.js'
import { ChainCommons, type ChainRules } from '../block/common.js'
import { ParallevmError } from '../errors.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import { forkOf, rulesOfNetwork } from '../spectests/forks.js'
import { PlainState } from '../spectests/plainState.js'
import type { BlockResult, EngineName } from '../types.js'
import { keccak256 } from '../wasm/keccak.js'
import { Random } from '../workloads/random.js'
import { answerOf, typed } from './answer.js'
import { blockRlp, type FuzzBlock, FuzzWorld, hashesBefore } from './blocks.js'
import { Field } from './header.js'
import type { Side } from './oracles/compare.js'
import { ethereumjsOracle } from './oracles/ethereumjs.js'
import { judge, type Verdict } from './oracles/judge.js'
import type { Oracle } from './oracles/oracle.js'
import { resultDifference } from './results.js'
import {
  type Deviation,
  type Execute,
  Replay,
  type ReplayProgress,
  type RunOptions,
  SOURCES,
  type SourceName,
  type Step,
} from './subjects.js'

/** How often the newest forks with rules of their own are visited, the newest first: they contain most of the older ones. */
const WEIGHTS = [3, 3, 2]
const NEWEST = FORKS.filter(({ kind }) => kind === 'rules').reverse()
/** Forks that change what a block does; not twice under two names. */
export const FUZZ_FORKS: readonly string[] = FORKS.filter(
  ({ kind, test }) => (kind === 'rules' || kind === 'blobs') && test !== 'Merge',
).flatMap((fork) => new Array<string>(WEIGHTS[NEWEST.indexOf(fork)] ?? 1).fill(fork.test))
/** Blocks executed one after another before a new state is made. */
const BLOCKS_PER_WORLD = 12
const EMPTY = new PlainState()

export interface FuzzOptions {
  engine: EngineName
  threads: number
  seed: number
  /** As the tests name them. */
  forks?: readonly string[]
  /** Module that the executor's workers import (see BlockExecutorOptions). */
  workerSetup?: string
  /** Kinds of state sources that every block is executed over. Default: all; the oracles judge the run over `memory`. */
  sources?: readonly SourceName[]
  /** With whom the executor is compared; the caller closes them. Default: plain @ethereumjs/vm. */
  oracles?: readonly Oracle[]
}

/** A block on which not all agree. */
export interface Finding extends Verdict {
  /** Seed of the episode. */
  seed: number
  state: PlainState
  block: FuzzBlock
}

/** Counts of what was executed. */
export interface FuzzProgress extends ReplayProgress {
  blocks: number
  /** Blocks that were refused. */
  refused: number
  /** Transactions, each a program with those it calls. */
  transactions: number
  /** Of them: ended without success. */
  failed: number
  executions: number
  reexecutions: number
  /** Executed again, from the list that was made of them (EIP-7928). */
  fromLists: number
  /** Blocks by the name of the oracle that executed them, and those in which a known fault of one showed. */
  judged: Map<string, number>
  readings: Map<string, number>
}

interface Chain {
  rules: ChainRules
  common: Common
  executor: BlockExecutor
}

export class Fuzzer {
  readonly #options: FuzzOptions
  readonly #oracles: readonly Oracle[]
  readonly #forks: readonly string[]
  readonly #random: Random
  readonly #chains = new Map<string, Chain>()
  readonly progress: FuzzProgress = {
    blocks: 0,
    refused: 0,
    transactions: 0,
    failed: 0,
    executions: 0,
    reexecutions: 0,
    fromLists: 0,
    replayed: new Map(),
    faults: 0,
    judged: new Map(),
    readings: new Map(),
  }

  constructor(options: FuzzOptions) {
    this.#options = options
    this.#oracles = options.oracles ?? [ethereumjsOracle]
    this.#forks = (options.forks ?? FUZZ_FORKS).filter((fork) => this.#oracles.some((oracle) => oracle.knows(fork)))
    this.#random = new Random(options.seed, 'fuzz episodes')
  }

  /** One state and the blocks on it. @returns the first difference, undefined when there is none */
  async episode(): Promise<Finding | undefined> {
    const seed = this.#random.u32()
    const fork = this.#random.pick(this.#forks)
    const { rules, common, executor } = await this.#chain(fork)
    const world = new FuzzWorld(seed, fork, rules, common, forkOf(fork).rules)
    const { state } = world
    const start = state.copy()
    const steps: Step[] = []
    await executor.setState(state.source())
    for (let i = 0; i < BLOCKS_PER_WORLD; i++) {
      const block = world.next()
      const { verdict, result, answer } = await this.#run(executor, state, block)
      steps.push({ block, answer })
      if (verdict !== undefined) return { ...verdict, seed, state: state.copy(), block }
      this.#count(result)
      if (result === undefined) continue
      state.apply(result.stateDiff)
      if (i < BLOCKS_PER_WORLD - 2 || result.stateRoot === undefined) continue
      const [ours, theirs] = [result.stateRoot, await state.root()]
      if (!equalsBytes(ours, theirs)) {
        const difference = `state root ${bytesToHex(ours)}, not ${bytesToHex(theirs)}`
        return { kind: 'executor', against: '@ethereumjs/mpt', difference, seed, state: state.copy(), block }
      }
    }
    const deviation = await this.#replay(fork, seed, start, steps)
    return deviation && { seed, kind: 'executor', against: 'its run over memory', ...deviation }
  }

  /** The blocks over the other kinds of sources. */
  async #replay(fork: string, seed: number, start: PlainState, steps: readonly Step[]): Promise<Deviation | undefined> {
    const { common, executor } = await this.#chain(fork)
    for (const source of this.#options.sources ?? SOURCES) {
      const execute: Execute = (block, options) => this.#execute(executor, block, options)
      const replay = new Replay(executor, execute, common, seed, this.progress)
      const deviation = source === 'memory' ? undefined : await replay.run(source, start, steps)
      if (deviation !== undefined) return deviation
    }
    return undefined
  }

  /** Whether they still do not agree on a changed case. */
  async differs(state: PlainState, block: FuzzBlock): Promise<Verdict | undefined> {
    const { executor } = await this.#chain(block.fork)
    await executor.setState(state.source())
    const { verdict, answer } = await this.#run(executor, state, block)
    if (verdict !== undefined) return verdict
    const deviation = await this.#replay(block.fork, 0, state, [{ block, answer }])
    return deviation && { kind: 'executor', against: 'its run over memory', difference: deviation.difference }
  }

  /** Whose results a saved case gets: those of an oracle that agrees with the executor, if there is one. */
  witness({ block, against }: Finding): Oracle {
    const able = this.#able(block.fork)
    return (able.find(({ name }) => !against.split(', ').includes(name)) ?? able[0]) as Oracle
  }

  #able(fork: string): Oracle[] {
    return this.#oracles.filter((oracle) => oracle.knows(fork))
  }

  async #chain(fork: string): Promise<Chain> {
    let chain = this.#chains.get(fork)
    if (chain === undefined) {
      const rules = rulesOfNetwork(fork)
      const { engine, threads, workerSetup } = this.#options
      const executor = await BlockExecutor.create({
        common: new Common({ chain: rules.chain }),
        engine,
        fallback: false,
        threads,
        verify: 'none',
        ...(workerSetup !== undefined && { workerSetup }),
        state: EMPTY.source(),
      })
      chain = { rules, common: new ChainCommons(rules).at(1n, 1n), executor }
      this.#chains.set(fork, chain)
    }
    return chain
  }

  async #run(executor: BlockExecutor, state: PlainState, block: FuzzBlock) {
    const [result, ...theirs] = await Promise.all([
      this.#execute(executor, block, { root: block.root }).catch(typed),
      ...this.#able(block.fork).map(async (oracle): Promise<Side> => {
        return { name: oracle.name, answer: await oracle.run(state, block) }
      }),
    ])
    const ours = { name: 'the executor', answer: answerOf(result) }
    const { verdict, readings } = judge(state, block, ours, theirs)
    for (const { name } of theirs) increment(this.progress.judged, name)
    for (const reading of readings) increment(this.progress.readings, reading)
    if (result instanceof ParallevmError) return { verdict, answer: result, result: undefined }
    return {
      verdict: verdict ?? this.#otherEngine(result) ?? (await this.#fromList(executor, state, block, result)),
      answer: result,
      result,
    }
  }

  /** From its own list a block comes to what it came to without one. */
  async #fromList(executor: BlockExecutor, state: PlainState, block: FuzzBlock, made: BlockResult) {
    const list = made.blockAccessList?.rlp
    if (list === undefined) return undefined
    await executor.setState(state.source())
    this.progress.fromLists++
    const again = await this.#execute(executor, block, { root: block.root, list }).catch(typed)
    const difference =
      again instanceof ParallevmError ? `it is refused: ${again.message}` : resultDifference(again, made)
    return difference === undefined
      ? undefined
      : ({ kind: 'executor', against: 'its run without its list', difference } satisfies Verdict)
  }

  async #execute(executor: BlockExecutor, block: FuzzBlock, { list, ...options }: RunOptions): Promise<BlockResult> {
    const { senders, recover } = block
    const mode = this.#options.threads > 1 ? 'parallel' : 'auto'
    const blockHashes = new Map(hashesBefore(block))
    return await executor.execute(blockRlp(list === undefined ? block : naming(block, list)), {
      ...(recover ? {} : { senders }),
      ...{ blockHashes, mode, ...options },
      ...(list && { blockAccessList: list }),
    })
  }

  #otherEngine({ stats }: BlockResult): Verdict | undefined {
    if (stats.engine === this.#options.engine) return undefined
    const difference = `engine ${stats.engine} ran, not ${this.#options.engine}`
    return { kind: 'executor', against: 'what was asked for', difference }
  }

  #count(result: BlockResult | undefined): void {
    const { progress } = this
    progress.blocks++
    if (result === undefined) progress.refused++
    progress.transactions += result?.receipts.length ?? 0
    progress.failed += result?.receipts.filter(({ status }) => status === 0).length ?? 0
    progress.executions += result?.stats.executions ?? 0
    progress.reexecutions += result?.stats.reexecutions ?? 0
  }

  async close(): Promise<void> {
    for (const { executor } of this.#chains.values()) await executor.close()
    this.#chains.clear()
  }
}

/** The block with a header that names the list. */
function naming(block: FuzzBlock, list: Uint8Array): FuzzBlock {
  return { ...block, header: block.header.with(Field.ACCESS_LIST_HASH, keccak256(list)) }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
