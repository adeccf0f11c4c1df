// Differential fuzzing: random blocks through an executor, and the same through plain @ethereumjs/vm. Receipts, logs, gas
// and state difference must be the same; the state root is compared with that of @ethereumjs/mpt now and then.
import { Common } from '@ethereumjs/common'
import { bytesToHex, equalsBytes } from '@ethereumjs/util'
import { ParallevmError } from '../errors.js'
import { ChainCommons, type ChainRules } from '../ethereumjs/common.js'
import { type ReferenceResult, runReference } from '../ethereumjs/reference.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import { type Comparable, compareResults } from '../executor/compare.js'
import type { BlockResult, EngineName } from '../executor/types.js'
import { Random } from '../fixtures/workloads/random.js'
import { forkOf, rulesOfNetwork } from '../official/forks.js'
import { blockRlp, type FuzzBlock, FuzzWorld } from './blocks.js'
import { FuzzState } from './state.js'

/** Newer forks more often: their rules contain most of the older ones. */
export const FUZZ_FORKS = [
  ...['Osaka', 'Osaka', 'Osaka', 'Prague', 'Prague', 'Cancun', 'Cancun', 'Shanghai', 'London', 'Berlin', 'Istanbul'],
  ...['ConstantinopleFix', 'Byzantium', 'EIP158', 'EIP150', 'Homestead', 'Frontier'],
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
export interface FuzzProgress {
  blocks: number
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
  readonly progress: FuzzProgress = { blocks: 0, transactions: 0, failed: 0, executions: 0, reexecutions: 0 }

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
    await executor.setState(state.source())
    for (let i = 0; i < BLOCKS_PER_WORLD; i++) {
      const block = world.next()
      const run = await this.#both(executor, state, block)
      if (run.difference !== undefined) return { seed, state: state.copy(), block, difference: run.difference }
      this.#count(run.reference, run.result)
      state.apply((run.reference as ReferenceResult).stateDiff)
      if (i < BLOCKS_PER_WORLD - 1 || run.result?.stateRoot === undefined) continue
      const [ours, theirs] = [run.result.stateRoot, await state.root()]
      if (!equalsBytes(ours, theirs)) {
        return {
          seed,
          state: state.copy(),
          block,
          difference: `state root ${bytesToHex(ours)}, not ${bytesToHex(theirs)}`,
        }
      }
    }
    return undefined
  }

  /** Whether both sides still differ on a changed case. @returns the difference */
  async differs(state: FuzzState, block: FuzzBlock): Promise<string | undefined> {
    const { executor } = await this.#chain(block.fork)
    await executor.setState(state.source())
    return (await this.#both(executor, state, block)).difference
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
    const { senders, rules } = block
    const blockHashes = new Map(hashesBefore(block))
    const reference = await runReference(bytes, state, { rules, senders, blockHashes }).catch(refusal)
    const mode = this.#options.threads > 1 ? 'parallel' : 'auto'
    const result = await executor.execute(bytes, { senders, blockHashes, mode }).catch(refusal)
    return { ...compare(result, reference), ...(!isRefusal(reference) && { reference }) }
  }

  #count(reference: ReferenceResult | undefined, result: BlockResult | undefined): void {
    const { progress } = this
    progress.blocks++
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

interface Refused {
  refused: string
}

function isRefusal(value: object): value is Refused {
  return 'refused' in value
}

/** A typed error is a result, too; anything else is a defect that must not be hidden. */
function refusal(error: unknown): Refused {
  if (error instanceof ParallevmError) return { refused: `${error.code}: ${error.message}` }
  throw error
}

function compare(
  result: BlockResult | Refused,
  reference: ReferenceResult | Refused,
): { difference?: string; result?: BlockResult } {
  // A generated block is valid: a refusal on either side is a finding.
  if (isRefusal(reference)) return { difference: `the reference refuses the block: ${reference.refused}` }
  if (isRefusal(result)) return { difference: `the executor refuses the block: ${result.refused}` }
  try {
    const status = result.receipts.every(({ stateRoot }) => stateRoot === undefined)
    compareResults(comparable(result, status), comparable(reference, status), 'ethereumjs')
  } catch (error) {
    return { difference: (error as Error).message, result }
  }
  return { result }
}

/** Before Byzantium the executor's receipts have no status. */
function comparable({ receipts, gasUsed, stateDiff }: Comparable, status: boolean): Comparable {
  return { receipts: status ? receipts : receipts.map(({ status: _, ...receipt }) => receipt), gasUsed, stateDiff }
}

function* hashesBefore({ header }: FuzzBlock): Generator<[bigint, Uint8Array]> {
  const number = header[8] as bigint
  for (let n = number - 1n; n >= 0n && n >= number - 256n; n--) {
    yield [n, n === number - 1n ? (header[0] as Uint8Array) : Buffer.from(n.toString(16).padStart(64, '7'), 'hex')]
  }
}
