// Hardforks as users give them: a Geth genesis with its own activation times and numbers of blobs, a Common set to one
// hardfork, and the option that has the last word.
import { Common, createCommonFromGethGenesis, createCustomCommon, Mainnet } from '@ethereumjs/common'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainCommons, type ChainRules, chosenHardfork, rulesOf } from '../../../src/block/common.js'
import { compareResults } from '../../../src/executor/compare.js'
import { blockRlp, type FuzzBlock, FuzzWorld, hashesBefore } from '../../../src/fuzz/blocks.js'
import { Field } from '../../../src/fuzz/header.js'
import {
  BlockExecutor,
  type BlockExecutorOptions,
  type BlockResult,
  InvalidBlockError,
  memoryState,
  ParallevmError,
} from '../../../src/index.js'
import { runReference } from '../../../src/reference/reference.js'
import { forkOf } from '../../../src/spectests/forks.js'
import { A, B, build, rich } from '../../support/scenario.js'

const BLOCK_FORKS = ['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg', 'istanbul']
const ACTIVATIONS = [...BLOCK_FORKS, 'muirGlacier', 'berlin', 'london', 'arrowGlacier', 'grayGlacier'].map(
  (name) => `${name}Block`,
)
const TIMES = ['shanghai', 'cancun', 'prague', 'osaka', 'bpo1', 'bpo2'].map((name) => `${name}Time`)

/** Numbers of blobs like nobody else's. */
const BLOB_SCHEDULE = {
  cancun: { target: 2, max: 4, baseFeeUpdateFraction: 2_225_651 },
  prague: { target: 5, max: 8, baseFeeUpdateFraction: 4_000_001 },
  osaka: { target: 6, max: 9, baseFeeUpdateFraction: 5_000_003 },
  bpo1: { target: 7, max: 11, baseFeeUpdateFraction: 6_000_011 },
  bpo2: { target: 12, max: 17, baseFeeUpdateFraction: 9_000_011 },
}

/** As `createCommonFromGethGenesis` reads it. */
function gethCommon(config: Record<string, unknown>): Common {
  const merged = Object.keys(config).some((name) => name.endsWith('Time'))
  const genesis = {
    config: {
      chainId: 1,
      ...(merged && { terminalTotalDifficulty: 0, terminalTotalDifficultyPassed: true, blobSchedule: BLOB_SCHEDULE }),
      ...config,
    },
    difficulty: '0x1',
    gasLimit: '0x3938700',
    nonce: '0x0',
    extraData: '0x',
    timestamp: '0x1',
    alloc: {},
  }
  return createCommonFromGethGenesis(genesis as never, { chain: 'a chain of somebody' })
}

/** Every fork up to this activation at once, the others far away. */
function upTo(last: string): Common {
  const names = [...ACTIVATIONS, ...TIMES]
  const end = names.indexOf(last)
  return gethCommon(
    Object.fromEntries(
      names.filter((name, i) => i <= end || name.endsWith('Time')).map((name, i) => [name, i <= end ? 0 : 10 ** 9]),
    ),
  )
}

const wasm = (options: Partial<BlockExecutorOptions>): Promise<BlockExecutor> =>
  BlockExecutor.create({
    engine: 'wasm',
    fallback: false,
    threads: 1,
    verify: 'none',
    state: memoryState([]),
    ...options,
  })

/** Executes random blocks, and compares each with plain @ethereumjs/vm under the same rules. */
async function agrees(
  executor: BlockExecutor,
  rules: ChainRules,
  fork: string,
  numbers: readonly bigint[],
): Promise<BlockResult[]> {
  const results: BlockResult[] = []
  for (const number of numbers) {
    const { world, block } = blockOf(rules, fork, number)
    await executor.setState(world.state.source())
    const [bytes, blockHashes] = [blockRlp(block), new Map(hashesBefore(block))]
    const { senders } = block
    const result = await executor.execute(bytes, { senders, blockHashes })
    const expected = await runReference(bytes, world.state, { rules, senders, blockHashes })
    compareResults(result, expected, 'ethereumjs')
    results.push(result)
  }
  return results
}

