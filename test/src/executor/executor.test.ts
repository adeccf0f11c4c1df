import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBlockFromRLP } from '@ethereumjs/block'
import { Common, createCustomCommon, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, dataFolder, loadCase } from '../../../src/blockFiles/index.js'
import {
  BlockExecutor,
  type BlockExecutorOptions,
  type ExecuteOptions,
  memoryState,
  ParallevmError,
  type StateSource,
  stateManagerState,
  witnessState,
} from '../../../src/index.js'
import { generateWorkload, WORKLOADS } from '../../../src/workloads/index.js'
import { mainnetCases } from '../../support/bundled.js'
import { managerOf } from '../../support/managers.js'

type FlatCase = BlockCase & { preState: { kind: 'flat' } }

const GAS = 1_500_000
const common = new Common({ chain: Mainnet })

async function flatCase(kind: (typeof WORKLOADS)[number]['kind'], gas = GAS): Promise<FlatCase> {
  return (await generateWorkload({ kind, gas, withRoots: false })) as FlatCase
}

const stateOf = ({ preState }: FlatCase): StateSource => memoryState(preState.accounts, preState.codes)

/** Generated blocks without roots have headers that say nothing about the result. */
const optionsOf = ({ senders, blockHashes, parentHeaders }: BlockCase): ExecuteOptions => ({
  ...(senders && { senders }),
  blockHashes,
  parentHeaders,
})

async function withExecutor<T>(
  options: Partial<BlockExecutorOptions> & { state: StateSource },
  use: (executor: BlockExecutor) => Promise<T>,
): Promise<T> {
  const executor = await BlockExecutor.create({ common, engine: 'ethereumjs', threads: 2, verify: 'none', ...options })
  try {
    return await use(executor)
  } finally {
    await executor.close()
  }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    assert.instance(error, ParallevmError)
    return (error as ParallevmError).code
  }
  return 'no error'
}

test('what is read of a result late is what is read at once', async () => {
  const [first, second] = [await flatCase('mainnet-mix'), await flatCase('uniswap-v2-many')]
  for (const engine of ['wasm', 'ethereumjs'] as const) {
    await withExecutor({ state: stateOf(first), engine }, async (executor) => {
      const options = { ...optionsOf(first), advance: false }
      const early = await executor.execute(first.blockRlp, options)
      const { receipts, stateDiff } = early
      assert.ok(receipts.some(({ logs }) => logs.length > 0) && stateDiff.some(({ code }) => code !== undefined))
      assert.is(early.receipts, receipts)
      assert.is(early.stateDiff, stateDiff)
      const late = await executor.execute(first.blockRlp, { ...optionsOf(first), advance: true })
      // The memory of the block is used again, then all of it is another state's.
      for (const block of [second, first]) {
        await executor.setState(stateOf(block))
        await executor.execute(block.blockRlp, optionsOf(block))
      }
      assert.equal(late.receipts, receipts)
      assert.equal(late.stateDiff, stateDiff)
      assert.equal(Object.keys(late).sort(), Object.keys(early).sort())
      const replaced = await executor.setState(stateOf(first)).then(() => executor.execute(first.blockRlp, options))
      replaced.receipts = []
      assert.equal({ ...replaced }.receipts, [])
    })
  }
})

test('every workload: parallel and sequential agree, again and again', async () => {
  await withExecutor({ state: memoryState([]) }, async (executor) => {
    for (const { kind } of WORKLOADS) {
      const block = await flatCase(kind)
      await executor.setState(stateOf(block))
      const options = { ...optionsOf(block), advance: false }
      const sequential = await executor.execute(block.blockRlp, { ...options, mode: 'sequential' })
      assert.is(sequential.stats.mode, 'sequential')
      for (let i = 0; i < 5; i++) {
        const parallel = await executor.execute(block.blockRlp, { ...options, mode: 'parallel' })
        assert.is(parallel.stats.mode, 'parallel')
        assert.equal(parallel.receipts, sequential.receipts, kind)
        assert.equal(parallel.stateDiff, sequential.stateDiff, kind)
        assert.equal(parallel.stateRoot, sequential.stateRoot, kind)
      }
    }
  })
})

