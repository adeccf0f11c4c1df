// Blocks executed from the access list that came with them: the same result as without; a list that is not true costs time only.
import { RLP } from '@ethereumjs/rlp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, bundledCases, loadCase } from '../../../src/blockFiles/index.js'
import { Executors, repeatable } from '../../../src/cli/contenders.js'
import { compareResults } from '../../../src/executor/compare.js'
import type { BlockExecutor, BlockResult, ExecuteOptions } from '../../../src/index.js'
import { generateWorkload } from '../../../src/workloads/index.js'
import { executeOver, roundTrips, slowSource } from '../../support/slowSource.js'

const fromList = suite('executing from an access list')
const executors = new Executors()
const WORK = { root: true, givenSenders: true }

async function on(block: BlockCase, threads: number): Promise<[BlockExecutor, ExecuteOptions]> {
  const executor = await executors.on(block, { engine: 'wasm', threads })
  return [executor, { ...repeatable(block, WORK), accessList: true }]
}

/** In order, with the list that is made of what it did. */
async function ordinary(block: BlockCase): Promise<BlockResult> {
  const [executor, options] = await on(block, 2)
  return executor.execute(block.blockRlp, { ...options, mode: 'sequential' })
}

function same(guided: BlockResult, result: BlockResult): void {
  compareResults(guided, result, 'sequential')
  assert.equal(guided.stateRoot, result.stateRoot)
  assert.equal(guided.stateDiff, result.stateDiff)
  assert.equal(guided.blockAccessList, result.blockAccessList)
}

fromList('bundled blocks come to the same, on any number of threads', async () => {
  for (const block of bundledCases().map((path) => loadCase(path))) {
    const result = await ordinary(block)
    for (const threads of [2, 4]) {
      const [executor, options] = await on(block, threads)
      const blockAccessList = result.blockAccessList!.rlp
      const guided = await executor.execute(block.blockRlp, { ...options, mode: 'parallel', blockAccessList })
      assert.is(guided.stats.mode, 'list', block.name)
      assert.is(guided.stats.reexecutions, 0)
      assert.is(guided.stats.listRefused, undefined)
      same(guided, result)
    }
  }
})

fromList('one thread, and a block that is soon over, go in order: the list guides nobody', async () => {
  const block = loadCase(bundledCases().find((path) => /erc20-one/.test(path))!)
  const { blockAccessList } = await ordinary(block)
  const [alone, options] = await on(block, 1)
  const given = { ...options, blockAccessList: blockAccessList!.rlp }
  assert.is((await alone.execute(block.blockRlp, { ...given, mode: 'parallel' })).stats.mode, 'sequential')
  const [two] = await on(block, 2)
  assert.is((await two.execute(block.blockRlp, { ...given, mode: 'sequential' })).stats.mode, 'sequential')
})

type Change = [index: Uint8Array, value: Uint8Array]
type Account = [
  address: Uint8Array,
  changed: [Uint8Array, Change[]][],
  read: Uint8Array[],
  balances: Change[],
  nonces: Change[],
  codes: Change[],
]

const BYTE = (value: number): Uint8Array => Uint8Array.of(value)
/** A slot that lies above any other. */
const FAR = new Uint8Array(32).fill(255)

/** Lists that are not true, each by one claim, from one that is; `at`: an account with what is to be changed. */
const LIES: Record<string, (list: Account[], find: (test: (account: Account) => boolean) => Account) => unknown> = {
  'an account is missing': (list) => list.splice(3, 1),
  'an account too many': (list) => list.push([new Uint8Array(20).fill(255), [], [], [], [], []]),
  'a balance too many': (_, find) => find(([, , , balances]) => balances.length === 0)[3].push([BYTE(1), BYTE(7)]),
  'a balance is missing': (_, find) => find(([, , , balances]) => balances.length > 0)[3].pop(),
  'a wrong balance': (_, find) => (find(([, , , balances]) => balances.length > 0)[3][0]![1] = BYTE(9)),
  'a wrong nonce': (_, find) => (find(([, , , , nonces]) => nonces.length > 0)[4][0]![1] = BYTE(200)),
  'a nonce is missing': (_, find) => find(([, , , , nonces]) => nonces.length > 0)[4].pop(),
  'a code too many': (_, find) => find(([, , , , nonces]) => nonces.length > 0)[5].push([BYTE(1), BYTE(0)]),
  'a wrong slot value': (_, find) => (find(([, changed]) => changed.length > 0)[1][0]![1][0]![1] = BYTE(77)),
  'a slot value is missing': (_, find) =>
    find(([, changed]) => changed.some(([, each]) => each.length > 1))[1]
      .find(([, each]) => each.length > 1)![1]
      .pop(),
  'a written slot given as read': (_, find) => {
    const account = find(([, changed, read]) => changed.length > 0 && read.length === 0)
    account[2].push(account[1].shift()![0])
  },
  'a read slot given as written': (_, find) => {
    const account = find(([, changed, read]) => read.length > 0 && changed.length === 0)
    account[1].push([account[2].shift()!, [[BYTE(1), BYTE(5)]]])
  },
  'a slot is missing': (_, find) => find(([, , read]) => read.length > 0)[2].shift(),
  'a slot too many': (_, find) => find(([, changed]) => changed.length > 0)[2].push(FAR),
  'a wrong index': (_, find) => {
    const [, , , balances] = find(([, , , each]) => each.length === 1 && each[0]![0][0] !== 1)
    balances[0]![0] = BYTE(1)
  },
  'an index behind the block': (_, find) =>
    find(([, , , balances]) => balances.length > 0)[3].push([Uint8Array.of(255, 255), BYTE(1)]),
  'an index twice': (_, find) => {
    const [, , , balances] = find(([, , , each]) => each.length > 0)
    balances.push(balances.at(-1)!)
  },
  'accounts out of order': (list) => list.reverse(),
  'an account twice': (list) => list.splice(1, 0, list[0]!),
  'slots out of order': (_, find) => find(([, changed]) => changed.length > 1)[1].reverse(),
  'a slot both written and read': (_, find) => {
    const account = find(([, changed, read]) => changed.length > 0 && read.length === 0)
    account[2].push(account[1][0]![0])
  },
  'a written slot without values': (_, find) => find(([, changed]) => changed.length > 0)[1][0]![1].splice(0),
  'a number with a leading zero': (_, find) =>
    (find(([, , , balances]) => balances.length > 0)[3][0]![1] = Uint8Array.of(0, 1)),
  'an address that is too short': (list) => (list[2]![0] = list[2]![0].slice(1)),
  'an account with a field too few': (list) => list[1]!.pop(),
}

