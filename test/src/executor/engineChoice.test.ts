// Which engine runs a block: the core's own for every fork that the official tests know, and never another in silence.
import { Common } from '@ethereumjs/common'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainCommons, type ChainRules } from '../../../src/block/common.js'
import type { EngineError } from '../../../src/block/errors.js'
import { wasmSupports } from '../../../src/block/wasmSupports.js'
import { BlockExecutor } from '../../../src/executor/blockExecutor.js'
import { EngineUnavailableError } from '../../../src/executor/errors.js'
import { blockRlp, FuzzWorld, hashesBefore } from '../../../src/fuzz/blocks.js'
import { FORK_NAMES, forkOf, rulesOfNetwork } from '../../../src/spectests/forks.js'

for (const fork of FORK_NAMES) {
  test(`${fork} runs in the core`, async () => {
    const rules = rulesOfNetwork(fork)
    const world = new FuzzWorld(1, fork, rules, new ChainCommons(rules).at(1n, 1n), forkOf(fork).rules)
    const common = new Common({ chain: rules.chain })
    const state = world.state.source()
    const executor = await BlockExecutor.create({ common, engine: 'wasm', threads: 1, verify: 'none', state })
    try {
      let block = world.next()
      while (block.fault !== undefined) block = world.next()
      const { stats } = await executor.execute(blockRlp(block), { blockHashes: new Map(hashesBefore(block)) })
      assert.is(stats.fallback, undefined)
      assert.is(stats.engine, 'wasm')
    } finally {
      await executor.close()
    }
  })
}

const CHANGED = {
  'more than blobs': [
    { bpo1: { eips: [], params: { target: 1, max: 2, blobGasPriceUpdateFraction: 3, gasPerBlob: 4 } } },
    /parameters of its own: gasPerBlob/,
  ],
  'another EIP': [
    { bpo1: { eips: [7928], params: { target: 1, max: 2, blobGasPriceUpdateFraction: 3 } } },
    /bpo1 has EIP-7928, unlike on mainnet/,
  ],
  'fewer EIPs': [{ osaka: { eips: [7939] } }, /bpo1 lacks EIP-7594, unlike on mainnet/],
} as const

for (const [what, [customHardforks, reason]] of Object.entries(CHANGED)) {
  test(`hardforks of a chain with ${what} are not the core's`, () => {
    const rules = rulesOfNetwork('BPO1')
    const custom = {
      ...rules.chain.customHardforks,
      ...customHardforks,
    } as unknown as ChainRules['chain']['customHardforks']
    const own = { ...rules, chain: { ...rules.chain, ...(custom && { customHardforks: custom }) } }
    assert.match(wasmSupports(own, new ChainCommons(own).at(1n, 1n)) ?? '', reason)
  })
}

test('a chain that spells out what mainnet has is as good as mainnet', () => {
  const rules = rulesOfNetwork('BPO1')
  const customHardforks = {
    prague: { eips: [2537, 2935, 6110, 7002, 7251, 7623, 7685, 7691, 7702] },
    bpo1: { eips: [7939], params: { target: 1, max: 2, blobGasPriceUpdateFraction: 3 } },
  }
  const own: ChainRules = { ...rules, eips: [1559, 7702, 7939], chain: { ...rules.chain, customHardforks } }
  const common = new ChainCommons(own).at(1n, 1n)
  assert.is(wasmSupports(own, common), undefined)
  // Parameters of an EIP listed once more would come after those of the hardforks.
  const listed: ChainRules = { ...rules, eips: [4844] }
  assert.equal(
    new ChainCommons(listed).at(1n, 1n).getBlobGasSchedule(),
    new ChainCommons(rules).at(1n, 1n).getBlobGasSchedule(),
  )
})

test('a hardfork without numbers of blobs is a typed error', () => {
  const rules = rulesOfNetwork('BPO1')
  const own: ChainRules = { ...rules, chain: { ...rules.chain, customHardforks: { bpo1: { eips: [] } } } }
  assert.throws(
    () => new ChainCommons(own).at(1n, 1n),
    (error: EngineError) => error.code === 'UNKNOWN_HARDFORK',
  )
})

test('blobs of a chain are its own', () => {
  const blobSchedule = { BPO1: { target: '0x2', max: '0x5', baseFeeUpdateFraction: '0x10' } } as const
  const common = new ChainCommons(rulesOfNetwork('BPO1', { blobSchedule })).at(1n, 1n)
  assert.is(common.getBlobGasSchedule().maxBlobGasPerBlock, 5n * 131_072n)
})

test('without a fallback a block for another engine throws, and the state stays', async () => {
  const rules = rulesOfNetwork('Cancun')
  const world = new FuzzWorld(1, 'Cancun', rules, new ChainCommons(rules).at(1n, 1n), forkOf('Cancun').rules)
  const common = new Common({ chain: rules.chain, params: { 1: { warmstoragereadGas: 1 } } })
  const state = world.state.source()
  const executor = await BlockExecutor.create({
    common,
    engine: 'wasm',
    fallback: false,
    threads: 1,
    verify: 'none',
    state,
  })
  try {
    const error = await executor.execute(blockRlp(world.next())).catch((thrown: unknown) => thrown)
    assert.instance(error, EngineUnavailableError)
    assert.match(
      (error as Error).message,
      /engine wasm cannot run this block: parameters of its own: warmstoragereadGas/,
    )
  } finally {
    await executor.close()
  }
})

test.run()