test('senders are recovered in the workers when they are not given', async () => {
  const block = await flatCase('transfers')
  await withExecutor({ state: stateOf(block) }, async (executor) => {
    const given = await executor.execute(block.blockRlp, { ...optionsOf(block), advance: false })
    const { senders, ...options } = optionsOf(block)
    assert.ok(senders)
    const recovered = await executor.execute(block.blockRlp, { ...options, advance: false })
    assert.equal(recovered.stateDiff, given.stateDiff)
  })
})

test('a block leaves its state to the next one, and none behind with advance: false', async () => {
  const block = await flatCase('transfers')
  await withExecutor({ state: stateOf(block) }, async (executor) => {
    await executor.execute(block.blockRlp, { ...optionsOf(block), advance: false })
    await executor.execute(block.blockRlp, optionsOf(block))
    // The nonces are used up now.
    assert.is(await codeOf(executor.execute(block.blockRlp, optionsOf(block))), 'INVALID_TRANSACTION')
  })
})

test('a transaction that is not valid makes the block invalid and leaves the state as it was', async () => {
  const block = await flatCase('transfers')
  const [header, transactions, ...rest] = RLP.decode(block.blockRlp) as unknown as [Uint8Array[], Uint8Array[], never]
  const twice = RLP.encode([header, [...transactions.slice(0, 5), transactions[2]], ...rest] as never)
  await withExecutor({ state: stateOf(block) }, async (executor) => {
    const senders = block.senders as Uint8Array[]
    const options = { ...optionsOf(block), senders: [...senders.slice(0, 5), senders[2] as Uint8Array] }
    for (const mode of ['parallel', 'sequential'] as const) {
      const error = await executor.execute(twice, { ...options, mode }).catch((thrown: unknown) => thrown)
      assert.instance(error, ParallevmError)
      assert.is((error as { transaction?: number }).transaction, 5)
      assert.match((error as Error).message, 'NONCE_MISMATCH')
    }
    await executor.execute(block.blockRlp, optionsOf(block))
  })
})

test("bundled blocks: every root is the header's, whatever verifies", async () => {
  for (const [k, verify] of (['header', 'sequential', 'ethereumjs'] as const).entries()) {
    await withExecutor({ state: memoryState([]), verify }, async (executor) => {
      for (const path of mainnetCases().filter((_, i) => i % 3 === k)) {
        const block = loadCase(path)
        assert.is(block.preState.kind, 'witness')
        if (block.preState.kind !== 'witness') continue
        await executor.setState(witnessState(block.preState))
        const result = await executor.execute(block.blockRlp, optionsOf(block))
        assert.equal(result.stateRoot, block.expected.stateRoot)
        assert.equal(result.receiptsRoot, block.expected.receiptsRoot)
      }
    })
  }
})

test('a header that says something else is refused, and the block can still be executed', async () => {
  const block = loadCase(mainnetCases().find((path) => path.includes('mainnet-mix-small')) as string)
  assert.is(block.preState.kind, 'witness')
  if (block.preState.kind !== 'witness') return
  const [header, ...body] = RLP.decode(block.blockRlp) as unknown as [Uint8Array[], never]
  const tampered = (field: number): Uint8Array => {
    const bytes = (header[field] as Uint8Array).slice()
    bytes[bytes.length - 1]! ^= 1
    return RLP.encode([header.with(field, bytes), ...body] as never)
  }
  await withExecutor({ state: witnessState(block.preState), verify: 'header' }, async (executor) => {
    for (const [field, code] of [
      [0, 'INVALID_ANCESTORS'],
      [3, 'INVALID_STATE_ROOT'],
      [4, 'INVALID_TRANSACTIONS_ROOT'],
      [5, 'INVALID_RECEIPTS_ROOT'],
      [6, 'INVALID_LOGS_BLOOM'],
      [10, 'INVALID_GAS_USED'],
      [16, 'INVALID_WITHDRAWALS_ROOT'],
      [20, 'INVALID_REQUESTS_HASH'],
    ] as const) {
      assert.is(await codeOf(executor.execute(tampered(field), optionsOf(block))), code)
    }
    const result = await executor.execute(block.blockRlp, optionsOf(block))
    assert.equal(result.stateRoot, block.expected.stateRoot)
  })
})

