// `bench --suite defi --soak`: blocks of the mix, one after another, for as long as one wants.
import { loadavg } from 'node:os'
import { sameBytes } from '../../bytes.js'
import { BlockExecutor, type BlockResult, memoryState } from '../../index.js'
import { DEFI_WORKLOADS } from '../../workloads/defi/index.js'
import { buildTries } from '../../workloads/seal.js'
import { StopSignal } from '../chainRun.js'
import { type Machine, machine } from '../report.js'
import { failuresOf } from './failures.js'
import { FlatTotals } from './flatTotals.js'
import { SoakCheck } from './soakCheck.js'
import { SoakSource } from './soakSource.js'

export interface SoakPlan {
  /** Of each block. */
  gas: number
  threads: number
  seconds: number
  seed?: number
  workload?: string
}

/** One stretch of the run. */
export interface SoakSample {
  /** Since the start, at its end. */
  seconds: number
  blocks: number
  transactions: number
  /** Transactions a second of the executor's own time, roots included. */
  pace: number
  /** Bytes at its end: of the process, and of the shared memory that is in use. */
  rss: number
  shared: number
  /** Load of the machine over the last minute. */
  load: number
}

export interface SoakReport {
  machine: Machine
  suite: 'defi'
  soak: SoakPlan & { workload: string; seed: number }
  samples: SoakSample[]
  blocks: number
  transactions: number
  gas: number
  failed: number
  /** Of them, those that were not meant to: in a long chain what people hold is used up. */
  unforeseen: number
  /** Blocks whose receipts and state difference are those of @ethereumjs/vm. */
  compared: number
  seconds: number
  /** Seconds that the executor took; that it waited for blocks to be made. */
  executing: number
  waiting: number
  /** Transactions a second, of the executor's own time. */
  pace: number
  /** The last block's state root, and that of the same state by @ethereumjs/mpt. */
  stateRoot: string
  checkedRoot: string
  accounts: number
  slots: number
  mismatches: string[]
}

/** Of one run of executeAll. */
const BLOCKS = 8
const SAMPLES = 120
const LEAST_SAMPLE_SECONDS = 0.5

/** @param onTime is told how long it has run, and what there is to say */
export async function measureSoak(
  { gas, threads, seconds, seed = 1, workload = DEFI_WORKLOADS.at(-1)!.name }: SoakPlan,
  onTime: (seconds: number, what: string) => void,
): Promise<SoakReport> {
  const source = await SoakSource.start({ workload, variant: 'spread', gas, seed })
  const { accounts, codes } = source
  const flat = new FlatTotals(accounts)
  const state = memoryState(accounts, codes)
  const executor = await BlockExecutor.create({ state, threads, verify: 'none', hardfork: 'schedule' })
  const recorder = new Recorder(seconds)
  const check = new SoakCheck(seconds, codes)
  const stop = new StopSignal()
  const mismatches: string[] = []
  let root: Uint8Array | undefined
  try {
    while (!stop.stopped && recorder.seconds < seconds) {
      // Waiting for blocks comes between runs of executeAll, so that it is no part of their time.
      const blocks = await source.take(BLOCKS)
      let index = 0
      for await (const result of executor.executeAll(blocks.map(({ block }) => ({ block })))) {
        const { block, failing } = blocks[index++]!
        const failed = failuresOf(result)
        const unforeseen = failed.length - failing.length
        mismatches.push(...wrongSuccesses(result, failed, failing))
        if (check.isDue(recorder.seconds, unforeseen > 0)) {
          mismatches.push(...(await check.compare(flat.accounts(), block, result)))
        }
        check.add(result)
        flat.add(result.stateDiff)
        root = result.stateRoot
        recorder.add(result, failed.length, unforeseen, executor.memoryUsed)
      }
      onTime(recorder.seconds, `${recorder.blocks} blocks, ${Math.round(recorder.pace)} tx/s`)
    }
    recorder.end(executor.memoryUsed)
  } finally {
    stop.close()
    await executor.close()
    await source.close()
  }
  const { totals } = recorder
  const last = flat.accounts()
  const { root: checked } = await buildTries(last, [])
  const [own, theirs] = [root ?? checked, checked].map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`) as [
    string,
    string,
  ]
  if (root === undefined || !sameBytes(root, checked)) {
    mismatches.push(`the last state root is ${own}, but that of the state is ${theirs}`)
  }
  return {
    machine: machine(),
    suite: 'defi',
    soak: { gas, threads, seconds, seed, workload },
    ...totals,
    compared: check.blocks,
    waiting: source.waited / 1e3,
    stateRoot: own,
    checkedRoot: theirs,
    accounts: last.length,
    slots: last.reduce((sum, { storage }) => sum + storage.length, 0),
    mismatches,
  }
}

function wrongSuccesses(result: BlockResult, failed: readonly number[], meant: readonly number[]): string[] {
  return meant.every((index) => failed.includes(index))
    ? []
    : [`block ${result.number}: transactions ${failed.join()} failed, but ${meant.join()} were meant to`]
}

/** What was done up to now, in stretches of equal length. */
class Recorder {
  readonly #start = performance.now()
  readonly #each: number
  readonly #samples: SoakSample[] = []
  blocks = 0
  #transactions = 0
  #gas = 0
  #failed = 0
  #unforeseen = 0
  #executing = 0
  #since = { seconds: 0, blocks: 0, transactions: 0, executing: 0 }

  constructor(seconds: number) {
    this.#each = Math.max(LEAST_SAMPLE_SECONDS, seconds / SAMPLES)
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1e3
  }

  get pace(): number {
    return this.#transactions / Math.max(this.#executing, 1e-9)
  }

  add({ stats, receipts, gasUsed }: BlockResult, failed: number, unforeseen: number, shared: number): void {
    this.blocks++
    this.#transactions += receipts.length
    this.#gas += Number(gasUsed)
    this.#failed += failed
    this.#unforeseen += unforeseen
    this.#executing += stats.ms.total / 1e3
    if (this.seconds - this.#since.seconds >= this.#each) this.end(shared)
  }

  /** Ends a stretch. */
  end(shared: number): void {
    const { seconds, blocks } = this
    const since = this.#since
    const transactions = this.#transactions - since.transactions
    if (transactions === 0) return
    this.#samples.push({
      seconds,
      blocks: blocks - since.blocks,
      transactions,
      pace: transactions / (this.#executing - since.executing),
      rss: process.memoryUsage.rss(),
      shared,
      load: loadavg()[0]!,
    })
    this.#since = { seconds, blocks, transactions: this.#transactions, executing: this.#executing }
  }

  get totals() {
    return {
      samples: this.#samples,
      blocks: this.blocks,
      transactions: this.#transactions,
      gas: this.#gas,
      failed: this.#failed,
      unforeseen: this.#unforeseen,
      seconds: this.seconds,
      executing: this.#executing,
      pace: this.pace,
    }
  }
}