function blockOf(rules: ChainRules, fork: string, number: bigint, wanted = (_: FuzzBlock) => true) {
  const common = new ChainCommons(rules).at(number, number * 12n)
  for (let seed = Number(number); ; seed += 1000) {
    const world = new FuzzWorld(seed, fork, rules, common, forkOf(fork).rules)
    let block = world.next()
    while (block.header[Field.NUMBER] !== number) block = world.next()
    if (block.fault === undefined && block.transactions.length > 2 && wanted(block)) return { world, block }
  }
}

const geth = suite('Geth genesis')

const FORKS = {
  Byzantium: 'byzantiumBlock',
  Istanbul: 'istanbulBlock',
  Berlin: 'berlinBlock',
  London: 'grayGlacierBlock',
  Shanghai: 'shanghaiTime',
  Cancun: 'cancunTime',
  Prague: 'pragueTime',
  Osaka: 'osakaTime',
  BPO1: 'bpo1Time',
  BPO2: 'bpo2Time',
}

for (const [fork, activation] of Object.entries(FORKS)) {
  geth(`${fork} runs in the core as in @ethereumjs/vm`, async () => {
    // Forks without blobs come without a schedule: the last one is the one that holds.
    const common = TIMES.includes(activation)
      ? upTo(activation)
      : gethCommon(
          Object.fromEntries(ACTIVATIONS.slice(0, ACTIVATIONS.indexOf(activation) + 1).map((name) => [name, 0])),
        )
    const executor = await wasm({ common })
    try {
      const results = await agrees(executor, rulesOf(common), fork, [1n, 2n, 3n])
      assert.equal(
        results.map(({ stats }) => [stats.engine, stats.fallback]),
        Array(3).fill(['wasm', undefined]),
      )
    } finally {
      await executor.close()
    }
  })
}

geth('each fork has the numbers of blobs of its own', () => {
  for (const [name, { target, max, baseFeeUpdateFraction }] of Object.entries(BLOB_SCHEDULE)) {
    assert.equal(new ChainCommons(rulesOf(upTo(`${name}Time`))).at(1n, 12n).getBlobGasSchedule(), {
      targetBlobGasPerBlock: BigInt(target) * 131_072n,
      maxBlobGasPerBlock: BigInt(max) * 131_072n,
      blobGasPriceUpdateFraction: BigInt(baseFeeUpdateFraction),
    })
  }
})

/** Seconds; block n has the time 12 n. */
const SCHEDULE = { cancunTime: 36, pragueTime: 60, osakaTime: 84, bpo1Time: 108, bpo2Time: 132 }
const ALL_BLOCKS = Object.fromEntries([...ACTIVATIONS, 'shanghaiTime'].map((name) => [name, 0]))

geth('one executor goes through all forks when their time comes', async () => {
  const common = gethCommon({ ...ALL_BLOCKS, ...SCHEDULE })
  const executor = await wasm({ common })
  const rules = rulesOf(common)
  try {
    const forks = { Shanghai: 2n, Cancun: 3n, Prague: 5n, Osaka: 7n, BPO1: 9n, BPO2: 11n }
    for (const [fork, first] of Object.entries(forks)) {
      assert.is(new ChainCommons(rules).at(first, first * 12n).hardfork(), forkOf(fork).hardfork)
      const [result] = await agrees(executor, rules, fork, [first])
      assert.is(result?.stats.engine, 'wasm', result?.stats.fallback)
    }
  } finally {
    await executor.close()
  }
})

geth('both engines give the same, and refuse the same blobs', async () => {
  const common = upTo('bpo1Time')
  const none = { ...BLOB_SCHEDULE, bpo1: { target: 0, max: 0, baseFeeUpdateFraction: 1 } }
  const without = gethCommon({
    ...Object.fromEntries([...ACTIVATIONS, ...TIMES.slice(0, 5)].map((name) => [name, 0])),
    blobSchedule: none,
  })
  const { world, block } = blockOf(rulesOf(common), 'BPO1', 4n, ({ header }) => header[Field.BLOB_GAS_USED] !== 0n)
  const outcomes: unknown[] = []
  for (const engine of ['wasm', 'ethereumjs'] as const) {
    for (const rules of [common, without]) {
      const executor = await wasm({ common: rules, engine, state: world.state.source() })
      const options = { senders: block.senders, blockHashes: new Map(hashesBefore(block)) }
      const outcome = await executor.execute(blockRlp(block), options).catch((error: unknown) => error)
      await executor.close()
      if (rules === common) {
        const { stats, ...result } = outcome as BlockResult
        assert.is(stats.engine, engine)
        outcomes.push(result)
      } else assert.is((outcome as ParallevmError).code, 'INVALID_TRANSACTION')
    }
  }
  assert.equal(outcomes[0], outcomes[1])
})

