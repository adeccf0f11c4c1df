// Transitions against plain @ethereumjs/vm: the same transactions, those that are rejected left out, must come to the same.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, privateToAddress } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainCommons } from '../../../src/block/common.js'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { InvalidInputError } from '../../../src/door/errors.js'
import { type FuzzBlock, FuzzWorld } from '../../../src/fuzz/blocks.js'
import { Field } from '../../../src/fuzz/header.js'
import { difference } from '../../../src/fuzz/oracles/compare.js'
import { ethereumjsOracle } from '../../../src/fuzz/oracles/ethereumjs.js'
import { blockReward, type T8nResponse, t8nAnswer, t8nRequest } from '../../../src/fuzz/oracles/t8n.js'
import { forkOf, rulesOfNetwork } from '../../../src/spectests/forks.js'
import type { PlainState } from '../../../src/spectests/plainState.js'
import type { Output } from '../../../src/t8n/output.js'
import type { TransitionRules } from '../../../src/t8n/rules.js'
import { TransitionTool } from '../../../src/t8n/transition.js'

const FORKS = ['Frontier', 'Byzantium', 'London', 'Paris', 'Cancun', 'Osaka']
const KEY = `0x${'45'.repeat(32)}` as const
const RICH = bytesToHex(privateToAddress(Buffer.from(KEY.slice(2), 'hex')))
const TO = `0x${'bb'.repeat(20)}`
const COINBASE = `0x${'cc'.repeat(20)}`
const ENV = {
  currentCoinbase: COINBASE,
  currentGasLimit: '0x1c9c380',
  currentNumber: '1',
  currentTimestamp: '0x3e8',
  currentRandom: '0x00',
  currentBaseFee: '0x7',
  blockHashes: { 0: `0x${'11'.repeat(32)}` },
  withdrawals: [],
}
const TRANSFER = { to: TO, gas: '0x5208', gasPrice: '0x9', value: '0x5', input: '0x', nonce: '0x0', secretKey: KEY }
const ALLOC = { [RICH]: { balance: '0xde0b6b3a7640000' } }

function worldOf(fork: string, seed: number): FuzzWorld {
  const rules = rulesOfNetwork(fork)
  return new FuzzWorld(seed, fork, rules, new ChainCommons(rules).at(1n, 12n), forkOf(fork).rules)
}

async function withTool<T>(
  rules: Partial<TransitionRules> & { fork: string },
  use: (tool: TransitionTool) => Promise<T>,
) {
  const tool = await TransitionTool.create({ chainId: 1n, reward: 0n, ...rules }, { engine: 'wasm', threads: 1 })
  try {
    return await use(tool)
  } finally {
    await tool.close()
  }
}

/** Whatever is rejected is left out of what the oracle executes. */
async function compare(tool: TransitionTool, state: PlainState, block: FuzzBlock): Promise<number[]> {
  const { alloc, env, txs } = t8nRequest(state, block)
  const output = JSON.parse(JSON.stringify(await tool.run({ alloc, env, txs }))) as T8nResponse & Output
  const rejected = (output.result.rejected ?? []).map(({ index }) => index)
  const left = <T>(list: readonly T[]) => list.filter((_, index) => !rejected.includes(index))
  const transactions = left(block.transactions)
  assert.is(output.body, bytesToHex(RLP.encode(transactions as never)))
  const header = [...block.header]
  if (header.length > Field.BLOB_GAS_USED) header[Field.BLOB_GAS_USED] = BigInt(output.result.blobGasUsed as string)
  const { fault: _, ...rest } = block
  const same = { ...rest, header, transactions, senders: left(block.senders) }
  const answer = t8nAnswer({ ...output, result: { ...output.result, rejected: null } } as T8nResponse)
  const oracle = await ethereumjsOracle.run(state, same)
  assert.is(difference(state, { name: 't8n', answer }, { name: 'ethereumjs', answer: oracle }), undefined)
  if (oracle.kind === 'outcome' && 'diff' in oracle.change) state.apply(oracle.change.diff)
  return rejected
}

