// Imports the same chain by @ethereumjs/vm and by parallevm/vm, each into a MerkleStateManager, and says how long it took.
// The two importers differ in one line, that of the import. From a built checkout: node examples/importer/run.mjs [blocks [gas]]
import { close } from 'parallevm/vm'
import { chainOf } from './chain.mjs'
import * as ethereumjs from './with-ethereumjs.mjs'
import * as parallevm from './with-parallevm.mjs'

const count = Number(process.argv[2] ?? 20)
const chain = await chainOf(count, Number(process.argv[3] ?? 7_100_000 * count))

async function measured(name, { importBlocks }) {
  const vm = await chain.vm()
  const blocks = chain.blocks()
  const start = performance.now()
  const root = await importBlocks(vm, blocks)
  const ms = performance.now() - start
  await close(vm)
  const transactions = blocks.reduce((sum, block) => sum + block.transactions.length, 0)
  const hex = Buffer.from(root).toString('hex')
  console.log(`${name}: ${blocks.length} blocks, ${transactions} transactions, ${ms.toFixed(0)} ms, state root 0x${hex}`)
  return { ms, hex }
}

const ours = await measured('parallevm/vm', parallevm)
const theirs = await measured('@ethereumjs/vm', ethereumjs)
if (ours.hex !== theirs.hex) throw new Error('the state roots differ')
console.log(`${(theirs.ms / ours.ms).toFixed(1)}x`)
