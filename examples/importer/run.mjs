// Imports the same chain by @ethereumjs/vm and by parallevm/vm, each into a MerkleStateManager, and by parallevm into a state on
// disk, and says how long it took. The first two importers differ in one line, that of the import.
// From a built checkout: node examples/importer/run.mjs [blocks [gas]]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { close } from 'parallevm/vm'
import { chainOf } from './chain.mjs'
import * as ethereumjs from './with-ethereumjs.mjs'
import * as lmdb from './with-lmdb.mjs'
import * as parallevm from './with-parallevm.mjs'

const count = Number(process.argv[2] ?? 20)
const chain = await chainOf(count, Number(process.argv[3] ?? 7_100_000 * count))

async function measured(name, work) {
  const blocks = chain.blocks()
  const start = performance.now()
  const root = await work(blocks)
  const ms = performance.now() - start
  const transactions = blocks.reduce((sum, block) => sum + block.transactions.length, 0)
  const hex = Buffer.from(root).toString('hex')
  console.log(`${name}: ${blocks.length} blocks, ${transactions} transactions, ${ms.toFixed(0)} ms, state root 0x${hex}`)
  return { ms, hex }
}

async function intoManager(name, { importBlocks }) {
  const vm = await chain.vm()
  const result = await measured(name, (blocks) => importBlocks(vm, blocks))
  await close(vm)
  return result
}

async function ontoDisk(name, { open, importBlocks }) {
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-importer-'))
  try {
    const executor = await open(join(folder, 'state'), chain.genesis)
    const result = await measured(name, (blocks) => importBlocks(executor, blocks))
    await executor.close()
    return result
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const ours = await intoManager('parallevm/vm', parallevm)
const disk = await ontoDisk('parallevm over LMDB', lmdb)
const theirs = await intoManager('@ethereumjs/vm', ethereumjs)
if (ours.hex !== theirs.hex || disk.hex !== theirs.hex) throw new Error('the state roots differ')
console.log(`${(theirs.ms / ours.ms).toFixed(1)}x with parallevm/vm`)
console.log(`${(theirs.ms / disk.ms).toFixed(1)}x over LMDB`)