let rejected = 0
for (const fork of FORKS) {
  test(`random transactions come to what @ethereumjs/vm makes of those that are let in: ${fork}`, async () => {
    for (const seed of [1, 5, 9]) {
      const world = worldOf(fork, seed)
      let block = world.next()
      await withTool({ fork, reward: blockReward(block) ?? 0n }, async (tool) => {
        for (let blocks = 0; blocks < 3; blocks++, block = world.next()) {
          const found = await compare(tool, world.state, block)
          if (block.fault !== undefined) assert.ok(found.includes(block.fault.index), `planned at ${block.fault.index}`)
          rejected += found.length
        }
      })
    }
  })
}

test('the random blocks had transactions to reject', () => {
  assert.ok(rejected > 3, `${rejected} were`)
})

test('unsigned transactions are signed, and what cannot follow is rejected by its index', async () => {
  await withTool({ fork: 'Shanghai' }, async (tool) => {
    const txs = [
      TRANSFER,
      { ...TRANSFER, nonce: '0x7' },
      {
        ...TRANSFER,
        type: '0x2',
        nonce: '0x1',
        chainId: '0x1',
        maxFeePerGas: '0x9',
        maxPriorityFeePerGas: '0x1',
        accessList: [],
      },
      { ...TRANSFER, nonce: '0x2', protected: false },
    ]
    const { alloc, result } = await tool.run({ alloc: ALLOC, env: ENV, txs })
    assert.equal(
      (result.rejected as { index: number }[]).map(({ index }) => index),
      [1],
    )
    assert.match((result.rejected as { error: string }[])[0]!.error, /nonce/i)
    assert.is(alloc[TO]?.balance, '0xf')
    assert.is(alloc[RICH]?.nonce, '0x3')
    assert.is(result.gasUsed, `0x${(3 * 21_000).toString(16)}`)
    assert.equal(
      (result.receipts as { status: string }[]).map(({ status }) => status),
      ['0x1', '0x1', '0x1'],
    )
  })
})

test('blobs beyond the limit are rejected, and a smaller transaction after them still fits', async () => {
  const blobs = (count: number, nonce: number) => ({
    ...TRANSFER,
    type: '0x3',
    chainId: '0x1',
    nonce: `0x${nonce}`,
    maxFeePerGas: '0x9',
    maxPriorityFeePerGas: '0x1',
    maxFeePerBlobGas: '0x9',
    accessList: [],
    blobVersionedHashes: Array(count).fill(`0x01${'22'.repeat(31)}`),
  })
  const env = { ...ENV, currentExcessBlobGas: '0x0', parentBeaconBlockRoot: `0x${'00'.repeat(32)}` }
  await withTool({ fork: 'Cancun' }, async (tool) => {
    const { result } = await tool.run({ alloc: ALLOC, env, txs: [blobs(4, 0), blobs(3, 1), blobs(2, 1)] })
    assert.equal(
      (result.rejected as { index: number }[]).map(({ index }) => index),
      [1],
    )
    assert.is(result.blobGasUsed, `0x${(6 * 131_072).toString(16)}`)
  })
})

test('fields of the parent stand in for the current ones', async () => {
  const { currentBaseFee: _, ...env } = ENV
  await withTool({ fork: 'Shanghai' }, async (tool) => {
    const parent = { parentBaseFee: '0x3e8', parentGasUsed: '0x1c9c380', parentGasLimit: '0x1c9c380' }
    const { result } = await tool.run({ alloc: ALLOC, env: { ...env, ...parent }, txs: [] })
    assert.is(result.currentBaseFee, `0x${(1_000 + 125).toString(16)}`)
    await assertRefused(tool.run({ alloc: ALLOC, env, txs: [] }), 'env.currentBaseFee')
    const limitless = { ...env, ...parent, parentGasLimit: '0x1' }
    await assertRefused(tool.run({ alloc: ALLOC, env: limitless, txs: [] }), 'env.parentGasLimit')
  })
  const { currentRandom: __, ...old } = { ...ENV, currentNumber: '0x100', currentTimestamp: '0x3e8' }
  await withTool({ fork: 'Frontier', reward: -1n }, async (tool) => {
    const parent = { parentDifficulty: '0x100000', parentTimestamp: '0x3e7' }
    const { result } = await tool.run({ alloc: ALLOC, env: { ...old, ...parent }, txs: [] })
    assert.is(result.currentDifficulty, `0x${(0x100000 + 0x100000 / 2048).toString(16)}`)
    const late = { ...old, ...parent, currentNumber: '0x7fffffffffffffff' }
    await assertRefused(tool.run({ alloc: ALLOC, env: late, txs: [] }), 'env.currentNumber')
  })
})