test('a witness without a node that the block needs is a typed error', async () => {
  const block = loadCase(mainnetCases().find((path) => path.includes('mainnet-mix-small')) as string)
  if (block.preState.kind !== 'witness') throw new Error('the bundled blocks are witnesses')
  const { root, nodes, codes } = block.preState
  const seen = new Set<string>()
  await withExecutor({ state: memoryState([]), verify: 'header' }, async (executor) => {
    for (let i = 1; i < nodes.length; i += Math.ceil(nodes.length / 12)) {
      await executor.setState(witnessState({ root, codes, nodes: nodes.filter((_, k) => k !== i) }))
      seen.add(await codeOf(executor.execute(block.blockRlp, optionsOf(block))))
    }
  })
  seen.delete('no error') // a node that only the generator needed
  assert.equal([...seen], ['MISSING_NODE'])
})

test('consecutive real blocks follow each other', async () => {
  const data = dataFolder()
  if (data === undefined) return console.log('skipped: set PARALLEVM_FIXTURES to the folder with mainnet/witness')
  const [first, second] = [24628607, 24628608].map((n) => loadCase(join(data, `mainnet/witness/blocks/${n}.json.gz`)))
  if (first?.preState.kind !== 'witness' || second?.preState.kind !== 'witness') throw new Error('not witnesses')
  const state = witnessState(first.preState)
  await withExecutor({ state, verify: 'header' }, async (executor) => {
    await executor.execute(first.blockRlp, optionsOf(first))
    state.add(second.preState as typeof first.preState & { kind: 'witness' })
    const result = await executor.execute(second.blockRlp, optionsOf(second))
    assert.equal(result.stateRoot, second.expected.stateRoot)
  })
})

test('a custom Common reaches the workers', async () => {
  const block = await flatCase('transfers')
  const dear = createCustomCommon({ chainId: 1 }, Mainnet, { params: { 1: { txGas: 30_000 } } })
  const [header, transactions, ...rest] = RLP.decode(block.blockRlp) as unknown as [Uint8Array[], Uint8Array[], never]
  const one = RLP.encode([header, transactions.slice(0, 1), ...rest] as never)
  const options = { ...optionsOf(block), senders: (block.senders as Uint8Array[]).slice(0, 1) }
  await withExecutor({ state: stateOf(block), common: dear }, async (executor) => {
    const error = await executor.execute(one, options).catch((thrown: unknown) => thrown)
    assert.match((error as Error).message, 'INTRINSIC_GAS_TOO_LOW')
  })
})

test('any @ethereumjs state manager is a state: read on demand, written back', async () => {
  const block = await flatCase('mainnet-mix')
  const stateManager = await managerOf(block.preState, common)
  const before = await stateManager.getStateRoot()
  const expected = await withExecutor({ state: stateOf(block) }, (executor) =>
    executor.execute(block.blockRlp, { ...optionsOf(block), advance: false }),
  )
  await withExecutor({ state: stateManagerState(stateManager) }, async (executor) => {
    const dropped = await executor.execute(block.blockRlp, { ...optionsOf(block), mode: 'parallel', advance: false })
    assert.equal(dropped.stateDiff, expected.stateDiff)
    assert.equal(await stateManager.getStateRoot(), before)
    const kept = await executor.execute(block.blockRlp, { ...optionsOf(block), mode: 'parallel' })
    assert.equal(kept.receipts, expected.receipts)
    assert.equal(await stateManager.getStateRoot(), kept.stateRoot)
    assert.not.equal(kept.stateRoot, before)
  })
})

