// Every field of every format of every fork with each thing that can be wrong about it: refused with the right code, at once,
// in both engines; the edges of what is allowed are not.
import { Common, Mainnet } from '@ethereumjs/common'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainCommons, rulesOf } from '../../../src/block/common.js'
import { decodeBlock } from '../../../src/block/decode.js'
import { InvalidBlockError } from '../../../src/block/errors.js'
import { formatOf } from '../../../src/block/format.js'
import { BlockExecutor } from '../../../src/executor/blockExecutor.js'
import type { ExecuteOptions } from '../../../src/executor/options.js'
import { FUZZ_FORKS } from '../../../src/fuzz/fuzzer.js'
import { Field } from '../../../src/fuzz/header.js'
import { setField } from '../../../src/fuzz/mutations/reseal.js'
import { type Branch, encodeTree, type Node, parseTree } from '../../../src/fuzz/mutations/tree.js'
import { BLOB_HASH, type StrictBlock, strictBlock } from '../../support/strictBlocks.js'
import { integerBytes, leaf, list, type StrictCase, strictCases } from '../../support/strictCases.js'

const ENGINES = ['wasm', 'ethereumjs'] as const
/** Those that brought a format or a rule of it; Frontier's neighbours differ in nothing else. */
const ENGINE_FORKS = ['Frontier', 'EIP158', 'London', 'Shanghai', 'Prague']
/** Refusing takes tens of microseconds. What another process or the garbage collector delayed is timed again. */
const MOST_MEDIAN_MS = 1
const MOST_MS = 5
const TRIES = 5

async function casesOf(fork: string): Promise<{ valid: StrictBlock; cases: StrictCase[] }> {
  const valid = await strictBlock(fork)
  const uncle = parseTree(valid.bytes).items[0] as Branch
  return { valid, cases: [...strictCases(valid.tree, formatOf(valid.chain.common), uncle)] }
}

function refusal(error: unknown, { name, code, says }: StrictCase): void {
  if (!(error instanceof InvalidBlockError)) throw new Error(`${name}: ${error ?? 'accepted'}`, { cause: error })
  assert.is(error.code, code, `${name}: ${error.message}`)
  assert.ok(error.message.includes(says), `${name}: ${error.message}`)
}

function thrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

function timed(run: () => unknown): { error: unknown; took: number } {
  let error: unknown
  let took = Number.POSITIVE_INFINITY
  for (let i = 0; i < TRIES && took > MOST_MS; i++) {
    const start = performance.now()
    error = thrown(run)
    took = Math.min(took, performance.now() - start)
  }
  return { error, took }
}

test('every field of every fork', async () => {
  const times: number[] = []
  let slowest = ''
  for (const fork of new Set(FUZZ_FORKS)) {
    const { valid, cases } = await casesOf(fork)
    const schedule = new ChainCommons(valid.chain.rules)
    assert.is(
      thrown(() => decodeBlock(valid.bytes, schedule)),
      undefined,
    )
    assert.ok(cases.length > 200 && cases.some(({ code }) => code === undefined), `${fork}: ${cases.length} cases`)
    for (const each of cases) {
      const { error, took } = timed(() => decodeBlock(each.bytes, schedule))
      if (took > MOST_MS) slowest = `${fork}, ${each.name}: ${took} ms`
      times.push(took)
      if (each.code === undefined) assert.is(error, undefined, `${fork}, ${each.name}`)
      else refusal(error, { ...each, name: `${fork}, ${each.name}` })
    }
  }
  times.sort((a, b) => a - b)
  const median = times[times.length >> 1] as number
  console.log(`${times.length} cases: median ${(median * 1000).toFixed(0)} us, longest ${times.at(-1)?.toFixed(2)} ms`)
  assert.ok(median < MOST_MEDIAN_MS, `median ${median} ms`)
  assert.is(slowest, '')
})

async function withExecutor(
  { chain }: StrictBlock,
  engine: (typeof ENGINES)[number],
  verify: 'none' | 'header',
  run: (executor: BlockExecutor) => Promise<void>,
): Promise<void> {
  const common = new Common({ chain: chain.rules.chain })
  const state = chain.state.source()
  const executor = await BlockExecutor.create({ common, engine, fallback: false, threads: 1, verify, state })
  try {
    await run(executor)
  } finally {
    await executor.close()
  }
}

