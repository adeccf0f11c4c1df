// Precompiled contracts of a chain's own that throw while a block is executed ahead of its order: what they are given then is not what
// they are given in order, and the block comes out as if they had never thrown. Where they throw in order, it fails, and nothing is changed.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Op } from '../../../src/abi/registry.js'
import type { BlockCase } from '../../../src/blockFiles/index.js'
import { compareResults } from '../../../src/executor/compare.js'
import {
  BlockExecutor,
  type BlockResult,
  type EngineName,
  memoryState,
  type ParallevmError,
  PrecompileError,
} from '../../../src/index.js'
import { Random } from '../../../src/workloads/random.js'
import { signTransaction } from '../../../src/workloads/transaction.js'
import { wallet } from '../../../src/workloads/wallet.js'
import { callWith, hexOf, POP, STOP, sload, sstore } from '../../support/bytecode.js'
import { assertEqual, commonAt, THREADS } from '../../support/engines.js'
import { unhex } from '../../support/mapState.js'
import { address, type Built, build, ETHER, type Scenario } from '../../support/scenario.js'
import { after, slowSource } from '../../support/slowSource.js'
import { CHECKER, WAITER } from '../../support/throwingSetup.js'

const ROUNDS = Number(process.env.PARALLEVM_THROW_ROUNDS ?? 25)
const folder = mkdtempSync(join(tmpdir(), 'parallevm-throws-'))
const file = join(folder, 'throws')
process.env.PARALLEVM_TEST_FAULT = file
const throws = (): number => (existsSync(file) ? readFileSync(file).length : 0)

const workerSetup = new URL('../../support/throwingSetup.js', import.meta.url)
const common = commonAt('prague')
const byte = (value: number): string => Buffer.from([Op.PUSH1, value]).toString('hex')
const op = (code: number): string => Buffer.from([code]).toString('hex')
const mstore = (offset: number, value: string): string => value + byte(offset) + op(Op.MSTORE)
const calldata = (offset: number): string => byte(offset) + op(Op.CALLDATALOAD)
const bytes = (name: string): Uint8Array => unhex(name.slice(2))

/** Given n, makes slot 0 of it n + 1: the checker throws where it is not n. What the call gives is not looked at. */
const COUNTS = [
  mstore(0, calldata(32)) + callWith(bytes(WAITER), 32) + POP,
  mstore(0, calldata(0)) + mstore(32, sload(0)) + callWith(bytes(CHECKER), 64) + POP,
  sstore(0, byte(0) + op(Op.MLOAD)) + STOP,
].join('')

const COUNTERS = [0x201, 0x202, 0x203].map(address)
const SENDERS = Array.from({ length: 9 }, (_, i) => address(0x300 + i))
const word = (value: number): string => value.toString(16).padStart(64, '0')
const given = (count: number, pauses: number): string => word(count) + word(pauses)

/** Each counter's transactions come in its order, so that none throws; `wrong`: places of those that throw in order too. */
function sceneOf(seed: number, wrong: readonly number[] = []): Scenario {
  const random = new Random(seed, 'precompiles that throw')
  const counts = COUNTERS.map(() => 0)
  const transactions = Array.from({ length: 36 }, (_, place) => {
    const from = random.pick(SENDERS)
    const pauses = random.below(2 ** 31)
    const which = random.below(COUNTERS.length)
    if (wrong.includes(place)) return { from, to: COUNTERS[which] as Uint8Array, data: given(77 + place, pauses) }
    // Some call the contracts by themselves.
    if (place % 9 === 4) return { from, to: bytes(CHECKER), data: word(place) + word(place) }
    const data = given((counts[which] as number)++ as number, pauses)
    return { from, to: COUNTERS[which] as Uint8Array, data }
  })
  return {
    hardfork: 'prague',
    accounts: [
      ...SENDERS.map((account) => ({ address: account, balance: 100n * ETHER })),
      ...COUNTERS.map((account) => ({ address: account, code: COUNTS })),
    ],
    transactions,
  }
}

const open = (engine: EngineName, threads: number, { preState }: Built): Promise<BlockExecutor> =>
  BlockExecutor.create({
    ...{ common, engine, threads, verify: 'none', workerSetup },
    state: memoryState(preState.accounts, preState.codes),
  })

const optionsOf = ({ senders }: Built, threads: number) =>
  ({ senders, mode: threads === 1 ? 'sequential' : 'parallel', advance: false }) as const

const results = new Map<number, BlockResult>()

/** In order by the core, with what the library makes of the block. */
async function inOrder(seed: number, built: Built): Promise<BlockResult> {
  let result = results.get(seed)
  if (result === undefined) {
    const executor = await open('wasm', 1, built)
    const before = throws()
    result = await executor.execute(built.blockRlp, { ...optionsOf(built, 1), verify: 'ethereumjs', generate: true })
    assert.is(throws(), before)
    await executor.close()
    results.set(seed, result)
  }
  return result
}

