// Ancestors and the state before a block are believed only as far as hashes prove them.
import { createBlockHeader } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { hexToBytes } from '@ethereumjs/util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ancestorHashes, InvalidAncestorsError, provenAncestors } from '../../../src/block/ancestors.js'
import { bundledCases, loadCase } from '../../../src/blockFiles/index.js'
import {
  BlockExecutor,
  type ExecuteOptions,
  memoryState,
  ParallevmError,
  type StateSource,
  stateManagerState,
  witnessState,
} from '../../../src/index.js'
import { readTests } from '../../../src/spectests/files.js'
import { rulesOfNetwork } from '../../../src/spectests/forks.js'
import { type BlockTest, bytes32, type Hex, word } from '../../../src/spectests/json.js'
import { blockTest } from '../../../src/spectests/schema.js'
import { keccak256 } from '../../../src/wasm/keccak.js'
import { managerOf } from '../../support/managers.js'
import { hex } from '../../support/mapState.js'
import { witnessOf } from '../../support/witnesses.js'

const test = suite('ancestors')
const common = new Common({ chain: Mainnet, hardfork: 'byzantium' })

interface Link {
  rlp: Uint8Array
  hash: Uint8Array
}

/** Headers with these numbers, the first the oldest, each the parent of the next; given newest first. */
function chain(numbers: readonly bigint[]): Link[] {
  const links: Link[] = []
  let parentHash = new Uint8Array(32).fill(1)
  for (const number of numbers) {
    const header = createBlockHeader(
      { number, parentHash, stateRoot: keccak256(Uint8Array.of(Number(number))) },
      { common, skipConsensusFormatValidation: true },
    )
    parentHash = new Uint8Array(header.hash())
    links.unshift({ rlp: header.serialize(), hash: parentHash })
  }
  return links
}

const good = chain([5n, 6n, 7n, 8n, 9n])
const block = { number: 10n, parentHash: good[0]!.hash }
const headers = good.map(({ rlp }) => rlp)
const prove = (list: readonly Uint8Array[], child = block) => provenAncestors(child, list, (bytes) => keccak256(bytes))

function refused(run: () => unknown, index: number | undefined, message: RegExp): void {
  assert.throws(run, (error: unknown) => {
    assert.instance(error, InvalidAncestorsError)
    assert.is((error as InvalidAncestorsError).code, 'INVALID_ANCESTORS')
    assert.is((error as InvalidAncestorsError).index, index)
    assert.match((error as Error).message, message)
    return true
  })
}

test('a chain of hashes that ends in the parent hash proves numbers, hashes and state roots', () => {
  for (let length = 0; length <= headers.length; length++) {
    const ancestors = prove(headers.slice(0, length))
    assert.equal(
      ancestors.map(({ number, hash }) => [number, hex(hash)]),
      good.slice(0, length).map(({ hash }, i) => [9n - BigInt(i), hex(hash)]),
    )
    for (const { number, stateRoot } of ancestors) assert.equal(stateRoot, keccak256(Uint8Array.of(Number(number))))
    // One hash more than headers: the oldest names its parent.
    const hashes = ancestorHashes(block, ancestors)
    assert.is(hashes.size, length + 1)
    if (length < good.length) assert.equal(hashes.get(9n - BigInt(length)), good[length]!.hash)
  }
})

test('whatever breaks the chain is named by its index', () => {
  for (let i = 0; i < headers.length; i++) {
    const flipped = headers.map((rlp) => rlp.slice())
    flipped[i]![200]! ^= 1
    refused(() => prove(flipped), i, new RegExp(`header ${i} has the hash 0x[0-9a-f]{64}, which is not the parent of`))
    if (i + 1 < headers.length) refused(() => prove(headers.toSpliced(i, 1)), i, /is not the parent of/)
    refused(() => prove(headers.toSpliced(i, 0, headers[i]!)), i === 0 ? 1 : i + 1, /is not the parent of/)
  }
  refused(() => prove(headers.toReversed()), 0, /is not the parent of block 10/)
  refused(() => prove(headers, { ...block, parentHash: new Uint8Array(32) }), 0, /is not the parent of block 10/)
})

