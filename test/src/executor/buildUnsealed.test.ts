// Blocks that are built on states without a root: all of their headers but that.
import { createBlockHeader } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { SimpleStateManager } from '@ethereumjs/statemanager'
import { createAccount, createAddressFromString } from '@ethereumjs/util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { COMMON_HEADER, indexOf, RECEIPTS_ROOT, STATE_ROOT } from '../../../src/block/format.js'
import { type BlockCase, dataFolder, listCases, loadCase } from '../../../src/blockFiles/index.js'
import { onFile } from '../../../src/cli/buildInputs.js'
import {
  BlockExecutor,
  type BuildOptions,
  memoryState,
  type ParallevmError,
  stateManagerState,
  type UnsealedBlock,
} from '../../../src/index.js'
import { signTransaction } from '../../../src/workloads/transaction.js'
import { wallet } from '../../../src/workloads/wallet.js'
import { sceneOf, within } from '../../support/buildScene.js'
import { hex } from '../../support/mapState.js'

const tests = suite('build without a root')
const failure = (work: Promise<unknown>): Promise<ParallevmError | undefined> =>
  work.then(
    () => undefined,
    (error: ParallevmError) => error,
  )
const hexed = (fields: Record<string, Uint8Array>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, hex(value)]))
const asGiven: NonNullable<BuildOptions['order']> = (a, b) => a.index - b.index

for (const [fork, seed] of [
  ['Homestead', 201],
  ['Berlin', 202],
  ['Osaka', 203],
  ['Amsterdam', 204],
] as const) {
  tests(`${fork}: the header is that of the sealed block without its state root`, async () => {
    const { candidates, options, open } = await sceneOf(fork, seed)
    await within(open(2), async (executor) => {
      const sealed = await executor.build(candidates, options)
      const built = await executor.build(candidates, { ...options, root: false })
      assert.equal(built.skipped, sealed.skipped)
      assert.equal(built.included, sealed.included)
      assert.is(built.fees, sealed.fees)
      assert.equal(Object.keys(built).sort(), ['fees', 'headerFields', 'included', 'result', 'skipped'])
      for (const name of ['hash', 'stateRoot']) assert.not(name in built.result, name)
      assert.equal(built.result.stateDiff, sealed.result.stateDiff)
      // Before Byzantium receipts hold roots, and those are what this state is said not to have.
      const before = fork === 'Homestead'
      assert.is(built.result.receiptsRoot === undefined, before)
      const fields = (RLP.decode(sealed.headerRlp) as Uint8Array[]).map(hex)
      assert.ok(!('stateRoot' in built.headerFields))
      if (!before) {
        fields.splice(STATE_ROOT, 1)
        assert.equal(Object.values(built.headerFields).map(hex), fields)
      } else assert.not('receiptsRoot' in built.headerFields)
      // The place of the sealed block gives the same.
      const { parent: _, ...own } = options
      const there = await executor.build(candidates, { ...own, inPlaceOf: sealed.headerRlp, root: false })
      assert.equal(hexed(there.headerFields), hexed(built.headerFields))
      const again = await executor.build(candidates, { ...own, inPlaceOf: sealed.headerRlp })
      assert.is(hex(again.blockRlp), hex(sealed.blockRlp))
    })
  })
}

tests('what makes no sense is refused, and nothing is changed', async () => {
  const { candidates, options, open } = await sceneOf('London', 205)
  await within(open(1), async (executor) => {
    const { headerRlp, blockRlp } = await executor.build(candidates, options)
    const kept = await failure(executor.build(candidates, { ...options, root: false, keep: true } as never))
    assert.match(`${kept?.code} ${kept?.message}`, /^INVALID_OPTIONS options\.keep: .*not sealed/)
    const both = await failure(executor.build(candidates, { ...options, inPlaceOf: headerRlp }))
    assert.match(`${both?.code} ${both?.message}`, /^INVALID_OPTIONS options\.inPlaceOf: .*give one of them/)
    const common = new Common({ chain: Mainnet, hardfork: 'shanghai' })
    const older = { number: 17_100_000n, timestamp: 1_685_000_000n, baseFeePerGas: 7n, gasLimit: 30_000_000n }
    const inPlaceOf = createBlockHeader(older, { common }).serialize()
    await within(BlockExecutor.create({ common, state: memoryState([], []), hardfork: 'schedule' }), async (later) => {
      const refused = await failure(later.build([], { inPlaceOf, timestamp: 1_720_000_000n }))
      assert.match(`${refused?.code} ${refused?.message}`, /options\.timestamp: .*hardfork without excess blob gas/)
    })
    assert.is(hex((await executor.build(candidates, options)).blockRlp), hex(blockRlp))
  })
})

