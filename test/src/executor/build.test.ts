// Blocks that are built of random transactions, valid and not, under the rules of all forks: executed again by both engines, and
// compared with what one thread builds.
import { createBlockHeader } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { KECCAK256_NULL } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rules } from '../../../src/abi/core.generated.js'
import type { RefusalReason } from '../../../src/abi/outcome.js'
import {
  BlockExecutor,
  type BuildOptions,
  type BuiltBlock,
  type Candidate,
  memoryState,
  type ParallevmError,
} from '../../../src/index.js'
import { FORK_NAMES } from '../../../src/spectests/forks.js'
import { signTransaction } from '../../../src/workloads/transaction.js'
import { wallet } from '../../../src/workloads/wallet.js'
import { rootOf, sceneOf, within } from '../../support/buildScene.js'
import { commonAt } from '../../support/engines.js'
import { hex } from '../../support/mapState.js'
import { build as scenario } from '../../support/scenario.js'

const reasonsOf = ({ skipped }: BuiltBlock): RefusalReason[] => [...new Set(skipped.map(({ reason }) => reason))]
const seen = new Set<RefusalReason>()

for (const [place, fork] of FORK_NAMES.entries()) {
  test(`${fork}: what is built is what is executed`, async () => {
    const { candidates, options, open, level } = await sceneOf(fork, 100 + place)
    const [alone, built] = await within(open(1), async (one) => [
      await one.build(candidates, options),
      await within(open(3), (three) => three.build(candidates, options)),
    ])
    assert.is(hex(built.blockRlp), hex(alone.blockRlp))
    assert.equal(built.skipped, alone.skipped)
    assert.is(built.included.length + built.skipped.length, candidates.length)
    for (const reason of reasonsOf(built)) seen.add(reason)
    // Amsterdam has no second engine.
    const verify = level < Rules.AMSTERDAM ? 'ethereumjs' : 'header'
    const result = await within(open(2), (executor) => executor.execute(built.blockRlp, { verify }))
    assert.is(hex(result.hash), hex(built.hash))
    assert.equal(result.receipts, built.result.receipts)
    assert.equal(result.stateDiff, built.result.stateDiff)
    assert.is(hex(result.stateRoot as Uint8Array), hex(built.result.stateRoot as Uint8Array))
    if (level < Rules.AMSTERDAM) {
      const other = await within(open(1, 'ethereumjs'), (executor) => executor.execute(built.blockRlp))
      assert.is(hex(other.hash), hex(built.hash))
    }
  })
}

test('the access list of a block is not too long for its gas limit (EIP-7928)', async () => {
  const { candidates, options, open } = await sceneOf('Amsterdam', 23, 300_000n)
  const withdrawals = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      const address = new Uint8Array(20).fill(0xa0)
      address[19] = i
      return { index: i, validatorIndex: i, address, amount: 1 }
    })
  await within(open(2), async (executor) => {
    const roomy = await executor.build(candidates, { ...options, withdrawals: [] })
    const items = roomy.result.blockAccessList?.items as number
    assert.ok(roomy.included.length > 2)
    // 150 items are allowed: three too many.
    const built = await executor.build(candidates, { ...options, withdrawals: withdrawals(153 - items) })
    assert.ok((built.result.blockAccessList?.items as number) <= 150)
    assert.ok(built.included.length < roomy.included.length)
    assert.ok(built.skipped.some(({ message }) => message.includes('EIP-7928')))
    assert.is(built.included.length + built.skipped.length, candidates.length)
    const result = await executor.execute(built.blockRlp)
    assert.is(hex(result.hash), hex(built.hash))
  })
  await within(open(1), async (executor) => {
    const error = await executor.build(candidates, { ...options, withdrawals: withdrawals(160) }).then(
      () => undefined,
      (thrown: ParallevmError) => thrown,
    )
    assert.is(error?.code, 'BLOCK_ACCESS_LIST_TOO_LONG')
    // The state is as before.
    assert.ok((await executor.build(candidates, options)).included.length > 0)
  })
})

test('all of these were left out somewhere', () => {
  for (const reason of ['MALFORMED_TRANSACTION', 'NONCE_MISMATCH', 'TRANSACTION_TYPE_NOT_ACTIVE'] as const) {
    assert.ok(seen.has(reason), reason)
  }
})

