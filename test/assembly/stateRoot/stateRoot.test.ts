import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { BlockCore } from '../../../src/wasm/blockCore.js'
import { keccak256 } from '../../../src/wasm/keccak.js'
import { adoptRoot, dropRoot, prepareRootFromBase, rootResult } from '../../../src/wasm/stateRoot.js'
import { RandomBytes, toHex } from '../../support/bytes.js'
import {
  type AccountChange,
  EMPTY_CODE,
  newBlockCore,
  prepare,
  RootPool,
  rootAlone,
  rootTogether,
} from '../../support/rootStage.js'
import { EMPTY_ROOT } from '../../support/trieVectors.js'

interface ModelAccount {
  nonce: bigint
  balance: bigint
  codeHash: Uint8Array
  storage: Map<string, Uint8Array>
}

/** The reference: a plain map, whose root @ethereumjs/mpt computes from scratch. */
class Model {
  readonly accounts = new Map<string, ModelAccount>()

  apply(changes: readonly AccountChange[]): void {
    for (const { address, after, cleared = false, storage = [] } of changes) {
      const id = toHex(address)
      const before = this.accounts.get(id)
      if (after === undefined) {
        this.accounts.delete(id)
        continue
      }
      const account = { ...after, storage: cleared || !before ? new Map<string, Uint8Array>() : before.storage }
      this.accounts.set(id, account)
      for (const [key, value] of storage) {
        if (value.length > 0) account.storage.set(toHex(key), value)
        else account.storage.delete(toHex(key))
      }
    }
  }

  async root(): Promise<string> {
    const accounts = await createMPT({ useKeyHashing: true })
    for (const [address, { nonce, balance, codeHash, storage }] of this.accounts) {
      const trie = await createMPT({ useKeyHashing: true })
      for (const [key, value] of storage) await trie.put(Buffer.from(key, 'hex'), RLP.encode(value))
      await accounts.put(Buffer.from(address, 'hex'), RLP.encode([nonce, balance, trie.root(), codeHash]))
    }
    return toHex(accounts.root())
  }
}

/** A block's difference: new accounts, changed ones, destroyed ones, one with many slots. */
function randomChanges(random: RandomBytes, model: Model, count: number, slotsOfLarge: number): AccountChange[] {
  const known = [...model.accounts]
  const changes = new Map<string, AccountChange>()
  for (let i = 0; i < count; i++) {
    const old = random.below(2) === 0 ? known[random.below(known.length || 1)] : undefined
    const address = old === undefined ? random.bytes(20) : new Uint8Array(Buffer.from(old[0], 'hex'))
    if (old !== undefined && random.below(6) === 0) {
      changes.set(toHex(address), { address })
      continue
    }
    const storage = new Map<string, readonly [Uint8Array, Uint8Array]>()
    const oldKeys = old === undefined ? [] : [...old[1].storage.keys()]
    const slots = i === 0 ? slotsOfLarge : random.below(3) === 0 ? random.below(12) : 0
    for (let j = 0; j < slots; j++) {
      const oldKey = random.below(2) === 0 ? oldKeys[random.below(oldKeys.length || 1)] : undefined
      const key = oldKey === undefined ? random.bytes(32) : new Uint8Array(Buffer.from(oldKey, 'hex'))
      const value =
        random.below(3) === 0
          ? new Uint8Array()
          : Uint8Array.of(1 + random.below(255), ...random.bytes(random.below(32)))
      storage.set(toHex(key), [key, value])
    }
    const balance = BigInt(`0x${toHex(random.bytes(1 + random.below(32)))}`)
    const codeHash = random.below(2) === 0 ? EMPTY_CODE : random.bytes(32)
    const after = { nonce: BigInt(random.below(1000)), balance, codeHash }
    changes.set(toHex(address), { address, after, cleared: random.below(10) === 0, storage: [...storage.values()] })
  }
  return [...changes.values()]
}

const assertRoot = (got: Uint8Array, want: string, what: string) => assert.is(toHex(got), want, what)

