// Accounts that come and go, in every fork: each pair of the events of support/lives, within a transaction, in a block and in
// two blocks, by both engines, on one thread and on two, and by the reference run. What must come out was computed by clients
// that share nothing with this project (scripts/build-lives.ts): @ethereumjs/vm is no judge here, for over its own state
// managers a storage that was deleted within the block comes back.
//
// PARALLEVM_TEST_FORKS=cancun,osaka: these forks alone. PARALLEVM_TEST_LIVES=all: every chain with @ethereumjs/vm, too (minutes).
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rulesOf } from '../../../src/block/common.js'
import type { BlockResult, StateDiff } from '../../../src/index.js'
import { runReference } from '../../../src/reference/reference.js'
import { commonAt, Executors } from '../../support/engines.js'
import { type Chain, chainsOf, type LifeBlock } from '../../support/lives/chains.js'
import { digest, logsHash } from '../../support/lives/digest.js'
import { has } from '../../support/lives/events.js'
import { hex } from '../../support/mapState.js'
import { FORKS } from '../../support/scenario.js'

const all = process.env.PARALLEVM_TEST_LIVES === 'all'
const wanted = process.env.PARALLEVM_TEST_FORKS?.split(',')

/** What one way of executing makes of a block. */
interface Came {
  receipts: { cumulativeGasUsed: bigint; logs: BlockResult['receipts'][number]['logs'] }[]
  stateDiff: StateDiff
  stateRoot?: Uint8Array
}
/** Digests of the blocks by the chain's name. */
type Expected = Record<string, string[]>
type Way = (block: LifeBlock, state: Chain['state']) => Promise<Came>

/** The chain block by block; every block must come to what is expected of it. */
async function follow(chain: Chain, expected: Expected, way: Way): Promise<void> {
  const state = chain.state.copy()
  const digests = expected[chain.name]
  assert.is(digests?.length, chain.blocks.length)
  for (const [index, block] of chain.blocks.entries()) {
    const { receipts, stateDiff, stateRoot } = await way(block, state)
    state.apply(stateDiff)
    const gas = receipts.map(({ cumulativeGasUsed }) => cumulativeGasUsed)
    const root = hex(stateRoot ?? (await state.root()))
    assert.is(digest({ stateRoot: root, logsHash: logsHash(receipts), gas }), digests?.[index], `block ${index}`)
  }
}

for (const fork of FORKS) {
  if (wanted !== undefined && !wanted.includes(fork)) continue
  const lives = suite(`lives (${fork})`)
  const executors = new Executors()
  const file = join(process.cwd(), `test/data/lives/${fork}.json`)
  const expected: Expected = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const known = chainsOf(fork)
  const chains = known.filter(({ name }) => expected[name] !== undefined)
  if (chains.length < known.length) {
    console.log(
      `${fork}: ${known.length - chains.length} of ${known.length} chains skipped, test/data/lives has no results for them`,
    )
  }
  // @ethereumjs/vm takes a hundred times as long: a third of the chains in each fork.
  const few = chains.filter((chain, i) => !leftOut(chain) && (all || i % 3 === Math.floor(FORKS.indexOf(fork) / 3) % 3))
  // Before Byzantium a root would be made after each transaction, in block order.
  const root = has(fork, 'byzantium')

  for (const engine of ['wasm', 'ethereumjs'] as const) {
    for (const threads of [1, 2]) {
      lives(`${engine}, threads: ${threads}`, async () => {
        const executor = await executors.get(fork, threads, engine)
        const mode = threads === 1 ? 'sequential' : 'parallel'
        for (const chain of engine === 'wasm' ? chains : few) {
          await executor.setState(chain.state.source())
          await follow(chain, expected, ({ rlp, senders }) => executor.execute(rlp, { senders, mode, root }))
        }
      })
    }
  }

  lives('the reference run', async () => {
    const rules = rulesOf(commonAt(fork))
    for (const chain of few) {
      await follow(chain, expected, ({ rlp, senders }, state) => runReference(rlp, state.copy(), { rules, senders }))
    }
  })

  lives.after(() => executors.close())
  lives.run()
}

/**
 * @ethereumjs keeps an empty 0x03 touched, too, when the call that failed paid it; on mainnet that never happened, and it has
 * had a balance since.
 */
function leftOut({ name }: Chain): boolean {
  return /^ripemd .*paid in vain/.test(name)
}