for (const engine of ['wasm', 'ethereumjs'] as const) {
  for (const threads of [2, 4]) {
    test(`${engine}, ${threads} threads: contracts that throw too early`, async () => {
      const rounds = engine === 'wasm' ? ROUNDS : Math.ceil(ROUNDS / 4)
      const before = throws()
      const executor = await open(engine, threads, build(sceneOf(0)))
      try {
        for (let seed = 1; seed <= rounds; seed++) {
          const built = build(sceneOf(seed))
          const expected = await inOrder(seed, built)
          const result = await executor.execute(built.blockRlp, { ...optionsOf(built, threads), generate: true })
          compareResults(result, expected, 'sequential')
          assertEqual(result, expected)
        }
      } finally {
        await executor.close()
      }
      assert.ok(throws() > before, 'nothing was executed too early')
    })
  }
}

for (const threads of THREADS) {
  test(`${threads} threads, values that arrive later: contracts that throw for guesses`, async () => {
    for (let seed = 1; seed <= Math.ceil(ROUNDS / 5); seed++) {
      const built = build(sceneOf(seed))
      const { source } = slowSource({ preState: built.preState } as BlockCase, after(0.2))
      const executor = await BlockExecutor.create({ common, threads, verify: 'none', workerSetup, state: source })
      const result = await executor.execute(built.blockRlp, { ...optionsOf(built, 2), root: false })
      await executor.close()
      const expected = await inOrder(seed, built)
      assert.equal(result.receipts, expected.receipts)
      assert.equal(result.stateDiff, expected.stateDiff)
    }
  })
}

for (const engine of ['wasm', 'ethereumjs'] as const) {
  test(`${engine}: one that throws in order fails the block, the first is named, and the state is as before`, async () => {
    for (const threads of THREADS) {
      const executor = await open(engine, threads, build(sceneOf(0)))
      try {
        for (let seed = 1; seed <= Math.ceil(ROUNDS / 5); seed++) {
          const first = seed % 17
          const bad = build(sceneOf(seed, [first, first + 8, first + 9]))
          const error = await executor.execute(bad.blockRlp, { ...optionsOf(bad, threads), advance: true }).then(
            () => undefined,
            (thrown: ParallevmError) => thrown,
          )
          assert.instance(error, PrecompileError)
          assert.is(error?.code, 'PRECOMPILE_THREW')
          assert.match(error?.message ?? '', new RegExp(`^transaction ${first}: .* ${CHECKER}: (run|gas) threw: `))
          for (const account of SENDERS) assert.is((await executor.getAccount(account))?.nonce, 0n)
          for (const account of COUNTERS) assert.is(BigInt(`0x${hexOf(await executor.getStorage(account, 0n))}`), 0n)
          const built = build(sceneOf(seed))
          const result = await executor.execute(built.blockRlp, { ...optionsOf(built, threads), generate: true })
          assertEqual(result, await inOrder(seed, built))
        }
      } finally {
        await executor.close()
      }
    }
  })
}

test('blocks that are built: what throws in order is left out, what throws too early is not', async () => {
  const wallets = Array.from({ length: 12 }, (_, i) => wallet(1, 'precompiles that throw', i))
  const prices = { maxFee: 10n ** 10n, priorityFee: 1n, maxFeePerBlobGas: 1n }
  const transactions = wallets.map((sender, i) => {
    // The seventh throws: nobody counted so far.
    const count = i === 6 ? 99 : i > 6 ? i - 1 : i
    const fields = { type: 2, gasLimit: 200_000n, to: COUNTERS[0] as Uint8Array, data: unhex(given(count, i)) } as const
    return signTransaction(1n, sender, fields, prices) as Uint8Array
  })
  const scene = sceneOf(0)
  const accounts = [...scene.accounts, ...wallets.map((one) => ({ address: one.address, balance: ETHER }))]
  const ground = build({ ...scene, accounts, transactions: [] })
  for (const threads of THREADS) {
    const executor = await open('wasm', threads, ground)
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const built = await executor.build(transactions, {
          inPlaceOf: RLP.encode((RLP.decode(ground.blockRlp) as Uint8Array[])[0] as Uint8Array),
          timestamp: 1_000_000n,
          order: (a, b) => a.index - b.index,
          root: false,
        })
        assert.equal(built.included, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11])
        assert.equal(
          built.skipped.map(({ index, reason }) => `${index} ${reason}`),
          ['6 PRECOMPILE_THREW'],
        )
        assert.match(built.skipped[0]?.message ?? '', /threw/)
      }
    } finally {
      await executor.close()
    }
  }
})

test.after(() => rmSync(folder, { recursive: true, force: true }))
test.run()
