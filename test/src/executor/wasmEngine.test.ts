// The core's own engine behind BlockExecutor: the results of plain @ethereumjs/vm, in order and on several threads.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rulesOf } from '../../../src/block/common.js'
import { EngineError } from '../../../src/block/errors.js'
import { type BlockCase, listCases, loadCase } from '../../../src/blockFiles/index.js'
import { compareResults } from '../../../src/executor/compare.js'
import {
  BlockExecutor,
  type ExecuteOptions,
  memoryState,
  ParallevmError,
  stateManagerState,
  witnessState,
} from '../../../src/index.js'
import { runReference } from '../../../src/reference/reference.js'
import { generateWorkload, WORKLOADS } from '../../../src/workloads/index.js'
import { sendersOf } from '../../support/blocks.js'
import { push, sstore } from '../../support/bytecode.js'
import { agreeInCore, assertEqual, commonAt, Executors, runInCore, THREADS } from '../../support/engines.js'
import { managerOf } from '../../support/managers.js'
import { hex, unhex } from '../../support/mapState.js'
import { A, B, build, CONTRACT, rich, type Scenario } from '../../support/scenario.js'
import { refused } from '../../support/scenarios/refused.js'

const executors = new Executors()

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.instance(error, ParallevmError)
  return (error as ParallevmError).code
}

// --- Generated blocks -------------------------------------------------------------------------------------------------

const generated = suite('generated blocks')
const GAS = Number(process.env.PARALLEVM_TEST_WORKLOAD_GAS ?? 800_000)

for (const { kind } of WORKLOADS) {
  generated(`${kind}: in the core on 1, 2 and 4 threads as with ethereumjs`, async () => {
    const block = await generateWorkload({ kind, gas: GAS, withRoots: false })
    if (block.preState.kind !== 'flat') throw new Error('a workload has flat state')
    const { accounts, codes } = block.preState
    const options: ExecuteOptions = {
      blockHashes: block.blockHashes,
      parentHeaders: block.parentHeaders,
      advance: false,
    }
    const other = await executors.get('mainnet', 1, 'ethereumjs')
    await other.setState(memoryState(accounts, codes))
    const expected = await other.execute(block.blockRlp, {
      ...options,
      ...(block.senders && { senders: block.senders }),
    })
    for (const threads of THREADS) {
      const executor = await executors.get('mainnet', threads)
      await executor.setState(memoryState(accounts, codes))
      for (let i = 0; i < (threads === 1 ? 1 : 3); i++) {
        const mode = threads === 1 ? 'sequential' : 'parallel'
        // Senders are recovered in the core, those of the other engine were given.
        const result = await executor.execute(block.blockRlp, { ...options, mode })
        assert.is(result.stats.engine, 'wasm')
        assert.is(result.stats.mode, mode)
        assertEqual(result, expected)
      }
    }
  })
}

generated('a state manager is asked on the way, and keeps the block', async () => {
  const block = await generateWorkload({ kind: 'mainnet-mix', gas: GAS, withRoots: false })
  if (block.preState.kind !== 'flat') throw new Error('a workload has flat state')
  const { preState, senders, blockHashes, parentHeaders } = block
  const options: ExecuteOptions = { blockHashes, parentHeaders, ...(senders && { senders }) }
  const executor = await executors.get('mainnet', 1, 'ethereumjs')
  await executor.setState(memoryState(preState.accounts, preState.codes))
  const expected = await executor.execute(block.blockRlp, { ...options, advance: false })
  for (const threads of THREADS) {
    const manager = await managerOf(preState, new Common({ chain: Mainnet }))
    const asking = await executors.get('mainnet', threads)
    await asking.setState(stateManagerState(manager))
    const mode = threads === 1 ? 'sequential' : 'parallel'
    assertEqual(await asking.execute(block.blockRlp, { ...options, mode, advance: false }), expected)
    const kept = await asking.execute(block.blockRlp, { ...options, mode })
    assertEqual(kept, expected)
    assert.is(kept.stats.engine, 'wasm')
    assert.equal(await manager.getStateRoot(), expected.stateRoot)
  }
})

// --- The block's own work ----------------------------------------------------------------------------------------------------

const work = suite('block work')

