import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createBlockFromRLP, genTransactionsTrieRoot } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import type { EVMMockBlockchainInterface } from '@ethereumjs/evm'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { Caches, MerkleStateManager } from '@ethereumjs/statemanager'
import { type KZG, MapDB, ValueEncoding } from '@ethereumjs/util'
import { createVM, runBlock } from '@ethereumjs/vm'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkByGeth, listedBlock } from '../../../scripts/listedBlock.js'
import {
  type BlockCase,
  bundledCases,
  chainOf,
  dataFolder,
  FixtureError,
  listCases,
  loadCase,
  writeWitnessCase,
} from '../../../src/blockFiles/index.js'
import { BlockExecutor, witnessState } from '../../../src/index.js'
import { generateWorkload, WORKLOADS } from '../../../src/workloads/index.js'
import { LISTED, mainnetCases } from '../../support/bundled.js'

// PARALLEVM_ALL_CASES=1 checks every bundled and every real block instead of a few: about a minute.
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const scratch = mkdtempSync(join(tmpdir(), 'parallevm-fixtures-'))
test.after(() => rmSync(scratch, { recursive: true }))

const byName = new Map(bundledCases().map((path) => [basename(path, '.json.gz'), path]))
const bundled = (name: string) => loadCase(byName.get(name)!)

/** Executes a witness case with nothing but @ethereumjs/vm; every mismatch with the header throws. */
async function runPlainly(blockCase: BlockCase) {
  const { preState } = blockCase
  if (preState.kind !== 'witness') throw new Error(`${blockCase.name} has no witness`)
  // Only asked to exist: the blocks carry no blobs.
  const common = new Common({ chain: Mainnet, hardfork: blockCase.fork, customCrypto: { kzg: {} as KZG } })
  const db = new MapDB<string, Uint8Array>()
  for (const node of preState.nodes) await db.put(hex(keccak_256(node)), node)
  for (const code of preState.codes) await db.put(`63${hex(keccak_256(code))}`, code)
  const trie = new MerklePatriciaTrie({
    db,
    root: preState.root,
    useKeyHashing: true,
    valueEncoding: ValueEncoding.Bytes,
    common,
  })
  const blockchain: EVMMockBlockchainInterface = {
    getBlock: async (number) => ({ hash: () => blockCase.blockHashes.get(BigInt(number))! }),
    putBlock: async () => {},
    shallowCopy: () => blockchain,
  }
  const stateManager = new MerkleStateManager({ trie, caches: new Caches(), common })
  const vm = await createVM({ common, stateManager, blockchain })
  const block = createBlockFromRLP(blockCase.blockRlp, { common })
  return runBlock(vm, { block, skipHeaderValidation: true })
}

/** The header says what the list of transactions says, and chains to its parent. */
async function checkBlock(blockCase: BlockCase, blockHash?: string): Promise<void> {
  const [header, transactions] = RLP.decode(blockCase.blockRlp) as [Uint8Array[], (Uint8Array | Uint8Array[])[]]
  if (blockHash) assert.is(`0x${hex(keccak_256(RLP.encode(header)))}`, blockHash, `${blockCase.name}: block hash`)
  const trie = new MerklePatriciaTrie()
  for (const [i, tx] of transactions.entries())
    await trie.put(RLP.encode(i), tx instanceof Uint8Array ? tx : RLP.encode(tx))
  assert.is(hex(trie.root()), hex(header[4]!), `${blockCase.name}: transactions root`)
  for (const [i, parent] of blockCase.parentHeaders.entries()) {
    const number = blockCase.number - 1n - BigInt(i)
    assert.is(hex(blockCase.blockHashes.get(number)!), hex(keccak_256(parent)), `${blockCase.name}: hash of ${number}`)
  }
}

test('every workload has a bundled case, and each is a whole block', async () => {
  for (const { kind } of WORKLOADS) assert.ok(byName.has(kind), kind)
  for (const path of byName.values()) {
    const blockCase = loadCase(path)
    assert.is(blockCase.fork, blockCase.name === LISTED ? 'amsterdam' : 'osaka')
    assert.ok(blockCase.expected.gasUsed! > 4_000_000n)
    await checkBlock(blockCase)
  }
})

test('bundled cases reproduce their header under plain @ethereumjs/vm', async () => {
  const all = mainnetCases().map((path) => basename(path, '.json.gz'))
  for (const name of process.env.PARALLEVM_ALL_CASES ? all : ['mainnet-mix-small', 'erc20-hot', 'uniswap-v2-one']) {
    const blockCase = bundled(name)
    const result = await runPlainly(blockCase)
    assert.is(hex(result.stateRoot), hex(blockCase.expected.stateRoot!), name)
    assert.is(hex(result.receiptsRoot), hex(blockCase.expected.receiptsRoot!), name)
    assert.is(result.gasUsed, blockCase.expected.gasUsed, name)
    const failed = result.results.filter(({ execResult }) => execResult.exceptionError !== undefined).length
    if (!name.startsWith('mainnet-mix')) assert.is(failed, 0, `${name}: failed transactions`)
  }
})

