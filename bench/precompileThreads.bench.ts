// Independent transactions that are full of one precompiled contract, on one thread and on two: the best of some runs in turns. Beside
// the time of the execution stage stand processor time and the transactions of the thread that had most: where others use the
// processors too, these say more. The first argument selects cases by name; PARALLEVM_BENCH_RUNS (5) runs of each.
import { Executors, repeatable } from '../src/cli/contenders.js'
import { renderTable } from '../src/cli/table.js'
import { WORST_CASES, worstBlock } from '../src/workloads/worst/index.js'

/** Eight transactions with all gas that one may have (EIP-7825). */
const TRANSACTIONS = 8
const GAS = TRANSACTIONS * 16_777_216
const CASES = [
  ...['ecrecover', 'SHA-256 of 32 KB', 'BN254 multiplication', 'BN254 pairing, 4 pairs', 'KZG point evaluation'],
  ...['BLS12-381 pairing, 2 pairs', 'P256 verification', 'MODEXP of 256 bytes, odd'],
]
const only = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? ''
const runs = Number(process.env.PARALLEVM_BENCH_RUNS ?? 5)

interface Best {
  ms: number
  cpu: number
  most: number
}

const executors = new Executors()
const cases = WORST_CASES.filter(({ name }) => CASES.includes(name) && name.includes(only))
const rows: string[][] = []
for (const worst of cases) {
  const block = await worstBlock(worst, GAS)
  const best = [1, 2].map(
    (): Best => ({ ms: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY, most: TRANSACTIONS }),
  )
  for (let run = 0; run < runs; run++) {
    for (const [index, each] of best.entries()) {
      const executor = await executors.on(block, { engine: 'wasm', threads: index + 1 })
      const start = process.cpuUsage()
      const { stats } = await executor.execute(block.blockRlp, repeatable(block, { root: false, givenSenders: false }))
      const { user, system } = process.cpuUsage(start)
      each.ms = Math.min(each.ms, stats.ms.execution)
      each.cpu = Math.min(each.cpu, (user + system) / 1000)
      each.most = Math.min(each.most, Math.max(...stats.workers.map(({ executions }) => executions)))
    }
  }
  const [one, two] = best as [Best, Best]
  const figures = [one.ms, two.ms, one.cpu, two.cpu].map((ms) => ms.toFixed(0))
  rows.push([worst.name, ...figures, `${two.most} of ${TRANSACTIONS}`, (one.ms / two.ms).toFixed(2)])
}
await executors.close()
const head = ['ms', 'one thread', 'two', 'CPU of one', 'of two', 'at one of two', 'times faster']
console.log(renderTable(head, ['left', ...Array<'right'>(6).fill('right')], rows))
