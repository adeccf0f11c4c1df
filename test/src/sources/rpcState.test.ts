// A state behind JSON-RPC: the result is that over the block's witness, and whatever is wrong with a node has its own error.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, loadCase, packageRoot } from '../../../src/blockFiles/index.js'
import { commonOf } from '../../../src/cli/blockCase.js'
import {
  BlockExecutor,
  type BlockResult,
  type ParallevmError,
  type RpcState,
  type RpcStateOptions,
  rpcState,
  witnessState,
} from '../../../src/index.js'
import { type Mood, type RpcServer, rpcServer } from '../../support/rpcServer.js'

const block = loadCase(join(packageRoot(), 'fixtures', 'blocks', 'mainnet-mix-small.json.gz'))

/** Without pauses that a test would have to wait for. */
const FAST = { retries: 1 }

interface Ran {
  result: BlockResult
  state: RpcState
}

async function execute(server: RpcServer, options: Partial<RpcStateOptions> = {}, of: BlockCase = block): Promise<Ran> {
  const state = rpcState({ url: server.url, block: of.number - 1n, ...FAST, ...options })
  const executor = await BlockExecutor.create({ common: commonOf(of), hardfork: 'schedule', state, threads: 2 })
  try {
    const { parentHeaders, blockHashes } = of
    return { result: await executor.execute(of.blockRlp, { parentHeaders, blockHashes, root: false }), state }
  } finally {
    await executor.close()
  }
}