test('bytes with the right hash that are no header', () => {
  for (const bytes of [Uint8Array.of(0xc2, 0x80), Uint8Array.of(0x80), RLP.encode([[], []]), new Uint8Array(0)]) {
    refused(() => prove([bytes], { number: 10n, parentHash: keccak256(bytes) }), 0, /header 0 is not/)
  }
})

test('numbers fall by one', () => {
  const gap = chain([5n, 7n, 9n])
  refused(() => prove([gap[0]!.rlp, gap[1]!.rlp], { number: 10n, parentHash: gap[0]!.hash }), 1, /number 7.*has 9/)
  // The parent is proven: the number of the block is what is wrong.
  for (const number of [9n, 11n, 0n]) {
    assert.throws(
      () => prove(headers, { ...block, number }),
      (error: unknown) => (error as ParallevmError).code === 'INVALID_NUMBER',
    )
  }
})

test('blockHashes: what is proven cannot be contradicted, the rest is believed, what BLOCKHASH cannot ask for is left out', () => {
  const ancestors = prove(headers.slice(0, 2))
  const other = new Uint8Array(32).fill(5)
  const given = new Map([
    [9n, good[0]!.hash],
    [7n, good[2]!.hash],
    [5n, other],
    [10n, other],
    [300n, other],
  ])
  const hashes = ancestorHashes(block, ancestors, given)
  assert.equal([...hashes.keys()].sort(), [5n, 7n, 8n, 9n])
  assert.equal(hashes.get(5n), other)
  const far = ancestorHashes(
    { number: 1000n, parentHash: other },
    [],
    new Map([
      [743n, other],
      [744n, other],
    ]),
  )
  assert.equal([...far.keys()], [999n, 744n])
  for (const number of [9n, 8n, 7n]) {
    refused(
      () => ancestorHashes(block, ancestors, new Map([[number, other]])),
      undefined,
      new RegExp(`for block ${number},`),
    )
  }
  refused(() => ancestorHashes(block, [], new Map([[9n, other]])), undefined, /for block 9,/)
  refused(() => ancestorHashes(block, [], new Map([[3n, other.subarray(1)]])), undefined, /31 bytes for block 3/)
})

// --- In the executor ------------------------------------------------------------------------------------------------------

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    assert.instance(error, ParallevmError)
    return (error as ParallevmError).code
  }
  return 'no error'
}

test('an executor checks them whatever it verifies, and goes on afterwards', async () => {
  const bundled = loadCase(bundledCases().find((path) => path.includes('mainnet-mix-small')) as string)
  if (bundled.preState.kind !== 'witness') throw new Error('the bundled blocks are witnesses')
  const { preState, parentHeaders, blockRlp, number } = bundled
  const parent = parentHeaders[0] as Uint8Array
  const changed = parent.slice()
  changed[200]! ^= 1
  const wrong: [ExecuteOptions, string][] = [
    [{ parentHeaders: [changed] }, 'INVALID_ANCESTORS'],
    [{ parentHeaders: [parent, parent] }, 'INVALID_ANCESTORS'],
    [{ parentHeaders: [parent], blockHashes: new Map([[number - 2n, new Uint8Array(32)]]) }, 'INVALID_ANCESTORS'],
    [{ blockHashes: new Map([[number - 1n, new Uint8Array(32)]]) }, 'INVALID_ANCESTORS'],
  ]
  for (const verify of ['none', 'header', 'sequential', 'ethereumjs'] as const) {
    const executor = await BlockExecutor.create({ engine: 'wasm', threads: 1, verify, state: witnessState(preState) })
    try {
      for (const [options, code] of wrong) assert.is(await codeOf(executor.execute(blockRlp, options)), code)
      await executor.execute(blockRlp, { blockHashes: bundled.blockHashes, advance: false })
      await executor.execute(blockRlp, { parentHeaders, blockHashes: bundled.blockHashes })
      // Now the state is the one after the block.
      assert.is(await codeOf(executor.execute(blockRlp, { parentHeaders })), 'WRONG_STATE')
    } finally {
      await executor.close()
    }
  }
})