test('a state manager that fails makes the block fail with its error', async () => {
  const block = await flatCase('transfers')
  const source = stateManagerState(await managerOf(block.preState, common))
  let answers = 20
  const failing: StateSource = {
    ...source,
    account: async (address) => {
      if (answers-- === 0) throw new Error('disk on fire')
      return await source.account?.(address)
    },
  }
  await withExecutor({ state: failing }, async (executor) => {
    assert.is(await codeOf(executor.execute(block.blockRlp, optionsOf(block))), 'STATE_SOURCE_FAILED')
    await executor.execute(block.blockRlp, optionsOf(block))
  })
})

test('workers that throw or die fail the block with a typed error and are replaced', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-'))
  const file = join(folder, 'fault')
  process.env.PARALLEVM_TEST_FAULT = file
  const block = await flatCase('erc20-many')
  const workerSetup = new URL('../../support/faultySetup.js', import.meta.url)
  try {
    await withExecutor({ state: stateOf(block), workerSetup }, async (executor) => {
      const expected = await executor.execute(block.blockRlp, { ...optionsOf(block), advance: false })
      for (const [fault, code] of [
        ['throw', 'ENGINE_FAILED'],
        ['exit', 'WORKER_FAILED'],
        ['exit', 'WORKER_FAILED'],
      ] as const) {
        writeFileSync(file, fault)
        // Dying workers can only be replaced once they no longer die at start.
        if (fault === 'exit') setTimeout(() => rmSync(file, { force: true }), 1000)
        assert.is(await codeOf(executor.execute(block.blockRlp, { ...optionsOf(block), mode: 'parallel' })), code)
        rmSync(file, { force: true })
        const again = await executor.execute(block.blockRlp, { ...optionsOf(block), advance: false })
        assert.equal(again.stateDiff, expected.stateDiff)
      }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('close ends an executor whose workers hang, and whatever it was doing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-'))
  const file = join(folder, 'fault')
  process.env.PARALLEVM_TEST_FAULT = file
  const block = await flatCase('erc20-many')
  const workerSetup = new URL('../../support/faultySetup.js', import.meta.url)
  const executor = await BlockExecutor.create({
    common,
    threads: 2,
    verify: 'none',
    state: stateOf(block),
    workerSetup,
  })
  writeFileSync(file, 'hang')
  const running = codeOf(executor.execute(block.blockRlp, optionsOf(block)))
  await new Promise((resolve) => setTimeout(resolve, 300))
  await executor.close()
  assert.is(await running, 'EXECUTOR_CLOSED')
  assert.is(await codeOf(executor.execute(block.blockRlp, optionsOf(block))), 'EXECUTOR_CLOSED')
  await executor.close()
  rmSync(folder, { recursive: true, force: true })
})

test('bad options and bad bytes get typed errors', async () => {
  const block = await flatCase('transfers')
  const state = stateOf(block)
  assert.is(await codeOf(BlockExecutor.create({ state, threads: 0 })), 'INVALID_OPTIONS')
  assert.is(await codeOf(BlockExecutor.create({ state, chain: 'nowhere' as never })), 'INVALID_OPTIONS')
  const hashing = new Common({ chain: Mainnet, customCrypto: { keccak256: keccak_256 } })
  assert.is(await codeOf(BlockExecutor.create({ state, common: hashing })), 'INVALID_OPTIONS')
  assert.is(await codeOf(BlockExecutor.create({ state, workerSetup: 'file:///nowhere.js' })), 'WORKER_SETUP_FAILED')
  await withExecutor({ state }, async (executor) => {
    assert.is(await codeOf(executor.execute(Uint8Array.of(1, 2, 3))), 'MALFORMED_BLOCK')
    const decoded = createBlockFromRLP(block.blockRlp, {
      common,
      setHardfork: true,
      skipConsensusFormatValidation: true,
    })
    const result = await executor.execute(decoded, optionsOf(block))
    assert.is(result.receipts.length, block.senders?.length)
  })
})

test('a memory that is too small is a typed error, and the executor still closes', async () => {
  const block = await flatCase('erc20-many')
  const code = await codeOf(
    withExecutor({ state: stateOf(block), maxMemory: 4 * 2 ** 20 }, (executor) =>
      executor.execute(block.blockRlp, optionsOf(block)),
    ),
  )
  assert.is(code, 'OUT_OF_SPACE')
})

test.run()
