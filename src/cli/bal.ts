// `bench --bal`: each block in order on one thread, speculatively, and from its access list (EIP-7928), which is made first.
import type { BlockCase } from '../blockFiles/index.js'
import type { AccountAccess } from '../index.js'
import { factsOf } from './blockCase.js'
import { type Contending, Executors, executorContender, repeatable, type Work } from './contenders.js'
import { type Measurement, measure, type Plan, type StageTimes } from './measure.js'
import { type BlockSummary, type Machine, machine } from './report.js'
import { blockLine, machineLine, resultLine } from './reportText.js'
import { geometricMean, sum } from './statistics.js'
import { ms, renderTable, times } from './table.js'

/** What cannot be done side by side, as shares of the block's gas: no number of threads makes the block faster than that. */
export interface CriticalPath {
  /** The longest chain of transactions each of which changes a nonce, code or slot that the one before changed. */
  chain: number
  /** The largest transaction. */
  largest: number
}

export interface BalReport {
  machine: Machine
  plan: Plan & Work & { threads: number }
  blocks: (BlockSummary & { items: number; path: CriticalPath; measurements: Measurement[] })[]
  /** Sums over the blocks, and by how much the first is slower: of the sums, and the geometric mean of the blocks. */
  totals: {
    label: string
    ms: Pick<StageTimes, 'execution' | 'total'>
    execution: number
    total: number
    mean: number
  }[]
  mismatches: string[]
}

/** @param onRun is called before every run */
export async function measureBal(
  blocks: AsyncIterable<BlockCase>,
  threads: number,
  options: Plan & Work,
  onRun: (what: string) => void,
): Promise<BalReport> {
  const measured: BalReport['blocks'] = []
  const mismatches: string[] = []
  const executors = new Executors()
  try {
    for await (const block of blocks) {
      const { gasUsed, mismatches: wrong, ...own } = await measureBlock(executors, block, threads, options, onRun)
      measured.push({ ...factsOf(block), gasUsed: Number(gasUsed), ...own })
      mismatches.push(...wrong)
    }
  } finally {
    await executors.close()
  }
  const { runs, warmup, root, givenSenders } = options
  const plan = { runs, warmup, root, givenSenders, threads }
  return { machine: machine(), plan, blocks: measured, totals: totalsOf(measured), mismatches }
}

async function measureBlock(
  executors: Executors,
  // The list that came with it is made again: two of the three do without.
  { blockAccessList: _, ...block }: BlockCase,
  threads: number,
  options: Plan & Work,
  onRun: (what: string) => void,
) {
  const one = { engine: 'wasm', threads: 1 } as const
  const many = { engine: 'wasm', threads } as const
  const alone = await executors.on(block, one)
  const made = await alone.execute(block.blockRlp, { ...repeatable(block, options), accessList: true })
  const { rlp, accounts, items } = made.blockAccessList as NonNullable<typeof made.blockAccessList>
  const work = { ...options, mode: 'auto' } as const
  const contending: [string, typeof one | typeof many, Contending][] = [
    ['one thread', one, work],
    [`Block-STM x${threads}`, many, work],
    [`from its list x${threads}`, many, { ...work, blockAccessList: rlp }],
  ]
  const contenders = []
  for (const [label, configuration, own] of contending) {
    contenders.push({ ...(await executorContender(executors, block, configuration, own)), label })
  }
  const result = await measure(block.name, contenders, block.expected, options, (label) =>
    onRun(`${block.name} ${label}`),
  )
  return { ...result, items, path: criticalPath(accounts, made.receipts) }
}

export function criticalPath(
  accounts: readonly AccountAccess[],
  receipts: readonly { gasUsed: bigint }[],
): CriticalPath {
  const gas = receipts.map(({ gasUsed }) => Number(gasUsed))
  const before = gas.map((): number[] => [])
  for (const { nonceChanges, codeChanges, storageChanges } of accounts) {
    for (const changes of [nonceChanges, codeChanges, ...storageChanges.map(({ changes }) => changes)]) {
      // The block's own work comes before and after them all.
      const by = changes.map(({ index }) => index - 1).filter((index) => index >= 0 && index < gas.length)
      for (const [i, index] of by.entries()) if (i > 0) before[index]?.push(by[i - 1] as number)
    }
  }
  const ends: number[] = []
  for (const [index, own] of gas.entries()) {
    ends.push(own + Math.max(0, ...(before[index] as number[]).map((other) => ends[other] as number)))
  }
  const all = sum(gas) || 1
  return { chain: Math.max(0, ...ends) / all, largest: Math.max(0, ...gas) / all }
}

function totalsOf(blocks: BalReport['blocks']): BalReport['totals'] {
  const labels = blocks[0]?.measurements.map(({ label }) => label) ?? []
  const sums = (contender: number) => {
    const all = blocks.map(({ measurements }) => (measurements[contender] as Measurement).ms)
    return { execution: sum(all.map((each) => each.execution)), total: sum(all.map((each) => each.total)) }
  }
  const first = sums(0)
  return labels.map((label, contender) => {
    const own = sums(contender)
    const ratios = blocks.map(
      ({ measurements: [one, ...others] }) =>
        (one as Measurement).ms.total / ([one, ...others][contender] as Measurement).ms.total,
    )
    const [execution, total] = [first.execution / own.execution, first.total / own.total]
    return { label, ms: own, execution, total, mean: geometricMean(ratios) }
  })
}

const HEAD = ['exec', 'total', 'exec faster', 'total faster', 're-exec', 'mode']

export function renderBal({ machine, plan, blocks, totals, mismatches }: BalReport): string {
  const rows = blocks.flatMap(({ measurements }) => {
    const first = measurements[0] as Measurement
    return measurements.map(({ label, ms: own, reexecutions, mode }) => [
      ...[`  ${label}`, ms(own.execution), ms(own.total)],
      ...[times(first.ms.execution / own.execution), times(first.ms.total / own.total), String(reexecutions), mode],
    ])
  })
  const sums = totals.map(({ label, ms: own, execution, total, mean }) => [
    ...[`  ${label}`, ms(own.execution), ms(own.total), times(execution), times(total), '', `mean ${times(mean)}`],
  ])
  const aligns = ['left', 'right', 'right', 'right', 'right', 'right', 'left'] as const
  const [head, ...lines] = renderTable(['block', ...HEAD], [...aligns], [...rows, ...sums]).split('\n')
  return [
    head,
    ...blocks.flatMap((block) => [blockLine(block), pathLine(block), ...lines.splice(0, block.measurements.length)]),
    'all blocks',
    ...lines,
    '',
    `Milliseconds: medians of ${plan.runs} runs after ${plan.warmup} for warm-up, from the bytes of the block.`,
    'chain: the longest one of transactions that change what the one before changed, of the block\u2019s gas; largest: the',
    'largest transaction, below which no number of threads brings the block that is executed from its list.',
    machineLine(machine),
    resultLine(mismatches, 'Every run gave what the header says and what the first gave.'),
  ].join('\n')
}

function pathLine({ items, path }: BalReport['blocks'][number]): string {
  const share = (value: number): string => `${(100 * value).toFixed(0)} %`
  return `  list of ${items} addresses and slots; chain ${share(path.chain)}, largest ${share(path.largest)}`
}