tests('a state manager that has no roots', async () => {
  const common = new Common({ chain: Mainnet, hardfork: 'shanghai' })
  const sender = wallet(1, 'no roots', 0)
  const manager = new SimpleStateManager({ common })
  const address = createAddressFromString(`0x${hex(sender.address)}`)
  await manager.putAccount(address, createAccount({ balance: 10n ** 18n }))
  const above = { number: 17_100_000n, timestamp: 1_685_000_000n, baseFeePerGas: 7n, gasLimit: 30_000_000n }
  const parent = createBlockHeader(above, { common }).serialize()
  const prices = { maxFee: 10n ** 12n, priorityFee: 3n, maxFeePerBlobGas: 1n }
  const to = new Uint8Array(20).fill(0x22)
  const item = signTransaction(1n, sender, { type: 2, gasLimit: 30_000n, to, value: 5n }, prices) as Uint8Array
  const state = stateManagerState(manager)
  const opened = BlockExecutor.create({ common, hardfork: 'shanghai', state, threads: 2, verify: 'none' })
  await within(opened, async (executor) => {
    const options = { parent, timestamp: 1_685_000_012n }
    const refused = await failure(executor.build([item], options))
    assert.match(`${refused?.code} ${refused?.message}`, /^STATE_SOURCE_FAILED .*root: false/)
    const { included, result, headerFields } = await executor.build([item], { ...options, root: false })
    assert.equal([included, result.gasUsed, hex(headerFields.gasUsed as Uint8Array)], [[0], 21_000n, '5208'])
    assert.is((await executor.getAccount(to))?.balance ?? 0n, 0n)
  })
})

const OTHERS = ['ommersHash', 'stateRoot', 'mixHash', 'nonce'].map((name) => indexOf(COMMON_HEADER, name))
const folder = dataFolder()
const flat = folder === undefined ? [] : listCases([folder]).filter((path) => path.includes('/flat/'))
if (flat.length === 0) console.log('no flat files: blocks of mainnet are not built again')

for (const path of flat) {
  const name = path.split('/').at(-1)
  tests(`flat block ${name} in its own order: what its header says, without the root`, async () => {
    const block = loadCase(path)
    const { executor, transactions, defaults, blockHashes, close } = await onFile(path, 'before', 2)
    try {
      const options = { ...defaults, blockHashes, order: asGiven, root: false } as const
      const built: UnsealedBlock = await executor.build(transactions, options)
      assert.equal(built.skipped, [])
      const [fields] = RLP.decode(block.blockRlp) as [Uint8Array[]]
      const { result } = await compared(executor, block, built)
      const { expected } = block
      assert.is(result.gasUsed, expected.gasUsed)
      assert.is(hex(result.logsBloom), hex(expected.logsBloom as Uint8Array))
      if (expected.receiptsRoot) assert.is(hex(result.receiptsRoot as Uint8Array), hex(expected.receiptsRoot))
      // All but what was not made, uncles, which such files lack, and the proof of work.
      const made = Object.keys(built.headerFields)
      assert.is(made.length, fields.length - (expected.receiptsRoot ? 1 : 2))
      const known = new Set(Object.values(hexed(built.headerFields)))
      const differing = fields.filter((field, at) => !OTHERS.includes(at) && !known.has(hex(field)))
      assert.equal(differing.map(hex), expected.receiptsRoot ? [] : [hex(fields[RECEIPTS_ROOT] as Uint8Array)])
    } finally {
      await close()
    }
  })
}

/** The block as it was given, executed: the same receipts and the same difference. */
async function compared(
  executor: BlockExecutor,
  { blockRlp, blockHashes }: BlockCase,
  built: UnsealedBlock,
): Promise<UnsealedBlock> {
  const executed = await executor.execute(blockRlp, { blockHashes, root: false, advance: false, verify: 'none' })
  assert.equal(built.result.receipts, executed.receipts)
  assert.is(hex(built.result.receiptsRoot ?? new Uint8Array()), hex(executed.receiptsRoot ?? new Uint8Array()))
  return built
}

tests.run()
