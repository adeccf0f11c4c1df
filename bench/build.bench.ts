// Building a block beside executing the block that comes of it, on the workloads of the suite `defi`: both from bytes to a sealed, or
// checked, root, senders recovered. Medians of runs in turn; the last columns are how much of the speed of executing building has, by
// the clock and by processor time of the process, which other programs disturb less.
//
//   node dist/bench/build.bench.js [--gas N] [--runs N] [--threads N] [--only NAME,...]
import { parseArgs } from 'node:util'
import { RLP } from '@ethereumjs/rlp'
import Table from 'cli-table3'
import { Executors } from '../src/cli/contenders.js'
import { median } from '../src/cli/statistics.js'
import type { BuildOptions } from '../src/index.js'
import { DEFI_WORKLOADS, defiBlock, VARIANTS } from '../src/workloads/defi/index.js'

const { values } = parseArgs({
  options: {
    gas: { type: 'string', default: '10000000' },
    runs: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
})
const [gas, runs, threads] = [Number(values.gas), Number(values.runs), Number(values.threads)]
const only = values.only?.split(',')

/** In the order in which they are given, so that both do the same work. */
const order: NonNullable<BuildOptions['order']> = (a, b) => a.index - b.index
const executors = new Executors()
const head = ['workload', 'transactions', 'build ms', 'execute ms', 'execute / build', 'by processor']
const table = new Table({ head, style: { head: [], border: [] } })
const noTimes = (): Times => ({ clock: [], processor: [] })
const ratios = noTimes()

interface Times {
  clock: number[]
  processor: number[]
}

async function timed<T>(work: () => Promise<T>, { clock, processor }: Times): Promise<T> {
  const [start, before] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  clock.push(performance.now() - start)
  processor.push((user + system) / 1000)
  return result
}

for (const workload of DEFI_WORKLOADS) {
  if (only !== undefined && !only.includes(workload.name)) continue
  for (const variant of VARIANTS) {
    const { block } = await defiBlock({ workload, variant, gas })
    const { parentHeaders, blockHashes } = block
    const [header, items] = RLP.decode(block.blockRlp) as [Uint8Array[], (Uint8Array | Uint8Array[])[]]
    const transactions = items.map((item) => (item instanceof Uint8Array ? item : RLP.encode(item)))
    const [COINBASE, GAS_LIMIT, TIMESTAMP] = [2, 9, 11].map((at) => header[at] as Uint8Array) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    const options: BuildOptions = {
      parent: parentHeaders[0] as Uint8Array,
      timestamp: BigInt(`0x${Buffer.from(TIMESTAMP).toString('hex')}`),
      gasLimit: BigInt(`0x${Buffer.from(GAS_LIMIT).toString('hex')}`),
      feeRecipient: COINBASE,
      blockHashes,
      order,
    }
    const executor = await executors.on(block, { engine: 'wasm', threads })
    let [builds, executions] = [noTimes(), noTimes()]
    for (let round = -2; round < runs; round++) {
      if (round === 0) [builds, executions] = [noTimes(), noTimes()]
      const built = await timed(() => executor.build(transactions, options), builds)
      if (built.included.length !== transactions.length) {
        const { message } = built.skipped[0] as (typeof built.skipped)[number]
        throw new Error(`${block.name}: ${built.skipped.length} left out: ${message}`)
      }
      const given = { parentHeaders, blockHashes, advance: false, verify: 'header' } as const
      await timed(() => executor.execute(built.blockRlp, given), executions)
    }
    const [clock, processor] = (['clock', 'processor'] as const).map(
      (by) => median(executions[by]) / median(builds[by]),
    ) as [number, number]
    ratios.clock.push(clock)
    ratios.processor.push(processor)
    const ms = [median(builds.clock), median(executions.clock)].map((value) => value.toFixed(2)) as [string, string]
    table.push([block.name, transactions.length, ...ms, clock.toFixed(2), processor.toFixed(2)])
  }
}
await executors.close()
console.log(table.toString())
for (const [by, all] of Object.entries(ratios)) {
  const enough = all.filter((ratio: number) => ratio >= 0.8).length
  console.log(`by ${by}: ${enough} of ${all.length} at 0.8 or more; median ${median(all).toFixed(2)}`)
}
