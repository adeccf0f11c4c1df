// Blocks of a node into files: what it gives is checked by executing the block, and a file is there whole or not at all.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, dataFolder, listCases, loadCase, packageRoot } from '../../../src/blockFiles/index.js'
import type { ParallevmError } from '../../../src/index.js'
import { BlockFetcher, type Fetched, type FetchOptions } from '../../../src/node/fetch.js'
import { type Mood, type RpcServer, rpcServer } from '../../support/rpcServer.js'

const small = loadCase(join(packageRoot(), 'fixtures', 'blocks', 'mainnet-mix-small.json.gz'))

async function fetching<T>(
  block: BlockCase,
  mood: Partial<Mood>,
  work: (fetch: () => Promise<Fetched>, folder: string, server: RpcServer) => Promise<T>,
  options: Partial<FetchOptions> = {},
): Promise<T> {
  const server = await rpcServer(block, mood)
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-fetch-'))
  const settings = { url: server.url, batch: 100, concurrency: 16, retries: 2, timeout: 30_000, headers: {} }
  const fetcher = new BlockFetcher(settings, { engine: 'wasm', threads: 2, ...options })
  try {
    return await work(() => fetcher.fetch(block.number, folder), folder, server)
  } finally {
    await fetcher.close()
    await server.close()
    rmSync(folder, { recursive: true })
  }
}

function assertSame(path: string, block: BlockCase): void {
  const fetched = loadCase(path)
  assert.equal(fetched.blockRlp, block.blockRlp)
  assert.is(fetched.fork, block.fork)
  assert.equal(fetched.expected, block.expected)
  assert.equal(fetched.parentHeaders[0], block.parentHeaders[0])
}

const LACKS: Partial<Mood> = { lacks: ['debug_executionWitness', 'debug_getRawBlock'] }

for (const [what, mood, from] of [
  ['with keys, headers as RLP', { witness: 'keys' }, 'debug_executionWitness'],
  ['without keys', { witness: 'no keys' }, 'debug_executionWitness'],
  ['headers as JSON', { witness: 'json headers' }, 'debug_executionWitness'],
  ['none: proofs, and the block from its JSON', LACKS, 'eth_getProof'],
] as const) {
  test(`a witness ${what}`, async () => {
    await fetching(small, mood, async (fetch) => {
      const fetched = await fetch()
      assert.is(fetched.from, from)
      assertSame(fetched.path, small)
    })
  })
}

test('a file that is there is left as it is, and one that was not finished is made anew', async () => {
  await fetching(small, {}, async (fetch, folder, server) => {
    writeFileSync(join(folder, `${small.number}.json.gz.part`), 'half')
    const { path } = await fetch()
    assert.equal(readdirSync(folder), [`${small.number}.json.gz`])
    const bytes = readFileSync(path)
    server.requests = 0
    assert.is((await fetch()).from, 'there')
    assert.is(server.requests, 0)
    assert.equal(readFileSync(path), bytes)
  })
})

test('a witness that lacks something is made whole with proofs', async () => {
  const lie: Mood['lie'] = (method, result) => {
    if (method !== 'debug_executionWitness') return result
    const witness = result as { state: string[] }
    return { ...witness, state: witness.state.slice(5) }
  }
  await fetching(small, { lie }, async (fetch) => {
    const { from, path } = await fetch()
    assert.is(from, 'eth_getProof')
    assertSame(path, small)
  })
})

type Json = Record<string, unknown>

const LIES: [what: string, lie: (method: string, result: Json) => unknown, code: string][] = [
  [
    'another block',
    (method, block) => (method === 'eth_getBlockByNumber' ? { ...block, gasUsed: '0x5208' } : block),
    'RPC_BAD_ANSWER',
  ],
  [
    'another parent',
    (method, block) => (method === 'eth_getBlockByHash' ? { ...block, gasUsed: '0x1' } : block),
    'RPC_BAD_ANSWER',
  ],
  [
    'a richer account',
    (method, proof) => (method === 'eth_getProof' ? { ...proof, balance: '0xffff' } : proof),
    'RPC_WRONG_PROOF',
  ],
  ['no block', (method, block) => (method === 'eth_getBlockByNumber' ? null : block), 'RPC_BLOCK_NOT_FOUND'],
]

for (const [what, lie, code] of LIES) {
  test(`${what} is no file: ${code}`, async () => {
    await fetching(small, { ...LACKS, lie: (method, result) => lie(method, result as Json) }, async (fetch, folder) => {
      const error = await fetch().then(
        () => undefined,
        (error: ParallevmError) => error,
      )
      assert.is(error?.code, code, error?.message)
      assert.equal(existsSync(folder) ? readdirSync(folder) : [], [])
    })
  })
}

/** The smallest block of each fork that the data folder has. */
function byFork(): BlockCase[] {
  const data = dataFolder()
  if (data === undefined) return []
  const found = new Map<string, BlockCase>()
  for (const path of listCases([join(data, 'mainnet', 'witness')])) {
    const block = loadCase(path)
    const before = found.get(block.fork)
    if (before === undefined || block.blockRlp.length < before.blockRlp.length) found.set(block.fork, block)
  }
  return [...found.values()]
}

test('a block of each fork, there and back', async () => {
  const blocks = byFork()
  if (blocks.length === 0) return console.log('no real blocks: skipped')
  const rows: string[] = []
  for (const block of blocks) {
    await fetching(block, {}, async (fetch, _, server) => {
      const start = performance.now()
      const { path, from, transactions } = await fetch()
      const ms = (performance.now() - start).toFixed(0)
      assertSame(path, block)
      rows.push(
        `${block.fork} ${block.number}: ${transactions} transactions, ${from}, ${server.requests} requests, ${ms} ms`,
      )
    })
  }
  console.log(rows.join('\n'))
})

test.run()
