// Independent transactions that are full of one precompiled contract, on one thread and on two: the best of some runs in turns.
// The second argument selects cases by name; PARALLEVM_BENCH_RUNS (5) runs of each.
import { Executors, executorContender } from '../src/cli/contenders.js'
import { renderTable } from '../src/cli/table.js'
import { WORST_CASES, worstBlock } from '../src/workloads/worst/index.js'

/** Eight transactions with all gas that one may have (EIP-7825). */
const GAS = 8 * 16_777_216
const CASES = [
  ...['ecrecover', 'SHA-256 of 32 KB', 'BN254 multiplication', 'BN254 pairing, 4 pairs', 'KZG point evaluation'],
  ...['BLS12-381 pairing, 2 pairs', 'P256 verification', 'MODEXP of 256 bytes, odd'],
]
const only = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? ''
const runs = Number(process.env.PARALLEVM_BENCH_RUNS ?? 5)
const work = { root: false, givenSenders: false, mode: 'auto' } as const

const executors = new Executors()
const rows: string[][] = []
for (const name of CASES.filter((each) => each.includes(only))) {
  const block = await worstBlock(WORST_CASES.find((each) => each.name === name)!, GAS)
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let run = 0; run < runs; run++) {
    for (const [index, threads] of [1, 2].entries()) {
      const contender = await executorContender(executors, block, { engine: 'wasm', threads }, work)
      best[index] = Math.min(best[index]!, (await contender.run()).ms.execution)
    }
  }
  const [one, two] = best as [number, number]
  rows.push([name, one.toFixed(0), two.toFixed(0), (one / two).toFixed(2)])
}
await executors.close()
console.log(
  renderTable(['execution, ms', 'one thread', 'two', 'times faster'], ['left', 'right', 'right', 'right'], rows),
)