/** Every byte string in the RLP is the list's own, so that it may be changed. */
const decoded = (rlp: Uint8Array): Account[] => RLP.decode(rlp) as unknown as Account[]

fromList('a list with one wrong claim is found out, and the block comes to what it comes to', async () => {
  const block = loadCase(bundledCases().find((path) => /mainnet-mix-small/.test(path))!)
  const result = await ordinary(block)
  const { rlp } = result.blockAccessList!
  const [executor, options] = await on(block, 2)
  const run = (blockAccessList: Uint8Array) =>
    executor.execute(block.blockRlp, { ...options, mode: 'parallel', blockAccessList })
  const lists: [string, Uint8Array][] = Object.entries(LIES).map(([name, lie]) => {
    const list = decoded(rlp)
    const find = (test: (account: Account) => boolean): Account => {
      const found = list.find(test)
      assert.ok(found, `no account for: ${name}`)
      return found as Account
    }
    lie(list, find)
    return [name, RLP.encode(list as never)]
  })
  lists.push(['no list', BYTE(0x80)], ['nothing', new Uint8Array(0)], ['cut off', rlp.slice(0, -1)])
  lists.push(['a byte behind it', Uint8Array.of(...rlp, 0)], ['a list of nothing', BYTE(0xc0)])
  for (const [name, list] of lists) {
    const told = await run(list)
    assert.ok(told.stats.listRefused, name)
    assert.is(told.stats.mode, 'parallel', name)
    same(told, result)
  }
  // Nothing is left of them.
  same(await run(rlp), result)
})

fromList('one hot account: nothing is executed twice, whoever is first', async () => {
  for (const kind of ['erc20-hot', 'uniswap-v2-one'] as const) {
    const block = await generateWorkload({ kind, gas: 3e6, withRoots: false })
    const result = await ordinary(block)
    const [executor, options] = await on(block, 4)
    for (let run = 0; run < 5; run++) {
      const blockAccessList = result.blockAccessList!.rlp
      const guided = await executor.execute(block.blockRlp, { ...options, mode: 'parallel', blockAccessList })
      assert.is(guided.stats.mode, 'list')
      assert.is(guided.stats.executions, guided.receipts.length + 2)
      same(guided, result)
    }
  }
})

fromList(
  'what an asynchronous source has is fetched in two round trips, and what lies there does no harm',
  async () => {
    const block = loadCase(bundledCases().find((path) => /uniswap-v2-one/.test(path))!)
    const { blockAccessList, receiptsRoot } = await ordinary(block)
    const { rlp } = blockAccessList!
    const over = async (list?: Uint8Array) => {
      const { delay, trips } = roundTrips(10)
      const { result } = await executeOver(block, slowSource(block, delay).source, 2, 'auto', list)
      assert.equal(result.receiptsRoot, receiptsRoot)
      return { stats: result.stats, trips: trips() }
    }
    const [guided, without] = [await over(rlp), await over()]
    assert.is(guided.stats.mode, 'list')
    assert.ok(guided.trips <= 2, `${guided.trips} round trips`)
    assert.ok(without.trips > guided.trips, `${without.trips} round trips without a list`)
    // Half of the accounts lack, so that what they hold is fetched as it is met.
    const lie = RLP.encode(decoded(rlp).filter((_, index) => index % 2 === 0) as never)
    const told = await over(lie)
    assert.is(told.stats.mode, 'parallel')
    assert.ok(told.stats.listRefused)
  },
)

fromList.after(() => executors.close())
fromList.run()