test('no change; the empty state', () => {
  const block = newBlockCore()
  prepare(block, [])
  assertRoot(rootAlone(block), EMPTY_ROOT.slice(2), 'empty')
  adoptRoot(block.core)
  prepare(block, [{ address: new Uint8Array(20) }])
  assertRoot(rootAlone(block), EMPTY_ROOT.slice(2), 'deleting what is not there')
})

test('blocks in a row by one thread equal the reference; a dropped root changes nothing', async () => {
  const random = new RandomBytes(11)
  const model = new Model()
  const block = newBlockCore()
  for (let number = 0; number < 6; number++) {
    const abandoned = randomChanges(random, model, 20, 30)
    prepare(block, abandoned)
    rootAlone(block)
    dropRoot(block.core)
    const changes = randomChanges(random, model, 60, number === 1 ? 300 : 40)
    model.apply(changes)
    prepare(block, changes)
    assertRoot(rootAlone(block), await model.root(), `block ${number}`)
    adoptRoot(block.core)
  }
  const last = [...model.accounts.keys()].map((address) => ({ address: new Uint8Array(Buffer.from(address, 'hex')) }))
  prepare(block, last)
  assertRoot(rootAlone(block), EMPTY_ROOT.slice(2), 'everything destroyed')
})

test('one to four threads give the same roots as the reference', async () => {
  const random = new RandomBytes(100)
  const model = new Model()
  const blocks: { changes: AccountChange[]; root: string }[] = []
  for (let number = 0; number < 5; number++) {
    // An account with hundreds of slots goes through the split of large storage tries.
    const changes = randomChanges(random, model, number === 3 ? 1 : 60, number % 2 === 0 ? 400 : 120)
    model.apply(changes)
    blocks.push({ changes, root: await model.root() })
  }
  for (const threads of [1, 2, 3, 4]) {
    const block = newBlockCore()
    const pool = await RootPool.start(block, threads)
    try {
      for (const [number, { changes, root }] of blocks.entries()) {
        prepare(block, changes)
        assertRoot(await rootTogether(block, pool), root, `${threads} threads, block ${number}`)
        adoptRoot(block.core)
      }
    } finally {
      await pool.stop()
    }
  }
})

test('threads race over many small stages', async () => {
  const block = newBlockCore()
  const pool = await RootPool.start(block, 3)
  const alone = newBlockCore()
  const random = new RandomBytes(3)
  const model = new Model()
  try {
    for (let number = 0; number < 150; number++) {
      const changes = randomChanges(random, model, 1 + random.below(12), random.below(2) * 100)
      model.apply(changes)
      prepare(block, changes)
      prepare(alone, changes)
      assertRoot(await rootTogether(block, pool), toHex(rootAlone(alone)), `stage ${number}`)
      adoptRoot(block.core)
      adoptRoot(alone.core)
    }
    prepare(alone, [])
    assertRoot(rootAlone(alone), await model.root(), 'the last state')
  } finally {
    await pool.stop()
  }
})

function setBase(block: BlockCore, model: Model): void {
  for (const [id, { nonce, balance, codeHash, storage }] of model.accounts) {
    const address = Buffer.from(id, 'hex')
    block.setBaseAccount(address, { nonce, balance, codeHash })
    for (const [key, value] of storage) block.setBaseSlot(address, Buffer.from(key, 'hex'), value)
  }
}

test('tries of a whole state in memory, then blocks on top of it', async () => {
  const random = new RandomBytes(21)
  const model = new Model()
  model.apply(randomChanges(random, model, 300, 400))
  const block = newBlockCore()
  setBase(block, model)
  block.setBaseAccount(random.bytes(20), undefined)
  prepareRootFromBase(block.core)
  assertRoot(rootAlone(block), await model.root(), 'the base')
  adoptRoot(block.core)
  const changes = randomChanges(random, model, 50, 100)
  model.apply(changes)
  prepare(block, changes)
  assertRoot(rootAlone(block), await model.root(), 'after a block')
})

