// Options that hold for one block: what is verified, headers that are made, hashes for BLOCKHASH.
import { createBlock, createBlockFromRLP } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { createLegacyTx } from '@ethereumjs/tx'
import { Address, bytesToHex } from '@ethereumjs/util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { padded32 } from '../../../src/bytes.js'
import { RecentHashes } from '../../../src/executor/recentHashes.js'
import { BlockExecutor, type ExecuteOptions, memoryState, type ParallevmError } from '../../../src/index.js'
import { wallet } from '../../../src/workloads/wallet.js'

const test = suite('blockOptions')
const common = new Common({ chain: Mainnet, hardfork: 'shanghai' })
const sender = wallet(1, 'block options', 0)
const CONTRACT = new Uint8Array(20).fill(0xc0)
/** PUSH1 3, NUMBER, SUB, BLOCKHASH, PUSH1 0, SSTORE */
const CODE = '0x600343034060005500'
const FIRST = 1_000n

const executors: BlockExecutor[] = []
async function open(): Promise<BlockExecutor> {
  const state = memoryState([
    { address: sender.address, nonce: 0, balance: 10n ** 20n },
    { address: CONTRACT, nonce: 1, balance: 0, code: CODE },
  ])
  const executor = await BlockExecutor.create({ common, hardfork: 'shanghai', state, threads: 2, maxMemory: 2 ** 27 })
  executors.push(executor)
  return executor
}
test.after(async () => {
  for (const executor of executors) await executor.close()
})

/** Calls the contract; roots and gas used are still to be made. */
function draft(index: number, parentHash: Uint8Array): Uint8Array {
  const to = new Address(CONTRACT)
  const tx = createLegacyTx({ nonce: index, gasPrice: 10, gasLimit: 100_000, to }, { common }).sign(sender.key)
  const header = {
    number: FIRST + BigInt(index),
    timestamp: 1_700_000_000 + 12 * index,
    gasLimit: 30_000_000,
    parentHash,
  }
  return createBlock(
    { header, transactions: [tx], withdrawals: [] },
    { common, skipConsensusFormatValidation: true },
  ).serialize()
}

const hashes: ExecuteOptions['findBlockHash'] = (number) => padded32(Uint8Array.of(Number(number % 251n) + 1))
const code = (run: Promise<unknown>): Promise<string | undefined> =>
  run.then(
    () => undefined,
    (error: ParallevmError) => error.code,
  )

test('a generated header is right, and the same block without is refused unless nothing is verified', async () => {
  const [executor, judge] = [await open(), await open()]
  const raw = draft(0, new Uint8Array(32).fill(1))
  assert.is(await code(executor.execute(raw, { findBlockHash: hashes })), 'INVALID_TRANSACTIONS_ROOT')
  assert.is(await code(executor.execute(raw, { findBlockHash: hashes, verify: 'result' })), 'INVALID_GAS_USED')
  const { generated, hash, stateRoot } = await executor.execute(raw, { findBlockHash: hashes, generate: true })
  const block = createBlockFromRLP(generated!.blockRlp, { common })
  assert.equal(block.hash(), hash)
  assert.equal(block.header.stateRoot, stateRoot)
  assert.equal(block.header.transactionsTrie, generated!.transactionsRoot)
  assert.ok(await block.transactionsTrieIsValid())
  const judged = await judge.execute(generated!.blockRlp, { findBlockHash: hashes, verify: 'ethereumjs' })
  assert.equal(judged.stateRoot, stateRoot)
  assert.is(judged.generated, undefined)
})

test('verify: none accepts what a header says wrongly', async () => {
  const executor = await open()
  const raw = draft(0, new Uint8Array(32).fill(1))
  const { gasUsed } = await executor.execute(raw, { findBlockHash: hashes, verify: 'none' })
  assert.ok(gasUsed > 21_000n)
})

test('hashes of blocks that were executed are known, older ones are asked for', async () => {
  const executor = await open()
  const asked: bigint[] = []
  const findBlockHash: typeof hashes = (number) => {
    asked.push(number)
    return hashes?.(number)
  }
  let parent: Uint8Array = new Uint8Array(32).fill(1)
  const made: Uint8Array[] = []
  for (let i = 0; i < 5; i++) {
    asked.length = 0
    // From the fourth block on the one that is asked for is the first, and then the second.
    const { hash } = await executor.execute(draft(i, parent), { generate: true, ...(i < 3 && { findBlockHash }) })
    assert.is(asked.includes(FIRST + BigInt(i) - 3n), i < 2, `block ${i}`)
    if (i >= 3) assert.equal(await executor.getStorage(CONTRACT, 0), made[i - 3])
    made.push(hash)
    parent = hash
  }
  // Of another chain they are not.
  assert.is(
    await code(executor.execute(draft(5, new Uint8Array(32).fill(9)), { generate: true })),
    'BLOCK_HASH_MISSING',
  )
  const block = draft(5, parent)
  assert.is(await code(executor.execute(block, { generate: true, findBlockHash: (() => 'x') as never })), undefined)
})

test('what findBlockHash finds must be a hash', async () => {
  const executor = await open()
  const run = executor.execute(draft(0, new Uint8Array(32).fill(1)), { generate: true, findBlockHash: () => '0x12' })
  assert.is(await code(run), 'INVALID_OPTIONS')
  const failing = executor.execute(draft(0, new Uint8Array(32).fill(1)), {
    generate: true,
    findBlockHash: async () => {
      throw new Error('no such block')
    },
  })
  assert.is(await failing.catch(({ message }: Error) => message), 'no such block')
  assert.is(
    await code(executor.execute(draft(0, new Uint8Array(32).fill(1)), { generate: true, findBlockHash: hashes })),
    undefined,
  )
})

test('hashes are found along a chain, 256 of them, whatever else was given', () => {
  const recent = new RecentHashes()
  const hashOf = (number: number, branch = 0): Uint8Array => padded32(Uint8Array.of(branch, number >> 8, number & 255))
  const add = (number: number, branch = 0, parent = branch): void =>
    recent.add({ number: BigInt(number), parentHash: hashOf(number - 1, parent) }, hashOf(number, branch))
  const known = (number: number, branch = 0): string[] => {
    const hashes = new Map<bigint, Uint8Array>()
    recent.complete({ number: BigInt(number), parentHash: hashOf(number - 1, branch) }, hashes)
    return [...hashes].map(([at, hash]) => `${at} ${bytesToHex(hash)}`)
  }
  const line = (number: number, branch = 0): string => `${number} ${bytesToHex(hashOf(number, branch))}`
  for (let number = 1; number <= 300; number++) add(number)
  assert.equal([known(301).length, known(301)[0], known(301).at(-1)], [256, line(300), line(45)])
  add(299, 1, 0)
  assert.equal([known(300, 1).length, known(300, 1)[0], known(300, 1)[1]], [256, line(299, 1), line(298)])
  assert.is(known(301).length, 256)
  assert.equal(known(900), [line(899)])
  // A number that does not follow is no ancestor's.
  recent.add({ number: 7n, parentHash: hashOf(300) }, hashOf(301))
  assert.equal(known(302), [line(301)])
  for (let number = 1000; number < 2100; number++) add(number)
  assert.equal(known(301), [line(300)])
})

test.run()
