// Differential fuzzing: random blocks through an executor, and the same through plain @ethereumjs/vm. Receipts, logs, gas
// and state difference must be the same, and what one refuses the other must refuse for the same reason; the state root is
// compared with that of @ethereumjs/mpt now and then.
import { Common } from '@ethereumjs/common'
import { bytesToHex, equalsBytes } from '@ethereumjs/util'
import { ChainCommons, type ChainRules } from '../block/common.js'
import { ParallevmError } from '../errors.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import { type Comparable, compareResults } from '../executor/compare.js'
import type { ExecuteOptions } from '../executor/options.js'
import { type ReferenceResult, runReference } from '../reference/reference.js'
import { forkOf, rulesOfNetwork } from '../spectests/forks.js'
import type { BlockResult, EngineName } from '../types.js'
import { Random } from '../workloads/random.js'
import { blockRlp, type FuzzBlock, FuzzWorld } from './blocks.js'
import { Field } from './header.js'
import { differentRefusals } from './refusals.js'
import { FuzzState } from './state.js'
import {
  type Deviation,
  type Execute,
  Replay,
  type ReplayProgress,
  SOURCES,
  type SourceName,
  type Step,
} from './subjects.js'

/** Newer forks more often: their rules contain most of the older ones. */
export const FUZZ_FORKS = [
  ...['Osaka', 'Osaka', 'Osaka', 'BPO1', 'BPO2', 'BPO3', 'BPO4', 'Prague', 'Prague', 'Prague', 'Cancun', 'Cancun'],
  ...['Shanghai', 'Paris', 'London', 'Berlin', 'Istanbul', 'ConstantinopleFix', 'Constantinople', 'Byzantium'],
  ...['EIP158', 'EIP150', 'Homestead', 'Frontier'],
]
/** Blocks executed one after another before a new state is made. */
const BLOCKS_PER_WORLD = 12
const EMPTY = new FuzzState()

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
}

/** A block on which the two sides do not agree. */
export interface Finding {
  /** Seed of the episode. */
  seed: number
  state: FuzzState
  block: FuzzBlock
  /** The first difference. */
  difference: string
}

/** Counts of what was executed. */
export interface FuzzProgress extends ReplayProgress {
  blocks: number
  /** Blocks that both sides refused. */
  refused: number
  /** Transactions, each a program with those it calls. */
  transactions: number
  /** Of them: ended without success. */
  failed: number
  executions: number
  reexecutions: number
}

interface Chain {
  rules: ChainRules
  common: Common
  executor: BlockExecutor
}

export class Fuzzer {
  readonly #options: FuzzOptions
  readonly #random: Random
  readonly #chains = new Map<string, Chain>()
  readonly progress: FuzzProgress = {
    blocks: 0,
    refused: 0,
    transactions: 0,
    failed: 0,
    executions: 0,
    reexecutions: 0,
    replayed: new Map(),
    faults: 0,
  }

  constructor(options: FuzzOptions) {
    this.#options = options
    this.#random = new Random(options.seed, 'fuzz episodes')
  }

  /** One state and the blocks on it. @returns the first difference, undefined when there is none */
  async episode(): Promise<Finding | undefined> {
    const seed = this.#random.u32()
    const fork = this.#random.pick(this.#options.forks ?? FUZZ_FORKS)
    const { rules, common, executor } = await this.#chain(fork)
    const world = new FuzzWorld(seed, fork, rules, common, forkOf(fork).rules)
    const { state } = world
    const start = state.copy()
    const steps: Step[] = []
    await executor.setState(state.source())
    for (let i = 0; i < BLOCKS_PER_WORLD; i++) {
      const block = world.next()
      const { difference, reference, result, answer } = await this.#both(executor, state, block)
      steps.push({ block, answer })
      if (difference !== undefined) return { seed, state: state.copy(), block, difference }
      this.#count(reference, result)
      if (reference !== undefined) state.apply(reference.stateDiff)
      if (i < BLOCKS_PER_WORLD - 2 || result?.stateRoot === undefined) continue
      const [ours, theirs] = [result.stateRoot, await state.root()]
      if (!equalsBytes(ours, theirs)) {
        return {
          seed,
          state: state.copy(),
          block,
          difference: `state root ${bytesToHex(ours)}, not ${bytesToHex(theirs)}`,
        }
      }
    }
    const deviation = await this.#replay(fork, seed, start, steps)
    return deviation && { seed, ...deviation }
  }

