// The suite `defi`: every workload is executed as @ethereumjs/vm executes it, fails where it is meant to, and is hot where it says so.
import { RLP } from '@ethereumjs/rlp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rulesOf } from '../../../src/block/common.js'
import { hex } from '../../../src/bytes.js'
import { commonOf } from '../../../src/cli/blockCase.js'
import { Executors, repeatable } from '../../../src/cli/contenders.js'
import { longestChain } from '../../../src/reference/dependencies.js'
import { runReference } from '../../../src/reference/reference.js'
import {
  DEFI_WORKLOADS,
  type DefiBlock,
  defiBlock,
  defiChain,
  VARIANTS,
  type Variant,
} from '../../../src/workloads/defi/index.js'

const test = suite('defi')
const GAS = 400_000
const executors = new Executors()
test.after(() => executors.close())

/** Longest chains by workload and variant, as shares. */
const chains = new Map<string, number>()

async function chainOf({ block }: DefiBlock): Promise<number> {
  const { blockRlp, preState, senders, blockHashes } = block
  const options = { rules: rulesOf(commonOf(block), block.fork), senders, blockHashes, touches: true }
  const { touches, gasUsed, receipts } = await runReference(blockRlp, preState, options)
  const gas = receipts.map((receipt) => Number(receipt.gasUsed))
  return longestChain(touches!, gas) / Number(gasUsed)
}

for (const workload of DEFI_WORKLOADS) {
  for (const variant of VARIANTS) {
    // The mix sets all of them up again: once is enough.
    if (workload.name === 'mix' && variant === 'hot') continue
    test(`${workload.name}, ${variant}: roots of @ethereumjs/vm on 1 and 2 threads, failures as planned`, async () => {
      const made = await defiBlock({ workload, variant, gas: GAS, seed: 3 })
      const { block, failing } = made
      for (const threads of [1, 2]) {
        const executor = await executors.on(block, { engine: 'wasm', threads })
        const options = { ...repeatable(block, { root: true, givenSenders: false }), mode: 'parallel' } as const
        // `header`: state root, receipts root, bloom, gas and requests are those that @ethereumjs/vm made.
        const { receipts, stateRoot, stats } = await executor.execute(block.blockRlp, { ...options, verify: 'header' })
        assert.equal(stateRoot, block.expected.stateRoot)
        assert.equal(
          receipts.flatMap(({ status }, index) => (status === 1 ? [] : [index])),
          failing,
        )
        assert.is(stats.engine, 'wasm')
      }
      chains.set(`${workload.name} ${variant}`, await chainOf(made))
    })
  }
}

test('what is hot depends on one another more than what is spread out', async () => {
  // One transaction is no chain, nor three on two exchanges; ether that comes in commutes: see below.
  const others = ['mix', 'airdrop', 'transfers', 'royalties', 'liquidity']
  for (const { name } of DEFI_WORKLOADS.filter((workload) => !others.includes(workload.name))) {
    const [spread, hot] = VARIANTS.map((variant) => chains.get(`${name} ${variant}`)!) as [number, number]
    assert.ok(hot > spread, `${name}: ${spread} spread out, ${hot} hot`)
    assert.ok(hot <= 1 && spread > 0, name)
  }
  // Claims read what payments add to, and nobody reads them: it takes more of both to see.
  const royalties = DEFI_WORKLOADS.find(({ name }) => name === 'royalties')!
  const larger = { workload: royalties, gas: 2_000_000, withRoots: false }
  const [spread, hot] = [
    await defiBlock({ ...larger, variant: 'spread' }),
    await defiBlock({ ...larger, variant: 'hot' }),
  ]
  assert.ok((await chainOf(hot)) > 1.5 * (await chainOf(spread)))
  // A rollup's batches follow one another; transfers of different senders do not.
  assert.is(chains.get('rollup hot'), 1)
  assert.ok(chains.get('transfers spread')! < 0.06)
})

test('transfers go to one account, or to many; airdrops to the same accounts, or to others', async () => {
  const made = (name: string, variant: Variant, gas: number) => {
    const workload = DEFI_WORKLOADS.find((each) => each.name === name)!
    return defiBlock({ workload, variant, gas, withRoots: false })
  }
  for (const variant of VARIANTS) {
    const transfers = bodiesOf(await made('transfers', variant, 2_000_000))
    const recipients = new Set(transfers.map(({ to }) => hex(to)))
    if (variant === 'hot') assert.ok(recipients.size <= 2)
    else assert.ok(recipients.size > (transfers.length * 3) / 4)
    const airdrops = bodiesOf(await made('airdrop', variant, 10_000_000))
    const lists = airdrops.map(({ data }) => hex(data.subarray(4 + 4 * 32, 4 + 204 * 32)))
    assert.ok(lists.length > 1)
    assert.is(new Set(lists).size, variant === 'hot' ? 1 : lists.length)
  }
})

/** Of EIP-1559 transactions, and of those before them. */
function bodiesOf({ block }: DefiBlock): { to: Uint8Array; data: Uint8Array }[] {
  const [, transactions] = RLP.decode(block.blockRlp) as unknown as [unknown, (Uint8Array | Uint8Array[])[]]
  return transactions.map((transaction) => {
    const fields = (Array.isArray(transaction) ? transaction : RLP.decode(transaction.subarray(1))) as Uint8Array[]
    const at = Array.isArray(transaction) ? 3 : 5
    return { to: fields[at]!, data: fields[at + 2]! }
  })
}

test('a few per cent fail, the same seed makes the same block, and blocks are as large as was asked for', async () => {
  const workload = DEFI_WORKLOADS.find(({ name }) => name === 'erc20')!
  const options = { workload, variant: 'spread', gas: 20_000_000, withRoots: false } as const
  const one = await defiBlock({ ...options, seed: 7 })
  const share = one.failing.length / one.block.senders!.length
  assert.ok(share > 0.005 && share < 0.06, `${share}`)
  assert.equal(one.block.blockRlp, (await defiBlock({ ...options, seed: 7 })).block.blockRlp)
  assert.not.equal(one.block.blockRlp, (await defiBlock({ ...options, seed: 8 })).block.blockRlp)
  assert.is(one.block.senders!.length, 20_000_000 / workload.gas.spread)
})

test('gas and seeds out of range are refused', async () => {
  const workload = DEFI_WORKLOADS[0]!
  for (const wrong of [{ gas: 1 }, { gas: Number.NaN }, { gas: 3e9 }, { gas: 1e6, seed: 0.5 }]) {
    for (const make of [defiBlock, defiChain]) {
      const error = await make({ workload, variant: 'hot', ...wrong }).then(
        () => undefined,
        (cause) => cause,
      )
      assert.is(error?.code, 'INVALID_WORKLOAD', JSON.stringify(wrong))
    }
  }
})

test('names differ, and shares of the mix are those of 1,000', () => {
  assert.is(new Set(DEFI_WORKLOADS.map(({ name }) => name)).size, DEFI_WORKLOADS.length)
  assert.is(
    DEFI_WORKLOADS.reduce((sum, { share }) => sum + share, 0),
    1_000,
  )
})

test.run()