async function on<T>(mood: Partial<Mood>, work: (server: RpcServer) => Promise<T>): Promise<T> {
  const server = await rpcServer(block, mood)
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

async function refused(mood: Partial<Mood>, options: Partial<RpcStateOptions> = {}): Promise<ParallevmError> {
  return await on(mood, async (server) => await failure(execute(server, options)))
}

async function failure(run: Promise<unknown>): Promise<ParallevmError> {
  const error = await run.then(
    () => undefined,
    (error: ParallevmError) => error,
  )
  if (error === undefined) throw new Error('it did not fail')
  return error
}

test('with proofs and without the block comes to what its header says', async () => {
  for (const proofs of [true, false]) {
    await on({}, async (server) => {
      const { result, state } = await execute(server, { proofs })
      assert.is(result.gasUsed, block.expected.gasUsed)
      assert.equal(result.receiptsRoot, block.expected.receiptsRoot)
      assert.is(state.pinned.number, block.number - 1n)
      assert.is(state.requests, server.requests)
    })
  }
})

test('what was read is a witness', async () => {
  const { state, result } = await on({}, (server) => execute(server))
  const executor = await BlockExecutor.create({ common: commonOf(block), state: witnessState(state.witness()) })
  try {
    const { parentHeaders, blockHashes } = block
    // For the root it lacks what deletions need: `parallevm fetch` asks for that too.
    const options = { parentHeaders, blockHashes, root: false, advance: false }
    assert.equal((await executor.execute(block.blockRlp, options)).receiptsRoot, result.receiptsRoot)
  } finally {
    await executor.close()
  }
})

test('calls of one turn go in one request, of no more than `batch`', async () => {
  const all = await on({}, async (server) => [(await execute(server)).state.requests, sum(server.calls)])
  const few = await on({ batch: 7 }, async (server) => [
    (await execute(server, { batch: 7 })).state.requests,
    sum(server.calls),
  ])
  assert.ok(all[0]! < all[1]! / 4, `${all}`)
  assert.ok(few[0]! >= few[1]! / 7)
})

const sum = (calls: Map<string, number>): number => [...calls.values()].reduce((a, b) => a + b, 0)

test('a node that is busy, down, or cuts the connection is asked again', async () => {
  for (const mood of [{ busy: 1 }, { limited: 1 }, { down: 1 }, { cut: 1 }]) {
    await on(mood, async (server) => {
      const { result } = await execute(server, { retries: 3 })
      assert.is(result.gasUsed, block.expected.gasUsed, JSON.stringify(mood))
    })
  }
})

test('as long as it says with Retry-After', async () => {
  await on({ busy: 1, retryAfter: 2 }, async (server) => {
    const start = performance.now()
    await execute(server)
    assert.ok(performance.now() - start >= 2000)
  })
})

const ANY = Number.MAX_SAFE_INTEGER
const WRONG: [what: string, mood: Partial<Mood>, code: string, options?: Partial<RpcStateOptions>][] = [
  ['a web server', { html: true }, 'RPC_NOT_JSON'],
  ['busy for ever', { busy: ANY }, 'RPC_RATE_LIMITED'],
  ['limits for ever', { limited: ANY }, 'RPC_RATE_LIMITED'],
  ['down', { down: ANY }, 'RPC_UNREACHABLE'],
  ['cut connections', { cut: ANY }, 'RPC_UNREACHABLE'],
  ['too slow', { latency: 300 }, 'RPC_UNREACHABLE', { timeout: 50 }],
  ['another chain', { chainId: 5n }, 'RPC_WRONG_CHAIN'],
  ['no proofs', { lacks: ['eth_getProof'] }, 'RPC_METHOD_MISSING'],
  ['no state', { pruned: true }, 'RPC_STATE_PRUNED'],
  ['no such block', {}, 'RPC_BLOCK_NOT_FOUND', { block: 5n }],
  ['a batch that is too large', { batch: 1 }, 'RPC_FAILED'],
  ['no number', { lie: (method, result) => (method === 'eth_chainId' ? 'one' : result) }, 'RPC_BAD_ANSWER'],
  ['nothing', { lie: (method, result) => (method === 'eth_getProof' ? null : result) }, 'RPC_BAD_ANSWER'],
  [
    'a richer account',
    { lie: ofProof((proof) => ({ ...proof, balance: '0xffffffffffffffffffffffff' })) },
    'RPC_WRONG_PROOF',
  ],
  ['an account less', { lie: ofProof((proof) => ({ ...proof, accountProof: [] })) }, 'RPC_WRONG_PROOF'],
  ['another slot', { lie: ofProof(withSlot({ value: '0x1234' })) }, 'RPC_WRONG_PROOF'],
  ['a slot without proof', { lie: ofProof(withSlot({ proof: [] })) }, 'RPC_WRONG_PROOF'],
  ['other code', { lie: (method, result) => (method === 'eth_getCode' ? `${result}00` : result) }, 'RPC_WRONG_PROOF'],
  ['another state', { lie: ofBlock((found) => ({ ...found, stateRoot: `0x${'12'.repeat(32)}` })) }, 'WRONG_STATE'],
]

for (const [what, mood, code, options] of WRONG) {
  test(`${what}: ${code}`, async () => {
    const error = await refused(mood, options)
    assert.is(error.code, code, error.message)
    if (code.startsWith('RPC')) assert.match(error.message, /:\/\/127\.0\.0\.1/)
  })
}

test('a lie that nobody can see without proofs is seen in the result', async () => {
  const lie: Mood['lie'] = (method, result) => (method === 'eth_getStorageAt' ? `0x${'00'.repeat(32)}` : result)
  const error = await refused({ lie }, { proofs: false })
  assert.match(error.code, /WRONG|INVALID|NONCE|DIFFER|FUNDS|GAS|RECEIPTS/)
})

test('a server that is not there', async () => {
  const server = await rpcServer(block)
  await server.close()
  assert.is((await failure(execute(server))).code, 'RPC_UNREACHABLE')
})

test('the key in a URL is not in a message', async () => {
  await on({ html: true }, async (server) => {
    const url = `${server.url.replace('//', '//user:geheim@')}/v1/geheim?key=geheim`
    const state = rpcState({ url: url.replace('user:geheim@', ''), ...FAST })
    const error = await BlockExecutor.create({ state }).catch((error: Error) => error)
    assert.ok(error instanceof Error && !error.message.includes('geheim'))
  })
})

test('what is in the cache is not asked for, and what was cut or spoilt is', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'parallevm-cache-'))
  try {
    await on({}, async (server) => {
      await execute(server, { cache })
      const [file] = readdirSync(cache)
      assert.is(file, `${block.chainId}-${server.chain.parentHash.slice(2)}.jsonl`)
      const path = join(cache, file as string)
      const proofs = server.calls.get('eth_getProof') ?? 0
      server.calls.clear()
      assert.is((await execute(server, { cache })).result.gasUsed, block.expected.gasUsed)
      // Guesses go by what came first, so that a few of them may be new.
      assert.ok((server.calls.get('eth_getProof') ?? 0) < proofs / 4)

      const { length } = readFileSync(path)
      truncateSync(path, length - 100)
      appendFileSync(path, '\n0123456789abcdef["eth_getCode","0x"]\n{')
      assert.is((await execute(server, { cache })).result.gasUsed, block.expected.gasUsed)
      assert.ok(readFileSync(path).length >= length - 100)
    })
  } finally {
    rmSync(cache, { recursive: true })
  }
})

function ofProof(change: (proof: { storageProof: { key: string }[] }) => unknown): Mood['lie'] {
  return (method, result) =>
    method === 'eth_getProof' ? change(result as { storageProof: { key: string }[] }) : result
}

function withSlot(change: object) {
  return (proof: { storageProof: { key: string }[] }) => ({
    ...proof,
    storageProof: proof.storageProof.map((slot) => ({ ...slot, ...change })),
  })
}

function ofBlock(change: (found: object) => object): Mood['lie'] {
  return (method, result) => (method.startsWith('eth_getBlock') && result !== null ? change(result as object) : result)
}

test.run()
