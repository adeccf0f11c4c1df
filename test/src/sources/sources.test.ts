// What a block takes away is gone wherever the state is kept: code, slots, nonce, the account itself.
import { Common } from '@ethereumjs/common'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor } from '../../../src/executor/blockExecutor.js'
import { compareResults } from '../../../src/executor/compare.js'
import { blockRlp, type FuzzBlock, hashesBefore } from '../../../src/fuzz/blocks.js'
import { type Execute, Replay, type ReplayProgress, SOURCES, type Step } from '../../../src/fuzz/subjects.js'
import { runReference } from '../../../src/reference/reference.js'
import { rulesOfNetwork } from '../../../src/spectests/forks.js'
import { PlainState } from '../../../src/spectests/plainState.js'
import type { EngineName } from '../../../src/types.js'
import { signAuthorization } from '../../../src/workloads/transaction.js'
import { plainAddress, wallet } from '../../../src/workloads/wallet.js'
import { create2Address, factory, initCode, selfdestruct, sload, sstore } from '../../support/bytecode.js'
import { type SmallBlock, SmallChain } from '../../support/smallChain.js'

const NOBODY = plainAddress(1, 'nobody', 0)
const BOMB = plainAddress(1, 'bomb', 0)
const COUNTER = plainAddress(1, 'counter', 0)
const FACTORY = plainAddress(1, 'factory', 0)

const call = (to: Uint8Array, value = 0n): SmallBlock['transactions'][number] => ({ type: 2, to, value })
/** Destroys itself when it is called. */
const BOMB_CODE = selfdestruct(NOBODY)
/** Of a contract that does so, with a slot that says whether slot 2 was there before. */
const CHILD_INIT = initCode(BOMB_CODE, sstore(1, `${sload(2)}600101`) + sstore(2, '6007'))

interface Scenario {
  fork: string
  /** Accounts before; then the blocks. */
  blocks(chain: SmallChain, root: boolean): FuzzBlock[]
}

function bombs(chain: SmallChain): void {
  chain.deploy(BOMB, BOMB_CODE, { 1: 5, 2: 6 })
  chain.deploy(COUNTER, sstore(1, `${sload(1)}60010360000b`), { 1: 1 })
}

const SCENARIOS: Record<string, Scenario> = {
  'destroyed, then paid by a transaction': {
    fork: 'Shanghai',
    blocks(chain, root) {
      bombs(chain)
      return [
        chain.next({ root, transactions: [call(BOMB), call(BOMB, 7n)] }),
        chain.next({ root, transactions: [call(BOMB, 1n), call(COUNTER)] }),
      ]
    },
  },
  'destroyed, then paid by a withdrawal': {
    fork: 'Shanghai',
    blocks(chain, root) {
      bombs(chain)
      return [
        chain.next({ root, transactions: [call(BOMB)], withdrawals: [BOMB] }),
        chain.next({ root, transactions: [call(BOMB)], withdrawals: [BOMB] }),
      ]
    },
  },
  'destroyed, and paid in the next block': {
    fork: 'Shanghai',
    blocks(chain, root) {
      bombs(chain)
      return [chain.next({ root, transactions: [call(BOMB)] }), chain.next({ root, transactions: [call(BOMB, 7n)] })]
    },
  },
  'a slot set to zero': {
    fork: 'Prague',
    blocks(chain, root) {
      chain.deploy(COUNTER, sstore(1, '6000'), { 1: 1, 2: 2 })
      return [chain.next({ root, transactions: [call(COUNTER)] }), chain.next({ root, transactions: [call(COUNTER)] })]
    },
  },
  'a delegation set and cleared (EIP-7702)': {
    fork: 'Prague',
    blocks(chain, root) {
      bombs(chain)
      const authority = wallet(1, 'authority', 0)
      chain.state.set(authority.address, { balance: 1n })
      const delegate = (to: Uint8Array): SmallBlock['transactions'][number] => ({
        ...call(NOBODY, 1n),
        type: 4,
        authorizations: [signAuthorization(1n, authority, to)],
      })
      return [
        chain.next({ root, transactions: [delegate(COUNTER), call(authority.address)] }),
        chain.next({ root, transactions: [delegate(new Uint8Array(20)), call(authority.address)] }),
        chain.next({ root, transactions: [call(authority.address, 1n)] }),
      ]
    },
  },
  'destroyed and created again in the same block': {
    fork: 'Shanghai',
    blocks: reborn((create, child) => [[create], [call(child), create], [call(child, 1n), call(child, 1n)]]),
  },
  'destroyed, and created again in the next block': {
    fork: 'Shanghai',
    blocks: reborn((create, child) => [[create], [call(child)], [create], [call(child), call(child, 7n)]]),
  },
  // Its storage root must not count any more (EIP-7610).
  'destroyed and paid, then created again': {
    fork: 'Shanghai',
    blocks: reborn((create, child) => [[call(child), call(child, 7n)], [create], [call(child)]], { 1: 5 }),
  },
  'created, destroyed and created in one block': {
    fork: 'Shanghai',
    blocks: reborn((create, child) => [[create, call(child), create], [call(child), create, call(child)], [create]]),
  },
}