work('requests of system contracts (EIP-7002, EIP-7251)', async () => {
  const scenario: Scenario = { hardfork: 'prague', accounts: rich, transactions: [{ from: A, to: B, value: 1n }] }
  // Returns 76 bytes of calldata-free memory whose first word is the number of the block.
  const answer = `4360005260${(76).toString(16)}6000f3`
  const contract = unhex('00000961Ef480Eb55e80D19ad83579A64c007002')
  const result = await agreeInCore(executors, { ...scenario, systemCode: answer })
  assert.equal(
    result.requests?.map(({ length }) => length),
    [77, 77],
  )
  const absent = build(scenario)
  absent.preState.accounts = absent.preState.accounts.filter(({ address: at }) => hex(at) !== hex(contract))
  for (const built of [absent, build({ ...scenario, systemCode: 'fe' })]) {
    for (const threads of THREADS) {
      assert.is(await codeOf(runInCore(executors, scenario, built, threads)), 'SYSTEM_CALL_FAILED')
    }
  }
})

// --- Refusals ---------------------------------------------------------------------------------------------------------------

const refusals = suite('refused transactions')

for (const { rule, scenario } of refused('osaka')) {
  refusals(rule, async () => {
    const built = build(scenario)
    for (const threads of THREADS) {
      const error = await runInCore(executors, scenario, built, threads).catch((thrown: unknown) => thrown)
      assert.instance(error, ParallevmError)
      assert.is((error as { transaction?: number }).transaction, 1)
      assert.match((error as Error).message, rule)
    }
  })
}

refusals('bytes that are no transaction, signatures of nobody', async () => {
  const block = await generateWorkload({ kind: 'transfers', gas: 300_000, withRoots: false })
  if (block.preState.kind !== 'flat') throw new Error('a workload has flat state')
  const [header, transactions, ...rest] = RLP.decode(block.blockRlp) as unknown as [Uint8Array[], Uint8Array[], never]
  const executor = await executors.get('mainnet', 2)
  await executor.setState(memoryState(block.preState.accounts, block.preState.codes))
  const fields = RLP.decode((transactions[1] as Uint8Array).subarray(1)) as Uint8Array[]
  const type = (transactions[1] as Uint8Array)[0] as number
  const changed = (index: number, value: unknown) =>
    Uint8Array.from([type, ...RLP.encode(fields.map((field, i) => (i === index ? value : field)) as never)])
  const last = fields.length - 1
  const high = unhex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140')
  const broken: Record<string, Uint8Array> = {
    'a leading zero in a number': changed(1, Uint8Array.of(0, 1)),
    'a recipient of 19 bytes': changed(5, new Uint8Array(19)),
    'a list for a number': changed(4, []),
    'an entry of the access list without keys': changed(8, [[new Uint8Array(20)]]),
    'a parity of 2': changed(last - 2, Uint8Array.of(2)),
    's in the upper half (EIP-2)': changed(last, high),
    'r of zero': changed(last - 1, new Uint8Array(0)),
    'one field too many': Uint8Array.from([type, ...RLP.encode([...fields, new Uint8Array(0)] as never)]),
    'bytes behind its end': Uint8Array.from([...(transactions[1] as Uint8Array), 0]),
  }
  for (const [what, bytes] of Object.entries(broken)) {
    const rlp = RLP.encode([header, [transactions[0], bytes, ...transactions.slice(2)], ...rest] as never)
    const error = await executor.execute(rlp, { root: false, advance: false }).catch((thrown: unknown) => thrown)
    assert.instance(error, ParallevmError, what)
    assert.is((error as { transaction?: number }).transaction, 1, what)
    assert.match((error as Error).message, 'MALFORMED_TRANSACTION', what)
  }
  await executor.execute(block.blockRlp, { root: false, advance: false })
})

refusals('a block hash that nobody supplied', async () => {
  const scenario: Scenario = {
    hardfork: 'prague',
    accounts: [...rich, { address: CONTRACT, nonce: 1n, code: sstore(1, `${push(990)}40`) }],
    transactions: [{ from: A, to: CONTRACT }],
  }
  for (const threads of THREADS) {
    const error = await runInCore(executors, scenario, build(scenario), threads).catch((thrown: unknown) => thrown)
    assert.instance(error, EngineError)
    assert.is((error as EngineError).code, 'BLOCK_HASH_MISSING')
  }
})