test('the mix holds what it promises', async () => {
  const blockCase = bundled('mainnet-mix-small')
  const { receipts, requests, results } = await runPlainly(blockCase)
  const common = new Common({ chain: Mainnet, hardfork: 'osaka', customCrypto: { kzg: {} as KZG } })
  const { transactions } = createBlockFromRLP(blockCase.blockRlp, { common })
  assert.equal([...new Set(transactions.map((tx) => tx.type))].sort(), [0, 1, 2, 3, 4])
  const failures = results.map(({ execResult }) => execResult.exceptionError?.error)
  assert.ok(failures.includes('revert') && failures.includes('out of gas'), String(failures))
  assert.is(failures.filter(Boolean).length / failures.length < 0.2, true, 'most transactions succeed')
  assert.ok(
    results.some(({ createdAddress }) => createdAddress),
    'a creation',
  )
  assert.ok(
    results.some(({ execResult }) => (execResult.selfdestruct?.size ?? 0) > 0),
    'a self-destruct',
  )
  assert.ok(receipts.some(({ logs }) => logs.length > 5))
  assert.is(requests!.filter(({ bytes }) => bytes.length > 1).length, 2, 'a withdrawal and a consolidation request')
})

test('a workload is determined by kind, gas and seed', async () => {
  for (const kind of ['mainnet-mix', 'transfers', 'uniswap-v3-many'] as const) {
    const options = { kind, gas: 1_000_000, withRoots: false }
    const [first, again, other] = [
      await generateWorkload(options),
      await generateWorkload(options),
      await generateWorkload({ ...options, seed: 7 }),
    ]
    assert.equal(first, again)
    assert.is.not(hex(first.blockRlp), hex(other.blockRlp))
  }
})

test('the bundled blocks are what the generator makes today; if not, run `npm run fixtures`', async () => {
  const { senders, ...made } = await generateWorkload({ kind: 'mainnet-mix', gas: 5_000_000, seed: 2 })
  assert.is(senders!.length, 79)
  assert.equal(bundled('mainnet-mix-small'), { ...made, name: 'mainnet-mix-small' })
})

test('the block of Amsterdam is what its script makes today, and go-ethereum says the same of it', async () => {
  const made = await listedBlock()
  const file = join(scratch, `${LISTED}.json.gz`)
  writeWitnessCase(made, file)
  assert.equal(loadCase(file), bundled(LISTED))
  rmSync(file)
  const evm = process.env.PARALLEVM_GETH_EVM
  if (evm === undefined) return console.log('skipped: not installed (PARALLEVM_GETH_EVM)')
  assert.match(await checkByGeth(made, evm), /go-ethereum/)
})

test('the block of Amsterdam holds what it promises, and two threads run it from its list unasked', async () => {
  const block = bundled(LISTED)
  const { blockRlp, blockAccessList, parentHeaders, preState } = block
  assert.ok(blockAccessList && preState.kind === 'witness')
  const common = new Common({ chain: chainOf(block.chainId), hardfork: block.fork })
  const open = { common, hardfork: block.fork, threads: 2, state: witnessState(preState) }
  const executor = await BlockExecutor.create(open)
  const {
    receipts,
    requests,
    blockAccessList: made,
    stats,
  } = await executor.execute(blockRlp, { parentHeaders, blockAccessList })
  await executor.close()
  assert.is(stats.mode, 'list')
  assert.is(stats.listRefused, undefined)
  assert.is(stats.reexecutions, 0)
  assert.equal(made?.rlp, blockAccessList)
  assert.equal([...new Set(receipts.map(({ type }) => type))].sort(), [0, 1, 2, 4])
  assert.is(receipts.filter(({ status }) => status === 0).length, 3)
  assert.ok(
    receipts.some(({ contractAddress }) => contractAddress),
    'a creation',
  )
  assert.is(requests?.length, 2)
  const { accounts = [] } = made ?? {}
  const most = (changes: readonly { index: number }[][]) => Math.max(...changes.map(({ length }) => length))
  assert.ok(most(accounts.map(({ balanceChanges }) => balanceChanges)) > 20, 'an account that many change')
  assert.ok(most(accounts.flatMap(({ storageChanges }) => storageChanges.map(({ changes }) => changes))) > 5)
  assert.ok(
    accounts.some(({ codeChanges }) => codeChanges.length > 0),
    'code',
  )
})