test('the state is as before, or the one after the block where it is kept', async () => {
  const { candidates, options, open } = await sceneOf('Prague', 7)
  await within(open(2), async (executor) => {
    const first = await executor.build(candidates, options)
    const again = await executor.build(candidates, options)
    assert.is(hex(again.blockRlp), hex(first.blockRlp))
    const kept = await executor.build(candidates, { ...options, keep: true })
    assert.is(hex(kept.hash), hex(first.hash))
    const { parent: _, ...own } = options
    const next = await executor.build(candidates, { ...own, timestamp: 24n })
    assert.is(next.result.number, 2n)
    const wrong = await executor.build(candidates, options).catch((error: ParallevmError) => error.code)
    assert.is(wrong, 'WRONG_STATE')
    await within(open(1), async (other) => {
      await other.execute(first.blockRlp)
      const { stateRoot } = await other.execute(next.blockRlp)
      assert.is(hex(stateRoot as Uint8Array), hex(next.result.stateRoot as Uint8Array))
    })
  })
})

test('room: gas in order, with those that are small enough still taken; an order of one’s own', async () => {
  const { candidates, options, open } = await sceneOf('Osaka', 11, 1_000_000n)
  const limits = new Map<number, bigint>()
  const order: BuildOptions['order'] = (a, b) => {
    for (const { index, gasLimit } of [a, b]) limits.set(index, gasLimit)
    return b.index - a.index
  }
  const blocks = await within(open(3), async (executor) => {
    const made: BuiltBlock[] = []
    for (let round = 0; round < 8; round++) made.push(await executor.build(candidates, { ...options, order }))
    return made
  })
  const [built] = blocks as [BuiltBlock]
  for (const { blockRlp } of blocks) assert.is(hex(blockRlp), hex(built.blockRlp))
  assert.ok(reasonsOf(built).includes('NO_ROOM_LEFT'), String(reasonsOf(built)))
  // As a loop would have it: each fits into what those before it left.
  let left = 1_000_000n
  for (const [index, { gasUsed }] of built.result.receipts.entries()) {
    assert.ok((limits.get(built.included[index] as number) ?? 0n) <= left)
    left -= gasUsed
  }
  await within(open(1), async (one) => {
    const alone = await one.build(candidates, { ...options, order })
    assert.is(hex(alone.blockRlp), hex(built.blockRlp))
    assert.equal(alone.skipped, built.skipped)
  })
})

test('all fit, or one is left out, or there may be no room: the same block as execute accepts', async () => {
  const common = commonAt('prague')
  const wallets = Array.from({ length: 45 }, (_, i) => wallet(1, 'all of them fit', i))
  const prices = { maxFee: 10n ** 10n, priorityFee: 3n, maxFeePerBlobGas: 1n }
  const [to, early] = [new Uint8Array(20).fill(0x22), 20]
  const signed = (place: number, nonce: bigint): Uint8Array => {
    const sender = { ...(wallets[place] as (typeof wallets)[number]), nonce }
    const type = (place % 3) as 0 | 1 | 2
    const item = signTransaction(1n, sender, { type, gasLimit: 30_000n, to, value: 5n }, prices)
    return item instanceof Uint8Array ? item : RLP.encode(item as never)
  }
  const all = wallets.map((_, place) => signed(place, 0n))
  const accounts = wallets.map(({ address }) => ({
    address,
    nonce: 0n,
    balance: 10n ** 18n,
    codeHash: KECCAK256_NULL,
    storage: [],
  }))
  const { preState } = scenario({ hardfork: 'prague', accounts: [], transactions: [] })
  const source = () => memoryState([...accounts, ...preState.accounts], preState.codes)
  const create = (threads: number) => BlockExecutor.create({ common, state: source(), threads })
  const stateRoot = await within(create(1), rootOf)
  for (const threads of [1, 2, 4]) {
    await within(create(threads), async (executor) => {
      // Room for all that they may use; for all that they use; for fewer.
      for (const gasLimit of [30_000_000n, 1_000_000n, 500_000n]) {
        const fields = {
          number: 1n,
          gasLimit,
          gasUsed: gasLimit / 2n,
          baseFeePerGas: 7n,
          excessBlobGas: 0n,
          blobGasUsed: 0n,
          stateRoot,
        }
        const parent = createBlockHeader(fields, { common }).serialize()
        const options = {
          parent,
          timestamp: 12n,
          withdrawals: [],
          order: (a: Candidate, b: Candidate) => a.index - b.index,
        }
        for (const [pool, left] of [
          [all, []],
          [all.with(early, signed(early, 1n)), [early]],
        ] as const) {
          const built = await executor.build(pool, options)
          const others = built.skipped.filter(({ reason }) => reason !== 'NO_ROOM_LEFT').map(({ index }) => index)
          assert.equal(others, left)
          assert.is(built.included.length, gasLimit === 500_000n ? 23 : all.length - left.length)
          const { hash } = await executor.execute(built.blockRlp, { advance: false, parentHeaders: [parent] })
          assert.is(hex(hash), hex(built.hash))
        }
      }
    })
  }
})

