// Over a source whose answers take a while: how many round trips in a row a block costs.
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, bundledCases, dataFolder, loadCase } from '../../../src/blockFiles/index.js'
import { SourceReads } from '../../../src/executor/sourceReads.js'
import { executeOver, roundTrips, slowSource } from '../../support/slowSource.js'

/** Round trips that a block may cost above the longest chain of reads in a row. */
const ABOVE_BEST = 12
/** Milliseconds without a question after which all are answered. */
const QUIET = 25

/** What transactions wait for, one value after another: how many, by index. */
const waits = new Map<number, number>()
const { answer } = SourceReads.prototype
SourceReads.prototype.answer = function (message) {
  for (const { index } of message.parked) waits.set(index, (waits.get(index) ?? 0) + 1)
  answer.call(this, message)
}

/** In order, one value at a time: each transaction asks for what it needs and no other has asked for before. */
async function longestChain(block: BlockCase): Promise<{ chain: number; reads: number }> {
  waits.clear()
  const { source, asked } = slowSource(block, async () => {})
  await executeOver(block, source, 1, 'sequential')
  return { chain: Math.max(0, ...waits.values()), reads: asked() }
}

/** Generated blocks, and real ones of about a hundred transactions: chains of nonces, of one pool, of many slots. */
function blocks(): BlockCase[] {
  const data = dataFolder()
  if (data === undefined) console.log('no real blocks: generated ones only')
  const real = ['17034869', '12244000', '11114732', '15752489', '19929064', '2179522', '15537393', '13287210']
  const paths = data === undefined ? [] : real.map((number) => join(data, 'mainnet', 'flat', number))
  const made = bundledCases().filter((path) => /erc20-one|uniswap-v2-one|uniswap-v3-many|mainnet-mix-small/.test(path))
  return [...made, ...paths].map(loadCase)
}

test('a block costs twelve round trips above the longest chain of reads of one transaction at most', async () => {
  for (const block of blocks()) {
    const { chain, reads } = await longestChain(block)
    for (const threads of [1, 2]) {
      const { delay, trips } = roundTrips(QUIET)
      const { source, asked } = slowSource(block, delay)
      const { result } = await executeOver(block, source, threads, 'auto')
      const said = `${block.name}, ${threads} threads: ${trips()} round trips, longest chain ${chain}, ${asked()} values for ${reads}`
      console.log(said)
      assert.is(result.gasUsed, block.expected.gasUsed)
      assert.ok(trips() <= chain + ABOVE_BEST, said)
    }
  }
})

test.run()