// --- Rules that the core does not know -----------------------------------------------------------------------------------

const fallback = suite('fallback')

fallback('to ethereumjs is told', async () => {
  const scenario: Scenario = { hardfork: 'cancun', accounts: rich, transactions: [{ from: A, to: B, value: 1n }] }
  const { blockRlp, preState } = build(scenario)
  const common = commonAt('cancun')
  const own = new Common({
    chain: { ...JSON.parse(JSON.stringify((common as never as { _chainParams: object })._chainParams)) },
    params: { 1: { warmstoragereadGas: 1 } },
  })
  const more = commonAt('cancun')
  more.setEIPs([7702])
  const cases: [Partial<Parameters<typeof BlockExecutor.create>[0]>, RegExp][] = [
    [{ common: own }, /warmstoragereadGas/],
    [{ common: more }, /EIP-7702/],
    [{ common, workerSetup: new URL('../../support/plainSetup.js', import.meta.url) }, /workerSetup/],
  ]
  for (const [options, reason] of cases) {
    const state = memoryState(preState.accounts, preState.codes)
    const executor = await BlockExecutor.create({ threads: 1, engine: 'wasm', verify: 'none', state, ...options })
    try {
      const { stats, receipts } = await executor.execute(blockRlp, { senders: [A], root: false })
      assert.is(stats.engine, 'ethereumjs')
      assert.match(stats.fallback as string, reason)
      assert.is(receipts.length, 1)
    } finally {
      await executor.close()
    }
  }
})

// --- Real blocks --------------------------------------------------------------------------------------------------------------

const real = suite('real blocks')
const mainnet = join(process.env.PARALLEVM_FIXTURES ?? join(process.cwd(), '../shared/fixtures'), 'mainnet')
/** One for each set of rules. PARALLEVM_TEST_ALL_BLOCKS=1: all there are. */
const SAMPLE = ['49891', '1150000', '1920000', '2675000', '4370000', '15050000', '18884864', '21429063', '22615247']
const FLAT_SAMPLE = ['8889776']
const all = process.env.PARALLEVM_TEST_ALL_BLOCKS === '1'

function casesOf(folder: string, sample: readonly string[]): string[] {
  const at = join(mainnet, folder)
  if (!existsSync(at)) return []
  return listCases([at]).filter((path) => all || sample.some((name) => path.includes(name)))
}

const optionsOf = ({ blockHashes, parentHeaders }: BlockCase): ExecuteOptions => ({ blockHashes, parentHeaders })

for (const path of casesOf('witness', SAMPLE)) {
  real(`${path.slice(mainnet.length)}: roots and receipts of its header`, async () => {
    const block = loadCase(path)
    if (block.preState.kind !== 'witness') throw new Error('not a witness')
    for (const threads of [1, 2]) {
      const executor = await BlockExecutor.create({ engine: 'wasm', threads, state: witnessState(block.preState) })
      try {
        const result = await executor.execute(block.blockRlp, optionsOf(block))
        assert.is(result.stats.engine, 'wasm')
        assert.equal(result.stateRoot, block.expected.stateRoot ?? result.stateRoot)
      } finally {
        await executor.close()
      }
    }
  })
}

for (const path of casesOf('flat', FLAT_SAMPLE)) {
  real(`${path.slice(mainnet.length)}: as plain ethereumjs`, async () => {
    const block = loadCase(path)
    if (block.preState.kind !== 'flat') throw new Error('not flat')
    const { accounts, codes } = block.preState
    const { blockHashes } = block
    const rules = rulesOf(new Common({ chain: Mainnet }))
    const reference = await runReference(block.blockRlp, block.preState, {
      rules,
      senders: sendersOf(block),
      blockHashes,
    })
    for (const threads of [1, 2]) {
      const executor = await executors.get('mainnet', threads)
      await executor.setState(memoryState(accounts, codes))
      const result = await executor.execute(block.blockRlp, { ...optionsOf(block), root: false })
      assert.is(result.stats.engine, 'wasm')
      assert.is(result.gasUsed, block.expected.gasUsed)
      compareResults(result, reference, 'ethereumjs')
    }
  })
}

real.after(() => executors.close())

for (const each of [generated, work, refusals, fallback, real]) each.run()