async function executed(executor: BlockExecutor, bytes: Uint8Array, options: ExecuteOptions): Promise<unknown> {
  return executor.execute(bytes, options).then(
    () => undefined,
    (error: unknown) => error,
  )
}

for (const engine of ENGINES) {
  test(`the same through an executor, ${engine}, with and without senders`, async () => {
    for (const fork of ENGINE_FORKS) {
      const { valid, cases } = await casesOf(fork)
      await withExecutor(valid, engine, 'none', async (executor) => {
        for (const senders of [undefined, valid.senders]) {
          const options = { ...(senders && { senders }), parentHeaders: [valid.parent] }
          for (const each of cases) {
            if (each.code === undefined) continue
            refusal(await executed(executor, each.bytes, options), { ...each, name: `${fork}, ${each.name}` })
          }
          const result = await executor.execute(valid.bytes, { ...options, advance: false })
          assert.equal(result.hash, keccak_256(encodeTree(valid.tree.items[0] as Node)))
          assert.is(result.receipts.length, valid.senders.length)
        }
      })
    }
  })
}

/** The block with its header or its lists changed, which are put back. */
function changed({ bytes }: StrictBlock, change: (root: Branch) => unknown): Uint8Array {
  const root = parseTree(bytes)
  change(root)
  return encodeTree(root)
}

function field(index: number, value: bigint) {
  return (root: Branch): void => setField(root, index, integerBytes(value))
}

/** Puts a node into the transaction of a type. */
function put(type: number, index: number, node: Node) {
  return (root: Branch): void => {
    const [, transactions] = root.items as [Node, Branch]
    const found = transactions.items.find((item) => ((item as Branch).type ?? 0) === type) as Branch
    found.items[index] = node
  }
}

const ACCESS_LIST = 8
const BLOB_HASHES = 10
const hashes = (count: number) => list(...Array.from({ length: count }, () => leaf(BLOB_HASH)))

/** Rules beyond the format; those of a block's own bytes hold under `none`, too. */
const NAMED: [name: string, change: (root: Branch) => unknown, code: string][] = [
  ['a timestamp of 2^64', field(Field.TIMESTAMP, 2n ** 64n), 'INVALID_HEADER'],
  ['a timestamp of 2^256 - 1', field(Field.TIMESTAMP, 2n ** 256n - 1n), 'INVALID_HEADER'],
  ['excess blob gas of 2^40', field(Field.EXCESS_BLOB_GAS, 2n ** 40n), 'INVALID_EXCESS_BLOB_GAS'],
  ['excess blob gas of 2^64 - 1', field(Field.EXCESS_BLOB_GAS, 2n ** 64n - 1n), 'INVALID_EXCESS_BLOB_GAS'],
  ['a gas limit of 2^63', field(Field.GAS_LIMIT, 2n ** 63n), 'INVALID_GAS_LIMIT'],
  ['more gas used than the limit', field(Field.GAS_USED, 2n ** 62n), 'INVALID_HEADER'],
  ['block 0', field(Field.NUMBER, 0n), 'INVALID_NUMBER'],
  ['blob gas of half a blob', field(Field.BLOB_GAS_USED, 65_536n), 'INVALID_BLOB_GAS_USED'],
  ['blob gas of two blobs', field(Field.BLOB_GAS_USED, 262_144n), 'INVALID_BLOB_GAS_USED'],
  ['blob gas of ten blobs', field(Field.BLOB_GAS_USED, 1_310_720n), 'INVALID_BLOB_GAS_USED'],
  ['an access list that is a string', put(1, 7, leaf(BLOB_HASH)), 'INVALID_TRANSACTION'],
  [
    'an access list with a key of 31 bytes',
    put(2, ACCESS_LIST, list(list(leaf(new Uint8Array(20)), list(leaf(BLOB_HASH.slice(1)))))),
    'INVALID_TRANSACTION',
  ],
  ['a blob transaction without blobs', put(3, BLOB_HASHES, hashes(0)), 'INVALID_TRANSACTION'],
  ['ten blobs in a transaction', put(3, BLOB_HASHES, hashes(10)), 'INVALID_TRANSACTION'],
  ['blobs that are not counted', put(3, BLOB_HASHES, hashes(2)), 'INVALID_BLOB_GAS_USED'],
  ...[31, 33].map((length): (typeof NAMED)[number] => [
    `a blob hash of ${length} bytes`,
    put(3, BLOB_HASHES, list(leaf(new Uint8Array(length).fill(1)))),
    'INVALID_TRANSACTION',
  ]),
  ['a blob hash of version 2', put(3, BLOB_HASHES, list(leaf(new Uint8Array(32).fill(2)))), 'INVALID_TRANSACTION'],
  ['no withdrawals', (root) => root.items.pop(), 'INVALID_WITHDRAWALS_ROOT'],
  ['a fifth part', (root) => root.items.push(list()), 'MALFORMED_BLOCK'],
  ['three uncles', (root) => root.items.splice(2, 1, list(...Array(3).fill(root.items[0]))), 'INVALID_UNCLES'],
]