/** Blocks about the child of FACTORY, which `create` makes. */
function reborn(
  lists: (create: SmallBlock['transactions'][number], child: Uint8Array) => SmallBlock['transactions'][],
  slots?: Record<number, number>,
): Scenario['blocks'] {
  return (chain, root) => {
    chain.deploy(FACTORY, factory())
    const create = { ...call(FACTORY), type: 0 as const, data: Buffer.from(CHILD_INIT, 'hex') }
    const child = create2Address(FACTORY, CHILD_INIT)
    // It is there before the first block.
    if (slots !== undefined) chain.deploy(child, BOMB_CODE, slots)
    const blocks = lists(create, child)
    return blocks.map((transactions) => {
      return chain.next({ root, transactions: transactions.map((fields) => ({ ...fields, type: 0 as const })) })
    })
  }
}

const executors = new Map<string, BlockExecutor>()

test.after(async () => {
  for (const executor of executors.values()) await executor.close()
})

for (const engine of ['wasm', 'ethereumjs'] as const) {
  for (const [name, { fork, blocks }] of Object.entries(SCENARIOS)) {
    test(`${name}: ${engine}`, async () => {
      const executor = await executorOf(engine, fork)
      for (const root of [true, false]) {
        const chain = new SmallChain(fork)
        await overAllSources(executor, chain, blocks(chain, root))
      }
    })
  }
}

async function executorOf(engine: EngineName, fork: string): Promise<BlockExecutor> {
  const key = `${engine} ${fork}`
  let executor = executors.get(key)
  if (executor === undefined) {
    const common = new Common({ chain: rulesOfNetwork(fork).chain })
    const state = new PlainState().source()
    executor = await BlockExecutor.create({ common, engine, fallback: false, threads: 1, verify: 'none', state })
    executors.set(key, executor)
  }
  return executor
}

/** The seed also decides whether the state manager has caches: without, then with them. */
const SEEDS = [1, 2]

async function overAllSources(executor: BlockExecutor, chain: SmallChain, blocks: FuzzBlock[]): Promise<void> {
  const { rules, state } = chain
  await executor.setState(state.source())
  const execute: Execute = (block, options) => {
    const { senders } = block
    return executor.execute(blockRlp(block), { senders, blockHashes: new Map(hashesBefore(block)), ...options })
  }
  const after = state.copy()
  const steps: Step[] = []
  for (const block of blocks) {
    const { senders } = block
    const blockHashes = new Map(hashesBefore(block))
    const reference = await runReference(blockRlp(block), after, { rules, senders, blockHashes })
    const answer = await execute(block, { root: block.root })
    compareResults(answer, reference, 'ethereumjs')
    for (const { status } of answer.receipts) assert.is(status, 1)
    after.apply(reference.stateDiff)
    if (answer.stateRoot) assert.equal(answer.stateRoot, await after.root())
    steps.push({ block, answer })
  }
  // The seed also decides whether the state manager has caches.
  for (const source of SOURCES) {
    for (const seed of SEEDS) {
      const progress: ReplayProgress = { replayed: new Map(), faults: 0 }
      const deviation = await new Replay(executor, execute, chain.common, seed, progress).run(source, state, steps)
      assert.is(deviation?.difference, undefined, `${source}, seed ${seed}, root ${blocks[0]?.root}`)
      assert.is(progress.replayed.get(source), steps.length)
    }
  }
}

test.run()