test('what is no list by itself is malformed, though it were one beside its neighbour', async () => {
  const { candidates, options, open } = await sceneOf('London', 19)
  const legacy = candidates.filter((bytes) => (bytes[0] as number) > 0xf7) as [Uint8Array, ...Uint8Array[]]
  await within(open(2), async (executor) => {
    for (const bytes of legacy.slice(0, 20)) {
      const at = bytes.findIndex((byte, place) => place > 3 && byte >= 0xc0)
      const halves = [bytes.subarray(0, at), bytes.subarray(at)]
      const { skipped } = await executor.build(
        [...halves, Uint8Array.of(0xc1), Uint8Array.of(0xf8), Uint8Array.of(5)],
        options,
      )
      assert.is(skipped.length, 5)
      assert.equal(
        new Set(skipped.map(({ reason }) => reason)),
        new Set(['MALFORMED_TRANSACTION', 'TRANSACTION_TYPE_NOT_ACTIVE']),
      )
    }
  })
  assert.ok(legacy.length > 0)
})

test('deadline and signal: whatever had its turn is a block, or nothing is', async () => {
  const { candidates, options, open } = await sceneOf('Prague', 13)
  await within(open(2), async (executor) => {
    const whole = await executor.build(candidates, options)
    async function* slowly() {
      yield* candidates.slice(0, 5)
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
      yield candidates[5] as Uint8Array
    }
    const start = performance.now()
    const some = await executor.build(slowly(), { ...options, deadline: 300 })
    assert.ok(performance.now() - start < 30_000)
    assert.is(some.included.length + some.skipped.length, 5)
    const none = await executor.build(candidates, { ...options, deadline: 0 })
    assert.equal([none.included, none.result.gasUsed], [[], 0n])
    await within(open(1), (other) => other.execute(none.blockRlp))
    const stop = new AbortController()
    const aborted = executor.build(slowly(), { ...options, signal: stop.signal }).catch((error: Error) => error.message)
    setTimeout(() => stop.abort(new Error('enough')), 20)
    assert.is(await aborted, 'enough')
    const failing = (async function* () {
      yield candidates[0] as Uint8Array
      throw new Error('the pool is gone')
    })()
    assert.is(await executor.build(failing, options).catch((error: Error) => error.message), 'the pool is gone')
    assert.is(hex((await executor.build(candidates, options)).blockRlp), hex(whole.blockRlp))
  })
})

test('what is given wrongly is named', async () => {
  const { candidates, options, open } = await sceneOf('London', 17)
  await within(open(1), async (executor) => {
    const messageOf = (list: unknown, more: object) =>
      executor.build(list as Uint8Array[], { ...options, ...more }).then(
        () => 'fine',
        (error: ParallevmError) => `${error.code} ${error.message}`,
      )
    assert.match(await messageOf(candidates, { timestamp: 0n }), /^INVALID_OPTIONS options\.timestamp: 0 is not after/)
    assert.match(await messageOf(candidates, { withdrawals: [] }), /options\.withdrawals: blocks of london have none/)
    assert.match(await messageOf(candidates, { gasLimit: 1n }), /^INVALID_GAS_LIMIT/)
    assert.match(await messageOf(candidates, { parent: undefined }), /options\.parent: no block was executed/)
    assert.match(await messageOf('0x12', {}), /^INVALID_INPUT transactions: expected an array/)
    assert.match(await messageOf([5], {}), /^INVALID_INPUT transactions\[0\]: expected the EIP-2718 bytes/)
    assert.is(await messageOf([], {}), 'fine')
  })
})

test.run()
