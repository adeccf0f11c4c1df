// A process of its own for bench/startup.bench.ts: `first` executes one block as early as it can and then again and again,
// `all` executes every block of a folder. Prints one JSON line. Imports nothing before the clock has been read.
const booted = performance.now()
const [task = '', path = '', engineName = '', threadCount = ''] = process.argv.slice(2)
// As a program has it that installed the package.
const { BlockExecutor, listCases, loadCase, memoryState, witnessState } = await import('parallevm')
const imported = performance.now()

const threads = Number(threadCount)
const engine = engineName === 'wasm' ? 'wasm' : 'ethereumjs'

function stateOf({ preState }: import('parallevm').BlockCase) {
  return preState.kind === 'witness' ? witnessState(preState) : memoryState(preState.accounts, preState.codes)
}

/** What the block may be given besides its bytes; a flat state has no roots. */
function optionsOf({ preState, blockHashes, parentHeaders, senders }: import('parallevm').BlockCase) {
  return { blockHashes, parentHeaders, ...(senders && { senders }), root: preState.kind === 'witness' }
}

async function first(): Promise<object> {
  const block = loadCase(path)
  const loaded = performance.now()
  const executor = await BlockExecutor.create({ state: stateOf(block), engine, threads, verify: 'none' })
  const created = performance.now()
  const execute = async () => {
    const start = performance.now()
    const { stats } = await executor.execute(block.blockRlp, { ...optionsOf(block), advance: false })
    if (stats.engine !== engine) throw new Error(`${stats.engine}: ${stats.fallback}`)
    return performance.now() - start
  }
  const firstBlock = await execute()
  const done = performance.now()
  const later: number[] = []
  for (let i = 0; i < 10 || performance.now() - done < 1_000; i++) later.push(await execute())
  await executor.close()
  return {
    boot: booted,
    imports: imported - booted,
    load: loaded - imported,
    workers: created - loaded,
    first: firstBlock,
    done,
    second: later[0],
    steady: later.slice(-10).sort((a, b) => a - b)[5],
  }
}

async function all(): Promise<object> {
  let executor: import('parallevm').BlockExecutor | undefined
  let used = 0
  let blocks = 0
  for (const file of listCases([path])) {
    const block = loadCase(file)
    if (executor === undefined) {
      executor = await BlockExecutor.create({ state: stateOf(block), engine, threads, verify: 'none' })
    } else await executor.setState(stateOf(block))
    await executor.execute(block.blockRlp, optionsOf(block))
    used = Math.max(used, executor.memoryUsed)
    blocks++
  }
  const memory = process.memoryUsage()
  await executor?.close()
  return { blocks, used, rss: memory.rss, heap: memory.heapUsed }
}

console.log(JSON.stringify(task === 'all' ? await all() : await first()))