test('without a reward and transactions the coinbase does not begin to exist; a reward pays it and uncles', async () => {
  const { currentRandom: _, ...env } = { ...ENV, currentDifficulty: '0x20000' }
  await withTool({ fork: 'Frontier', reward: -1n }, async (tool) => {
    assert.equal((await tool.run({ alloc: ALLOC, env, txs: [] })).alloc, ALLOC)
  })
  await withTool({ fork: 'Frontier', reward: 0n }, async (tool) => {
    assert.equal((await tool.run({ alloc: {}, env, txs: [] })).alloc, { [COINBASE]: { balance: '0x0' } })
  })
  await withTool({ fork: 'Frontier', reward: 64n }, async (tool) => {
    const ommers = [{ delta: 1, address: TO }]
    const { alloc } = await tool.run({ alloc: {}, env: { ...env, currentNumber: '0x5', ommers }, txs: [] })
    assert.equal(alloc, { [TO]: { balance: '0x38' }, [COINBASE]: { balance: '0x42' } })
  })
})

test('what an input lacks or has wrong is named', async () => {
  await withTool({ fork: 'Shanghai' }, async (tool) => {
    const good = { alloc: ALLOC, env: ENV, txs: [] }
    const { withdrawals: _, ...without } = ENV
    await assertRefused(tool.run({ ...good, env: without }), 'env.withdrawals')
    await assertRefused(tool.run({ ...good, env: { ...ENV, currentGasLimit: 'much' } }), 'env.currentGasLimit')
    await assertRefused(tool.run({ ...good, env: undefined }), 'env')
    await assertRefused(tool.run({ ...good, alloc: { [RICH]: { balance: -1 } } }), 'alloc[0].value.balance')
    await assertRefused(tool.run({ ...good, txs: '0x01' }), 'txs')
    await assertRefused(tool.run({ ...good, txs: {} }), 'txs')
    await assertRefused(tool.run({ ...good, txs: [{ ...TRANSFER, secretKey: '0x1' }] }), 'txs[0].secretKey')
    // And it goes on after them.
    assert.equal((await tool.run(good)).alloc, ALLOC)
  })
  await withTool({ fork: 'Shanghai', reward: 1n }, async (tool) => {
    await assertRefused(tool.run({ alloc: ALLOC, env: ENV, txs: [] }), 'reward')
  })
})

async function assertRefused(run: Promise<unknown>, field: string): Promise<void> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.instance(error, InvalidInputError)
  assert.is((error as InvalidInputError).field, field)
}

test('the command reads files or standard input, and writes files and streams', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-t8n-'))
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  const t8n = (args: string[], input = '') =>
    spawnSync(process.execPath, [main, 't8n', '--state.fork=Shanghai', '-t', '1', ...args], {
      encoding: 'utf8',
      input,
      cwd: folder,
    })
  try {
    for (const [name, value] of Object.entries({ alloc: ALLOC, env: ENV, txs: [TRANSFER] })) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(value))
    }
    const files = t8n(['--output.basedir=out', '--output.body=body.rlp'])
    assert.is(files.stderr, '')
    assert.is(files.status, 0)
    const [alloc, result] = ['alloc', 'result'].map((name) =>
      JSON.parse(readFileSync(join(folder, `out/${name}.json`), 'utf8')),
    )
    assert.is(alloc[TO].balance, '0x5')
    writeFileSync(join(folder, 'body.rlp'), readFileSync(join(folder, 'out/body.rlp')))
    const piped = t8n(
      [
        '--input.alloc=stdin',
        '--input.env=stdin',
        '--input.txs=body.rlp',
        '--output.alloc=stdout',
        '--output.result=stdout',
      ],
      JSON.stringify({ alloc: ALLOC, env: ENV }),
    )
    assert.equal(JSON.parse(piped.stdout), { alloc, result })
    const missing = t8n(['--input.env=nowhere.json'])
    assert.is(missing.status, 2)
    assert.match(missing.stderr, /nowhere\.json cannot be read as JSON/)
    assert.is(t8n(['--state.fork=Nowhere']).status, 2)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.run()