for (const engine of ENGINES) {
  test(`rules that the bytes alone decide, nothing compared: ${engine}`, async () => {
    const valid = await strictBlock('Cancun')
    await withExecutor(valid, engine, 'none', async (executor) => {
      for (const senders of [undefined, valid.senders]) {
        const options = { ...(senders && { senders }) }
        for (const [name, change, code] of NAMED) {
          refusal(await executed(executor, changed(valid, change), options), {
            name,
            code,
            says: '',
            bytes: valid.bytes,
          })
        }
        await executor.execute(valid.bytes, { ...options, advance: false })
      }
    })
  })
}

test('a parent that used more gas than its limit', async () => {
  const valid = await strictBlock('Cancun')
  const parent = parseTree(valid.parent)
  parent.items[Field.GAS_USED] = leaf(integerBytes(2n ** 62n))
  const rlp = encodeTree(parent)
  const bytes = changed(valid, (root) => setField(root, Field.PARENT, keccak_256(rlp)))
  await withExecutor(valid, 'wasm', 'header', async (executor) => {
    const error = await executed(executor, bytes, { parentHeaders: [rlp] })
    refusal(error, { name: 'parent', code: 'INVALID_ANCESTOR', says: 'parentHeaders[0]', bytes })
    const { hash } = await executor.execute(valid.bytes, { parentHeaders: [valid.parent] })
    assert.equal(hash, keccak_256(encodeTree(valid.tree.items[0] as Node)))
  })
})

test('number and timestamp of no fork', async () => {
  const { bytes } = await strictBlock('Cancun')
  // Block 1 at a time after the merge.
  const late = changed({ bytes } as StrictBlock, field(Field.TIMESTAMP, 1_710_338_135n))
  const error = thrown(() => decodeBlock(late, new ChainCommons(rulesOf(new Common({ chain: Mainnet })))))
  refusal(error, { name: 'mainnet', code: 'UNKNOWN_HARDFORK', says: 'block 1 at timestamp', bytes })
})

test('transactions of a type that the fork does not have', async () => {
  const { tree } = await strictBlock('Prague')
  for (const [fork, missing] of [
    ['Istanbul', [1, 2, 3, 4]],
    ['Berlin', [2, 3, 4]],
    ['London', [3, 4]],
    ['Cancun', [4]],
  ] as const) {
    const valid = await strictBlock(fork)
    for (const type of [...missing, 0, 5, 127]) {
      const bytes = changed(valid, (root) => {
        const list = (tree.items[1] as Branch).items
        const typed = list.find((item) => (item as Branch).type === type) ?? { ...(list[0] as Branch), type }
        ;(root.items[1] as Branch).items.push(typed)
      })
      const error = thrown(() => decodeBlock(bytes, new ChainCommons(valid.chain.rules)))
      const says = 'TRANSACTION_TYPE_NOT_ACTIVE'
      refusal(error, { name: `${fork}, type ${type}`, code: 'INVALID_TRANSACTION', says, bytes })
    }
  }
})

test.run()