  /** The blocks over the other kinds of sources. */
  async #replay(fork: string, seed: number, start: FuzzState, steps: readonly Step[]): Promise<Deviation | undefined> {
    const { common, executor } = await this.#chain(fork)
    for (const source of this.#options.sources ?? SOURCES) {
      const execute: Execute = (block, options) => this.#execute(executor, block, options)
      const replay = new Replay(executor, execute, common, seed, this.progress)
      const deviation = source === 'memory' ? undefined : await replay.run(source, start, steps)
      if (deviation !== undefined) return deviation
    }
    return undefined
  }

  /** Whether both sides still differ on a changed case. @returns the difference */
  async differs(state: FuzzState, block: FuzzBlock): Promise<string | undefined> {
    const { executor } = await this.#chain(block.fork)
    await executor.setState(state.source())
    const { difference, answer } = await this.#both(executor, state, block)
    return difference ?? (await this.#replay(block.fork, 0, state, [{ block, answer }]))?.difference
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

  async #both(executor: BlockExecutor, state: FuzzState, block: FuzzBlock) {
    const bytes = blockRlp(block)
    const { senders, rules, root } = block
    const blockHashes = new Map(hashesBefore(block))
    const reference = await runReference(bytes, state, { rules, senders, blockHashes }).catch(refusal)
    const result = await this.#execute(executor, block, { root }).catch(refusal)
    return {
      difference: this.#difference(block, result, reference),
      answer: result,
      ...(!(result instanceof ParallevmError) && { result }),
      ...(!(reference instanceof ParallevmError) && { reference }),
    }
  }

  async #execute(
    executor: BlockExecutor,
    block: FuzzBlock,
    options: Pick<ExecuteOptions, 'root' | 'advance'>,
  ): Promise<BlockResult> {
    const { senders, recover } = block
    const mode = this.#options.threads > 1 ? 'parallel' : 'auto'
    const blockHashes = new Map(hashesBefore(block))
    return await executor.execute(blockRlp(block), { ...(recover ? {} : { senders }), blockHashes, mode, ...options })
  }

  #difference(
    { fault }: FuzzBlock,
    result: BlockResult | ParallevmError,
    reference: ReferenceResult | ParallevmError,
  ): string | undefined {
    if (result instanceof ParallevmError) {
      return reference instanceof ParallevmError
        ? differentRefusals(result, reference, fault?.index)
        : `only the executor refuses the block: ${result.code}: ${result.message}`
    }
    if (reference instanceof ParallevmError) return `only the reference refuses the block: ${reference.message}`
    if (fault !== undefined) return `both accept transaction ${fault.index}, which breaks rule ${fault.refusal}`
    const { engine } = result.stats
    if (engine !== this.#options.engine) return `engine ${engine} ran, not ${this.#options.engine}`
    try {
      const status = result.receipts.every(({ status }) => status !== undefined)
      compareResults(comparable(result, status), comparable(reference, status), 'ethereumjs')
    } catch (error) {
      return (error as Error).message
    }
    return undefined
  }

  #count(reference: ReferenceResult | undefined, result: BlockResult | undefined): void {
    const { progress } = this
    progress.blocks++
    if (reference === undefined) progress.refused++
    progress.transactions += reference?.receipts.length ?? 0
    progress.failed += reference?.receipts.filter(({ status }) => status === 0).length ?? 0
    progress.executions += result?.stats.executions ?? 0
    progress.reexecutions += result?.stats.reexecutions ?? 0
  }

  async close(): Promise<void> {
    for (const { executor } of this.#chains.values()) await executor.close()
    this.#chains.clear()
  }
}

/** A typed error is a result, too; anything else is a defect that must not be hidden. */
function refusal(error: unknown): ParallevmError {
  if (error instanceof ParallevmError) return error
  throw error
}

/** Before Byzantium the executor's receipts have no status. */
function comparable({ receipts, gasUsed, stateDiff }: Comparable, status: boolean): Comparable {
  return { receipts: status ? receipts : receipts.map(({ status: _, ...receipt }) => receipt), gasUsed, stateDiff }
}

export function* hashesBefore({ header }: FuzzBlock): Generator<[bigint, Uint8Array]> {
  const number = header[Field.NUMBER] as bigint
  for (let n = number - 1n; n >= 0n && n >= number - 256n; n--) {
    yield [
      n,
      n === number - 1n ? (header[Field.PARENT] as Uint8Array) : Buffer.from(n.toString(16).padStart(64, '7'), 'hex'),
    ]
  }
}