test('compaction keeps the state, and memory stays bounded over many blocks', async () => {
  const random = new RandomBytes(31)
  const model = new Model()
  const block = newBlockCore()
  const { exports } = block
  const first = randomChanges(random, model, 400, 200)
  model.apply(first)
  prepare(block, first)
  rootAlone(block)
  adoptRoot(block.core)
  const before = toHex(rootResultOf(block))
  assert.is(exports.trieCompact(), 0)
  assert.is(toHex(rootResultOf(block)), before)
  let most = 0
  for (let number = 0; number < 400; number++) {
    const addresses = [...model.accounts.keys()]
    const changes = Array.from({ length: 100 }, (_, i): AccountChange => {
      const address = new Uint8Array(Buffer.from(addresses[(number * 7 + i * 3) % addresses.length]!, 'hex'))
      const storage = [[slotKey(i % 5), Uint8Array.of(1 + (number % 200))]] as const
      return { address, after: { nonce: BigInt(number), balance: BigInt(i), codeHash: EMPTY_CODE }, storage }
    })
    const unique = [...new Map(changes.map((change) => [toHex(change.address), change])).values()]
    model.apply(unique)
    prepare(block, unique)
    rootAlone(block)
    adoptRoot(block.core)
    most = Math.max(most, Number(exports.trieBytes()))
  }
  assert.is(toHex(rootResultOf(block)), await model.root())
  assert.ok(most < 40 * 2 ** 20, `${most} bytes of nodes`)
  assert.is(exports.trieCompact(), 0)
  assert.ok(Number(exports.trieBytes()) < 4 * 2 ** 20, `${exports.trieBytes()} bytes after a compaction`)
  assert.is(toHex(rootResultOf(block)), await model.root())
})

const slotKey = (last: number) => Uint8Array.of(...new Uint8Array(31), last)

/** Takes all chunks that are left; the answer gives them back. */
function exhaust({ exports }: BlockCore): () => void {
  const taken: number[] = []
  for (let at = exports.takeChunks(1); at !== 0; at = exports.takeChunks(1)) taken.push(at)
  return () => {
    for (const at of taken) exports.giveChunks(at, 1)
  }
}

/** Root of the base state: a stage without changes. */
function rootResultOf(block: BlockCore): Uint8Array {
  prepare(block, [])
  block.exports.rootWork()
  const root = rootResult(block.core)
  dropRoot(block.core)
  return root
}

test('without room to compact, the tries are whole', async () => {
  const random = new RandomBytes(41)
  const model = new Model()
  const block = newBlockCore(24 * 2 ** 20)
  for (let number = 0; number < 12; number++) {
    const changes = randomChanges(random, model, 400, 0)
    model.apply(changes)
    prepare(block, changes)
    rootAlone(block)
    adoptRoot(block.core)
  }
  const want = await model.root()
  const giveBack = exhaust(block)
  assert.is(block.exports.trieCompact(), 1, 'out of space')
  giveBack()
  assertRoot(rootResultOf(block), want, 'after the failed compaction')
})

test('out of space in the stage is a status, the old tries stay', async () => {
  const random = new RandomBytes(51)
  const model = new Model()
  const block = newBlockCore(24 * 2 ** 20)
  const first = randomChanges(random, model, 200, 0)
  model.apply(first)
  prepare(block, first)
  rootAlone(block)
  adoptRoot(block.core)
  const want = await model.root()
  const more = Array.from({ length: 6000 }, () => ({
    address: random.bytes(20),
    after: { nonce: 1n, balance: 1n, codeHash: EMPTY_CODE },
  }))
  prepare(block, more)
  const giveBack = exhaust(block)
  assert.is(block.exports.rootWork(), 1)
  assert.throws(() => rootResult(block.core), /OUT_OF_SPACE|no room/)
  giveBack()
  dropRoot(block.core)
  assertRoot(rootResultOf(block), want, 'the old state')
})

test('a stage that is aborted ends for everybody', async () => {
  const block = newBlockCore()
  const pool = await RootPool.start(block, 2)
  try {
    prepare(block, [
      { address: new Uint8Array(20), after: { nonce: 1n, balance: 1n, codeHash: keccak256(new Uint8Array()) } },
    ])
    block.exports.rootAbort(4)
    assert.equal(await pool.work(), [4, 4])
  } finally {
    await pool.stop()
  }
})

test.run()
