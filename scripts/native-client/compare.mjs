// Real blocks beside a native client (this folder: newest revm, alloy, a sparse trie, libsecp256k1; one thread), in turn with
// ours on this machine: witness blocks from Byzantium on with all that a client does, flat blocks in execution alone.
// Medians in milliseconds. Needs Rust (rustup.rs); building takes minutes.
//
//   npm run build && node scripts/native-client/compare.mjs [folder of mainnet blocks] [runs=9] [--json]
//
// The folder has witness/blocks/*.json.gz and flat/<number>: $PARALLEVM_FIXTURES/mainnet where nothing else is said.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'
import { median } from '../../dist/src/cli/statistics.js'
import { BlockExecutor, listCases, loadCase, memoryState, witnessState } from '../../dist/src/index.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const given = process.argv.slice(2).filter((text) => !text.startsWith('--'))
const [folder = `${process.env.PARALLEVM_FIXTURES ?? '../shared/fixtures'}/mainnet`, runs = '9'] = given
const STAGES = ['decode', 'signers', 'execution', 'receipts', 'root']
const THREADS = [1, 2]

function native() {
  execFileSync('cargo', ['build', '--release', '--quiet'], { cwd: here, stdio: 'inherit' })
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28 }
  return JSON.parse(
    execFileSync(`${process.env.CARGO_TARGET_DIR ?? `${here}target`}/release/native-peer`, [folder, runs], options),
  )
}

const stateOf = ({ preState }, flat) => (flat ? memoryState(preState.accounts, preState.codes) : witnessState(preState))

/** Medians of the stages of blocks on one executor, which is given the state of each: named as the native client names them. */
async function ours(blocks, threads, flat) {
  const state = stateOf(blocks[0], flat)
  const executor = await BlockExecutor.create({ state, threads, ...(flat && { verify: 'none' }) })
  const rows = []
  try {
    // Both memories that states alternate between get what they keep.
    for (const block of [...blocks, ...blocks]) {
      await executor.setState(stateOf(block, flat))
      await executor.execute(block.blockRlp, optionsOf(block, flat))
    }
    for (const block of blocks) {
      await executor.setState(stateOf(block, flat))
      rows.push({ number: Number(block.number), ...(await medians(executor, block, flat)) })
    }
  } finally {
    await executor.close()
  }
  return rows
}

function optionsOf({ parentHeaders, blockHashes, senders }, flat) {
  return { parentHeaders, blockHashes, advance: false, ...(flat && { senders, root: false }) }
}

async function medians(executor, block, flat) {
  const options = optionsOf(block, flat)
  const times = []
  for (let run = -2; run < Number(runs); run++) {
    const { stats } = await executor.execute(block.blockRlp, options)
    if (run >= 0) times.push(stats.ms)
  }
  const of = (pick) => median(times.map(pick))
  return {
    decode: of(({ prepare, verify }) => prepare + verify),
    signers: of(({ senders }) => senders),
    execution: of(({ execution }) => execution),
    receipts: of(({ receipts }) => receipts),
    root: of(({ root }) => root),
    total: of(({ total }) => total),
  }
}

function loaded(kind, numbers) {
  const wanted = new Set(numbers)
  const all = listCases([`${folder}/${kind}`]).map((path) => loadCase(path))
  return all.filter(({ number }) => wanted.has(Number(number)))
}

const theirs = native()
const witness = {
  native: theirs.witness.map(({ number, ms }) => ({
    number,
    ...ms,
    total: STAGES.reduce((sum, stage) => sum + ms[stage], 0),
  })),
}
const flat = { native: theirs.flat.map(({ number, ms }) => ({ number, ...ms })) }
for (const [kind, into] of [
  ['witness/blocks', witness],
  ['flat', flat],
]) {
  const blocks = loaded(
    kind,
    into.native.map(({ number }) => number),
  )
  for (const threads of THREADS) into[`parallevm x${threads}`] = await ours(blocks, threads, kind === 'flat')
}

function sums(rows, stages) {
  return stages.map((stage) => rows.reduce((sum, row) => sum + row[stage], 0).toFixed(1))
}

if (process.argv.includes('--json')) console.log(JSON.stringify({ witness, flat }))
else {
  for (const [what, all, stages] of [
    [`${witness.native.length} witness blocks, ms`, witness, [...STAGES, 'total']],
    [`${flat.native.length} flat blocks, ms`, flat, ['execution']],
  ]) {
    const table = new Table({ head: [what, ...stages], style: { head: [], border: [] } })
    for (const [name, rows] of Object.entries(all)) table.push([name, ...sums(rows, stages)])
    console.log(table.toString())
  }
}