test('a workload without roots has the same transactions, senders and pre-state as with', async () => {
  const flat = await generateWorkload({ kind: 'erc20-one', gas: 500_000, withRoots: false })
  const full = await generateWorkload({ kind: 'erc20-one', gas: 500_000 })
  const transactions = (blockCase: BlockCase) => (RLP.decode(blockCase.blockRlp) as Uint8Array[])[1]
  assert.equal(transactions(flat), transactions(full))
  assert.equal(flat.expected, {})
  assert.is(flat.preState.kind, 'flat')
  const common = new Common({ chain: Mainnet, hardfork: 'osaka' })
  const block = createBlockFromRLP(full.blockRlp, { common })
  assert.equal(
    block.transactions.map((tx) => hex(tx.getSenderAddress().bytes)),
    flat.senders!.map(hex),
  )
  assert.is(hex(await genTransactionsTrieRoot(block.transactions)), hex(block.header.transactionsTrie))
})

test('writing and reading a witness case keeps it', async () => {
  const { senders, ...made } = await generateWorkload({ kind: 'uniswap-v2-one', gas: 600_000 })
  assert.is(senders!.length > 3, true)
  const file = join(scratch, 'round-trip.json.gz')
  writeWitnessCase(made, file)
  assert.equal(loadCase(file), { ...made, name: 'round-trip' })
  assert.equal(listCases([scratch]), [file])
  const flat = await generateWorkload({ kind: 'transfers', gas: 100_000, withRoots: false })
  assert.throws(
    () => writeWitnessCase(flat, file),
    (error: unknown) => error instanceof FixtureError && /withRoots/.test(error.message),
  )
})

test('a malformed fixture names file and field', () => {
  const file = join(scratch, 'broken.json')
  const whole = {
    number: 1,
    chainId: 1,
    fork: 'osaka',
    block: '0xc0',
    preStateRoot: `0x${'00'.repeat(32)}`,
    headers: [],
    codes: [],
    state: [],
  }
  const cases: [object, string][] = [
    [{ ...whole, block: undefined }, 'block'],
    [{ ...whole, block: '0xc' }, 'block'],
    [{ ...whole, block: '0xzz' }, 'block'],
    [whole, 'block'],
  ]
  for (const [json, field] of cases) {
    writeFileSync(file, JSON.stringify(json))
    assert.throws(
      () => loadCase(file),
      (error: unknown) =>
        error instanceof FixtureError &&
        error.file === file &&
        error.field === field &&
        error.code === 'MALFORMED_FIXTURE',
    )
  }
  writeFileSync(file, 'no json')
  assert.throws(
    () => loadCase(file),
    (error: unknown) => error instanceof FixtureError && error.field === '',
  )
  const good = JSON.parse(gunzipSync(readFileSync(byName.get('mainnet-mix-small')!)).toString()) as Record<
    string,
    unknown
  >
  const spoilt: [object, string][] = [
    [{ number: 5 }, 'number'],
    [{ hash: `0x${'11'.repeat(32)}` }, 'hash'],
    [{ fork: 'atlantis' }, 'fork'],
    [{ preStateRoot: `0x${'11'.repeat(32)}` }, 'preStateRoot'],
    [{ headers: [good.block] }, 'headers[0]'],
    [{ headers: [...(good.headers as string[]), ...(good.headers as string[])] }, 'headers[1]'],
    [{ blockHashes: [`0x${'22'.repeat(32)}`] }, 'blockHashes[0]'],
    [{ state: ['0x80', 'c0'] }, 'state[1]'],
    [{ codes: ['0x6', 3] }, 'codes[0]'],
  ]
  for (const [change, field] of spoilt) {
    writeFileSync(file, JSON.stringify({ ...good, ...change }))
    assert.throws(
      () => loadCase(file),
      (error: unknown) => error instanceof FixtureError && error.field === field,
      field,
    )
  }
  assert.throws(
    () => loadCase(join(scratch, 'absent')),
    (error: unknown) => error instanceof FixtureError && error.code === 'FIXTURE_NOT_FOUND',
  )
  assert.throws(
    () => listCases([mkdtempSync(join(scratch, 'empty-'))]),
    (error: unknown) => error instanceof FixtureError && error.code === 'FIXTURE_NOT_FOUND',
  )
})

// Real blocks are not part of the package: this runs where the data folder is.
test('mainnet cases: block hash and transactions root', async () => {
  const folder = dataFolder()
  if (!folder) return console.log('no data folder: real blocks are not checked')
  const all = listCases([join(folder, 'mainnet')])
  const some = all.filter((path) =>
    /\/(97|1920000|15537394|24647140|23587691|19929064|930196)(\.json\.gz)?$/.test(path),
  )
  assert.is(some.length >= 6, true)
  for (const path of process.env.PARALLEVM_ALL_CASES ? all : some) {
    const raw = path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(join(path, 'block.json'))
    const { hash } = JSON.parse(raw.toString()) as { hash: string }
    await checkBlock(loadCase(path), hash)
  }
})

test.run()
