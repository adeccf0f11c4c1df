// Real blocks: the recorded state difference applied to the witness must give the state root of the real header.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockMode, Source } from '../../../src/abi/core.generated.js'
import { openWitness } from '../../../src/wasm/stateRoot.js'
import { MissingNodeError } from '../../../src/wasm/trieErrors.js'
import { fromHex, toHex } from '../../support/bytes.js'
import {
  type AccountChange,
  newBlockCore,
  prepare,
  RootPool,
  rootAlone,
  rootTogether,
} from '../../support/rootStage.js'

const folder = join(process.env.PARALLEVM_FIXTURES ?? join('..', 'shared', 'fixtures'), 'mainnet', 'witness')
const available = existsSync(join(folder, 'statediff'))
const names = available ? readdirSync(join(folder, 'statediff')).sort() : []

interface RecordedAccount {
  balance: string
  nonce: number
  codeHash: string
  storage: Record<string, string>
}

const readJson = (...path: string[]) => JSON.parse(gunzipSync(readFileSync(join(folder, ...path))).toString())

function load(name: string) {
  const { preStateRoot, stateRoot, state } = readJson('blocks', name) as {
    preStateRoot: string
    stateRoot: string
    state: string[]
  }
  const { accounts } = readJson('statediff', name) as { accounts: Record<string, RecordedAccount | null> }
  const changes = Object.entries(accounts).map(([address, account]): AccountChange => {
    if (account === null) return { address: fromHex(address) }
    const { balance, nonce, codeHash, storage } = account
    return {
      address: fromHex(address),
      after: { nonce: BigInt(nonce), balance: BigInt(balance), codeHash: fromHex(codeHash) },
      storage: Object.entries(storage).map(([key, value]) => [fromHex(key), trimmed(fromHex(value))]),
    }
  })
  return { preStateRoot: fromHex(preStateRoot), stateRoot: stateRoot.slice(2), nodes: state.map(fromHex), changes }
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length && bytes[start] === 0) start++
  return bytes.subarray(start)
}

type Loaded = ReturnType<typeof load>

/** A core whose base state is the witness, with every changed account known. */
function open({ preStateRoot, nodes, changes }: Loaded) {
  const block = newBlockCore()
  openWitness(block.core, preStateRoot, nodes)
  block.setSource(Source.WITNESS)
  block.blockBegin(1, 1, BlockMode.SEQUENTIAL)
  assert.is(block.nextTask(), 0)
  block.exports.txBegin(0)
  for (const { address, storage = [] } of changes) {
    const account = block.account(address)
    assert.is(block.exports.txReadNonce(account, block.scratch + 1024), 0)
    for (const [key] of storage) assert.is(block.exports.txReadSlot(block.slot(account, key), block.scratch + 1024), 0)
  }
  block.exports.abandonBlock()
  return block
}

if (!available) {
  test.skip(`no recorded blocks in ${folder}: set PARALLEVM_FIXTURES to run these tests`, () => {})
}

test('state roots of real blocks, from witness and state difference', () => {
  let time = 0
  for (const name of names) {
    const loaded = load(name)
    const block = open(loaded)
    prepare(block, loaded.changes)
    const start = performance.now()
    const root = rootAlone(block)
    time += performance.now() - start
    assert.is(toHex(root), loaded.stateRoot, name)
  }
  if (available) console.log(`  ${names.length} blocks, state root stage on one thread: ${time.toFixed(1)} ms together`)
})

test('two threads find the same state roots', async () => {
  for (const name of names.filter((_, i) => i % 6 === 0)) {
    const loaded = load(name)
    const block = open(loaded)
    const pool = await RootPool.start(block, 2)
    try {
      prepare(block, loaded.changes)
      assert.is(toHex(await rootTogether(block, pool)), loaded.stateRoot, name)
    } finally {
      await pool.stop()
    }
  }
})

test('a witness without one of its nodes: an error that names it, or the same root', () => {
  let errors = 0
  for (const name of names.slice(20, 24)) {
    const loaded = load(name)
    for (let drop = 0; drop < 12; drop++) {
      const index = Math.floor((drop * loaded.nodes.length) / 12)
      const block = newBlockCore()
      openWitness(
        block.core,
        loaded.preStateRoot,
        loaded.nodes.filter((_, i) => i !== index),
      )
      try {
        // Accounts are not read first: the stage itself must find out.
        prepare(
          block,
          loaded.changes.map((change) => ({ ...change, storage: [] })),
        )
        rootAlone(block)
      } catch (error) {
        if (!(error instanceof MissingNodeError)) throw error
        errors++
        assert.match(error.hash, /^0x[0-9a-f]{64}$/)
      }
    }
  }
  if (available) assert.ok(errors > 0)
})

test.run()
