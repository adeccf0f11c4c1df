// What `bench` can do, each with its report as an object and as text.
import { writeFileSync } from 'node:fs'
import { type BlockCase, loadCase } from '../blockFiles/index.js'
import type { EngineName, ExecutionMode } from '../index.js'
import type { DefiWorkload } from '../workloads/defi/index.js'
import { measureBal, renderBal } from './bal.js'
import type { BenchInputs, Workload } from './benchInputs.js'
import { bundledFor, knowsFork } from './blockCase.js'
import type { Configuration, Work } from './contenders.js'
import { UsageError } from './exit.js'
import { type Plan, runsOf } from './measure.js'
import { measureOnce, onceRunsOf, renderOnce } from './once.js'
import { Progress } from './progress.js'
import { makeReport } from './report.js'
import { renderReport } from './reportText.js'
import { measureSideBySide } from './sideBySide.js'

export interface BenchOptions extends Plan, Work {
  engine: EngineName[]
  threads: number[]
  mode: ExecutionMode
  once?: true
  bal?: true
  suite?: 'worst' | 'defi'
  suiteGas?: number
  only?: DefiWorkload[]
  /** Seconds. */
  soak?: number
  html?: string
  workload?: Workload[]
  json?: true
}

export interface Measured {
  report: { mismatches: string[] }
  text(): string
}

/** With it the suite of worst blocks takes about two minutes on two cores, that of DeFi about ten. */
export const SUITE_MGAS = { worst: 2, defi: 10 }

/** Every contender runs every block, in turn; blocks that @ethereumjs/vm does not run are measured from their lists. */
export async function usual({ blocks, count }: BenchInputs, options: BenchOptions): Promise<Measured> {
  const configurations = configurationsOf(options)
  const apart: BlockCase[] = []
  const compared = options.engine.includes('wasm') ? withSequential(blocks, apart) : blocks
  const [measured, lists] = await watched(count * runsOf(options, configurations.length + 1), async (onRun) => [
    await measureSideBySide(compared, configurations, options, onRun),
    apart.length > 0 ? await measureBal(each(apart), mostThreads(options), options, onRun) : undefined,
  ])
  const { runs, warmup, root, givenSenders, baselineRuns } = options
  const report = makeReport({ runs, warmup, root, givenSenders, ...(baselineRuns && { baselineRuns }) }, measured)
  if (lists === undefined) return { report, text: () => renderReport(report) }
  const whole = { ...report, lists, mismatches: [...report.mismatches, ...lists.mismatches] }
  const head = 'Without sequential, which lacks their rules, from their access lists:'
  return {
    report: whole,
    text: () => [...(measured.length > 0 ? [renderReport(report)] : []), head, renderBal(lists)].join('\n\n'),
  }
}

/** Those that @ethereumjs/vm runs; the others come to lie in `apart`. */
async function* withSequential(blocks: AsyncIterable<BlockCase>, apart: BlockCase[]): AsyncGenerator<BlockCase> {
  for await (const block of blocks) {
    if (knowsFork('ethereumjs', block)) yield block
    else apart.push(block)
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

function mostThreads({ threads }: BenchOptions): number {
  return Math.max(2, ...threads)
}

/** The first run of each block beside later ones. */
export async function once({ blocks }: BenchInputs, options: BenchOptions): Promise<Measured> {
  const configurations = configurationsOf(options)
  const all: BlockCase[] = []
  for await (const block of blocks) all.push(block)
  const others = all.length > 1 ? [] : bundledFor(options.engine).map((path) => loadCase(path))
  const report = await watched(onceRunsOf(options, all.length, others.length, configurations.length), (onRun) =>
    measureOnce(all, others, configurations, options, onRun),
  )
  return { report, text: () => renderOnce(report) }
}

/** Each block from its access list, beside one thread and Block-STM on as many. */
export async function fromLists({ blocks, count }: BenchInputs, options: BenchOptions): Promise<Measured> {
  const report = await watched(count * runsOf(options, 3), (onRun) =>
    measureBal(blocks, mostThreads(options), options, onRun),
  )
  return { report, text: () => renderBal(report) }
}

/** The suite of worst blocks. */
export async function worstBlocks({ html, suiteGas = SUITE_MGAS.worst, ...plan }: BenchOptions): Promise<Measured> {
  // Its inputs, points of curves, take a second to make.
  const { measureSuite, renderSuite, suitePage, suiteRunsOf } = await import('./suite.js')
  // Before minutes of measuring: the page may have nowhere to go.
  if (html !== undefined) writePage(html, '')
  const report = await watched(suiteRunsOf(plan), (onRun) => measureSuite(suiteGas * 1e6, plan, onRun))
  if (html !== undefined) writePage(html, suitePage(report))
  return { report, text: () => renderSuite(report) }
}

/** The suite of DeFi: each workload, spread out and hot. */
export async function defiWorkloads(options: BenchOptions): Promise<Measured> {
  const { defiRunsOf, measureDefi } = await import('./defi/measure.js')
  const { html, suiteGas = SUITE_MGAS.defi, only, threads, runs, warmup, baselineRuns } = options
  if (html !== undefined) writePage(html, '')
  const plan = {
    gas: suiteGas * 1e6,
    threads,
    runs,
    warmup,
    ...(baselineRuns && { baselineRuns }),
    ...(only && { workloads: only }),
  }
  const report = await watched(defiRunsOf(plan), (onRun) => measureDefi(plan, onRun))
  if (html !== undefined) writePage(html, (await import('./defi/page.js')).defiPage(report))
  const { renderDefi } = await import('./defi/table.js')
  return { report, text: () => renderDefi(report) }
}

/** Blocks of the mix, one after another. */
export async function defiSoak(options: BenchOptions): Promise<Measured> {
  const { measureSoak } = await import('./defi/soak.js')
  const { renderSoak, soakPage } = await import('./defi/soakReport.js')
  const { html, suiteGas = SUITE_MGAS.defi, threads, soak = 0 } = options
  if (html !== undefined) writePage(html, '')
  const plan = { gas: suiteGas * 1e6, threads: threads[0]!, seconds: soak }
  const progress = new Progress(soak)
  try {
    const report = await measureSoak(plan, (seconds, what) => progress.at(Math.floor(seconds), what))
    if (html !== undefined) writePage(html, soakPage(report))
    return { report, text: () => renderSoak(report) }
  } finally {
    progress.stop()
  }
}

function writePage(path: string, page: string): void {
  try {
    writeFileSync(path, page)
  } catch (cause) {
    throw new UsageError(`${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
}

function configurationsOf({ engine, threads }: BenchOptions): Configuration[] {
  return engine.flatMap((name) => threads.map((count) => ({ engine: name, threads: count })))
}

async function watched<T>(runs: number, run: (onRun: (what: string) => void) => Promise<T>): Promise<T> {
  const progress = new Progress(runs)
  try {
    return await run((what) => {
      progress.show(what)
      progress.step()
    })
  } finally {
    progress.stop()
  }
}