geth.run()

const chosen = suite('the hardfork of a Common')

chosen('is its schedule, unless it was set to another than it starts with', () => {
  const custom = { chainId: 5, hardforks: Mainnet.hardforks }
  const cases: [Common, string][] = [
    [new Common({ chain: Mainnet }), 'schedule'],
    [new Common({ chain: Mainnet, hardfork: 'cancun' }), 'cancun'],
    [new Common({ chain: Mainnet, hardfork: 'bpo2' }), 'bpo2'],
    // A Common does not tell whether it was asked for its default.
    [new Common({ chain: Mainnet, hardfork: 'prague' }), 'schedule'],
    [createCustomCommon(custom, Mainnet), 'schedule'],
    [createCustomCommon({ ...custom, defaultHardfork: 'london' }, Mainnet), 'schedule'],
    [createCustomCommon({ ...custom, defaultHardfork: 'london' }, Mainnet, { hardfork: 'prague' }), 'prague'],
    [gethCommon({ ...ALL_BLOCKS, ...SCHEDULE }), 'schedule'],
  ]
  for (const [common, hardfork] of cases) assert.is(chosenHardfork(common), hardfork, common.hardfork())
  const moved = gethCommon({ ...ALL_BLOCKS, ...SCHEDULE })
  moved.setHardfork('prague')
  assert.is(chosenHardfork(moved), 'prague')
})

chosen('is honoured, and the option has the last word', async () => {
  // Number 1,000 and a time of 1970: by mainnet's schedule a block of Frontier.
  const block = (hardfork: string) => build({ hardfork, accounts: rich, transactions: [{ from: A, to: B, value: 1n }] })
  const common = (hardfork?: string) => new Common({ chain: Mainnet, ...(hardfork && { hardfork }) })
  const cases: [options: Partial<BlockExecutorOptions>, hardfork: string, outcome: string][] = [
    [{ common: common('cancun') }, 'cancun', 'wasm'],
    [{ common: common('cancun'), hardfork: 'schedule' }, 'cancun', 'INVALID_HEADER'],
    [{ common: common('shanghai'), hardfork: 'cancun' }, 'cancun', 'wasm'],
    [{ common: common('prague'), hardfork: 'prague' }, 'prague', 'wasm'],
    [{ common: common(), hardfork: 'prague' }, 'prague', 'wasm'],
    [{ common: common() }, 'prague', 'INVALID_HEADER'],
    [{ chain: 'sepolia', hardfork: 'london' }, 'london', 'wasm'],
    [{ chain: 'mainnet', hardfork: 'mergeNetsplitBlock' }, 'paris', 'wasm'],
    [{ common: new Common({ chain: Mainnet, hardfork: 'cancun', eips: [1559, 4844, 6780] }) }, 'cancun', 'wasm'],
  ]
  for (const [options, hardfork, outcome] of cases) {
    const { blockRlp, preState, senders } = block(hardfork)
    const executor = await wasm({ ...options, state: memoryState(preState.accounts, preState.codes) })
    try {
      const result = await executor.execute(blockRlp, { senders }).catch((error: unknown) => error)
      const got = result instanceof ParallevmError ? result.code : (result as BlockResult).stats.engine
      assert.is(got, outcome, `${JSON.stringify(options.hardfork)} ${hardfork}: ${(result as Error).message}`)
    } finally {
      await executor.close()
    }
  }
})

chosen('that no schedule gives is a typed error', () => {
  const commons = new ChainCommons(rulesOf(new Common({ chain: Mainnet })))
  assert.throws(
    () => commons.at(1n, 1_800_000_000n),
    (error: InvalidBlockError) => error instanceof InvalidBlockError && error.code === 'UNKNOWN_HARDFORK',
  )
})

chosen.run()