/** A small real chain: its state before the first block, the genesis header and two blocks. */
function smallChain() {
  const [, found] = readTests<BlockTest>('test/data/blocks/basics.json', 'genesisRLP', blockTest).find(([name]) =>
    /Shanghai$/.test(name),
  )!
  const accounts = Object.entries(found.pre).map(([address, { nonce, balance, code, storage }]) => ({
    address: hexToBytes(address as Hex),
    nonce: word(nonce),
    balance: word(balance),
    codeHash: keccak256(hexToBytes(code)),
    storage: Object.entries(storage).map(([key, value]): [Uint8Array, Uint8Array] => [
      bytes32(key as Hex),
      bytes32(value as Hex),
    ]),
  }))
  const codes = Object.values(found.pre).map(({ code }) => hexToBytes(code))
  const headerOf = (block: Uint8Array): Uint8Array => RLP.encode((RLP.decode(block) as Uint8Array[])[0] as never)
  const blocks = found.blocks
    .filter(({ expectException }) => expectException === undefined)
    .map(({ rlp }) => hexToBytes(rlp))
  const rules = new Common({ chain: rulesOfNetwork(found.network).chain })
  const genesis = headerOf(hexToBytes(found.genesisRLP as Hex))
  return { preState: { kind: 'flat' as const, accounts, codes }, genesis, blocks, headerOf, rules }
}

test('the state must have the root of the parent: a witness always, others where their root is known', async () => {
  const { preState, genesis, blocks, headerOf, rules } = smallChain()
  const [first, second] = blocks as [Uint8Array, Uint8Array]
  const onGenesis = { parentHeaders: [genesis] }
  const onFirst = { parentHeaders: [headerOf(first), genesis] }
  const poorer = { ...preState, accounts: preState.accounts.slice(1) }
  const richer = { ...preState.accounts[0]!, address: new Uint8Array(20).fill(0x77) }
  const execute = async (source: StateSource, verify: 'none' | 'header', list: [Uint8Array, ExecuteOptions][]) => {
    const executor = await BlockExecutor.create({ common: rules, engine: 'wasm', threads: 1, verify, state: source })
    const codes: string[] = []
    try {
      for (const [block, options] of list) codes.push(await codeOf(executor.execute(block, options)))
    } finally {
      await executor.close()
    }
    return codes
  }
  const both: [Uint8Array, ExecuteOptions][] = [
    [second, onFirst],
    [first, onGenesis],
    [first, onGenesis],
    [second, onFirst],
  ]
  const right = ['WRONG_STATE', 'no error', 'WRONG_STATE', 'no error']
  const witness = await witnessOf(preState, rules)
  for (const verify of ['header', 'none'] as const) {
    assert.equal(await execute(witnessState(witness), verify, both), right)
    const other = await witnessOf(poorer, rules)
    assert.equal(await execute(witnessState(other), verify, [[first, onGenesis]]), ['WRONG_STATE'])
    assert.equal(await execute(witnessState(other), verify, [[first, { ...onGenesis, root: false }]]), ['WRONG_STATE'])
  }
  assert.equal(await execute(memoryState(preState.accounts, preState.codes), 'header', both), right)
  const larger = memoryState([...preState.accounts, richer], preState.codes)
  assert.equal(await execute(larger, 'header', [[first, onGenesis]]), ['WRONG_STATE'])
  // A state manager's root is known once it was written to.
  const manager = stateManagerState(await managerOf(preState, rules))
  assert.equal(await execute(manager, 'header', both.slice(1)), right.slice(1))
})

test('a root has 32 bytes', async () => {
  const { preState, rules } = smallChain()
  const witness = await witnessOf(preState, rules)
  assert.throws(
    () => witnessState({ ...witness, root: witness.root.subarray(1) }),
    ({ code }: { code: string }) => code === 'INVALID_STATE',
  )
})

test.run()
