// Traces of blocks with each tracer: seconds and bytes, beside steps that plain @ethereumjs/vm tells of.
//
//   node dist/bench/trace.bench.js [--threads N] [--one INDEX] [--plain] [FILE...]
//
// Without files: two of the bundled blocks. --one: that transaction alone as well. --plain: the steps of @ethereumjs/vm, as JSON.
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { rulesOf } from '../src/block/common.js'
import { bundledCases, loadCase } from '../src/blockFiles/index.js'
import { commonOf } from '../src/cli/blockCase.js'
import { Executors, repeatable } from '../src/cli/contenders.js'
import { TRACER_NAMES } from '../src/executor/traceShapes.js'
import type { TraceOptions } from '../src/executor/traceTypes.js'
import type { BlockExecutor } from '../src/index.js'
import { runReference } from '../src/reference/reference.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '2' },
    one: { type: 'string' },
    plain: { type: 'boolean', default: false },
  },
})
const files =
  positionals.length > 0 ? positionals : bundledCases().filter((path) => /mix-small|uniswap-v3-one/.test(path))
const executors = new Executors()
const table = new Table({ head: ['block', 'tracer', 'transactions', 'ms', 'bytes'], style: { head: [], border: [] } })

async function measure(executor: BlockExecutor, block: Uint8Array, options: TraceOptions): Promise<[number, number]> {
  const start = performance.now()
  let bytes = 0
  for await (const { text } of executor.traceText(block, options)) bytes += text.length
  return [performance.now() - start, bytes]
}

for (const file of files) {
  const block = loadCase(file)
  const executor = await executors.on(block, { engine: 'wasm', threads: Number(values.threads) })
  const { senders, parentHeaders, blockHashes } = repeatable(block, { root: false, givenSenders: true })
  const given = {
    ...(senders && { senders }),
    ...(parentHeaders && { parentHeaders }),
    ...(blockHashes && { blockHashes }),
  }
  await executor.execute(block.blockRlp, { ...given, root: false, advance: false })
  for (const tracer of TRACER_NAMES) {
    const all = { ...given, tracer } as TraceOptions
    const [ms, bytes] = await measure(executor, block.blockRlp, all)
    table.push([block.name, tracer, 'all', ms.toFixed(1), bytes])
    if (values.one === undefined) continue
    const [oneMs, oneBytes] = await measure(executor, block.blockRlp, { ...all, transactions: [Number(values.one)] })
    table.push([block.name, tracer, values.one, oneMs.toFixed(1), oneBytes])
  }
  if (!values.plain) continue
  let bytes = 0
  const start = performance.now()
  await runReference(block.blockRlp, block.preState, {
    rules: rulesOf(commonOf(block), block.fork),
    senders: block.senders,
    blockHashes: block.blockHashes,
    onStep: ({ pc, opcode, gasLeft, depth, stack }) => {
      const words = stack.map((word) => `0x${word.toString(16)}`)
      bytes += JSON.stringify({ pc, op: opcode.name, gas: Number(gasLeft), depth, stack: words }).length
    },
  })
  table.push([block.name, 'steps of @ethereumjs/vm', 'all', (performance.now() - start).toFixed(1), bytes])
}
await executors.close()
console.log(table.toString())
