// Access lists beside blocks: in block files, from nodes, in the files that are made of what a node gives.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chainOf, loadCase, writeWitnessCase } from '../../../src/blockFiles/index.js'
import { BlockExecutor, witnessState } from '../../../src/index.js'
import { NodeBlocks } from '../../../src/node/blocks.js'
import { NodeExecutor } from '../../../src/node/executor.js'
import { BlockFetcher } from '../../../src/node/fetch.js'
import { RpcClient } from '../../../src/rpc/client.js'
import { amsterdamCase } from '../../support/amsterdam.js'
import { runMain } from '../../support/process.js'
import { type Mood, rpcServer } from '../../support/rpcServer.js'

const block = await amsterdamCase()
const list = block.blockAccessList as Uint8Array

const hex = (bytes: Uint8Array | undefined) => bytes && bytesToHex(bytes)

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-lists-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a block file keeps its list, and one that is not the list of its header is told', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'block.json.gz')
    writeWitnessCase(block, path)
    const { blockAccessList, contradictions, expected } = loadCase(path)
    assert.equal([hex(blockAccessList), contradictions], [hex(list), undefined])
    assert.is(hex(expected.blockAccessListHash), hex(block.expected.blockAccessListHash))
    const json = JSON.parse(gunzipSync(readFileSync(path)).toString())
    const other = join(folder, 'other.json')
    writeFileSync(other, JSON.stringify({ ...json, blockAccessList: '0xc0' }))
    assert.match(
      loadCase(other).contradictions?.[0] ?? '',
      /hash of blockAccessList: is 0x1dcc4de8dec75d7aab85b567b6ccd41a/,
    )
    writeFileSync(other, JSON.stringify({ ...json, blockAccessList: 7 }))
    assert.throws(() => loadCase(other), /blockAccessList: expected bytes as 0x hex, found 7/)
  })
})

test('verify executes with the list of the file, and compares the one that it makes', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'block.json.gz')
    writeWitnessCase(block, path)
    const table = await runMain(['verify', '--threads', '1', path])
    assert.is(table.status, 0, table.stdout + table.stderr)
    assert.match(table.stdout, /access list[\s\S]*amsterdam +4 +yes +yes +yes +yes +yes/)
    const { status, stdout } = await runMain(['verify', '--json', '--threads', '1', path])
    assert.equal([status, JSON.parse(stdout).blocks[0].verdicts.blockAccessListHash], [0, 'yes'])
  })
})

for (const [what, lacks] of [
  ['as its bytes', []],
  ['as JSON', ['debug_getRawBlockAccessList']],
  ['not at all', ['debug_getRawBlockAccessList', 'eth_getBlockAccessList']],
] as const) {
  test(`a node gives the list ${what}: the block runs on its state, and its file has the list`, async () => {
    const server = await rpcServer(block, { lacks: [...lacks] })
    const settings = { url: server.url, batch: 100, concurrency: 16, retries: 2, timeout: 30_000, headers: {} }
    const blocks = new NodeBlocks(new RpcClient(settings))
    const runner = new NodeExecutor({ engine: 'wasm', threads: 2 })
    const fetcher = new BlockFetcher(settings, { engine: 'wasm', threads: 2 })
    try {
      const asked = await blocks.block(1n)
      assert.is(hex(await blocks.accessList(asked)), lacks.length < 2 ? hex(list) : undefined)
      const { result } = await runner.onNode(blocks, asked, settings)
      assert.is(hex(result.blockAccessList?.rlp), hex(list))
      await inFolder(async (folder) => {
        const { path } = await fetcher.fetch(1n, folder)
        const fetched = loadCase(path)
        assert.equal([fetched.fork, hex(fetched.blockAccessList)], ['amsterdam', hex(list)])
      })
    } finally {
      await fetcher.close()
      await runner.close()
      await server.close()
    }
  })
}

test('a node that gives another list is not believed', async () => {
  const lie: Mood['lie'] = (method, result) => (method === 'debug_getRawBlockAccessList' ? '0xc0' : result)
  const server = await rpcServer(block, { lie })
  const settings = { url: server.url, batch: 100, concurrency: 16, retries: 2, timeout: 30_000, headers: {} }
  const blocks = new NodeBlocks(new RpcClient(settings))
  try {
    await blocks.accessList(await blocks.block(1n))
    assert.unreachable()
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    assert.is(code, 'RPC_BAD_ANSWER')
    assert.match(message, bytesToHex(block.expected.blockAccessListHash as Uint8Array))
  } finally {
    await server.close()
  }
})

test('a header that is generated names the list that was made', async () => {
  const [fields, ...body] = RLP.decode(block.blockRlp) as unknown as [Uint8Array[]]
  const draft = RLP.encode([fields.with(21, new Uint8Array(32)), ...body] as never)
  const executor = await BlockExecutor.create({
    ...{ common: new Common({ chain: chainOf(block.chainId) }), hardfork: 'amsterdam', threads: 1 },
    state: witnessState(block.preState as never),
  })
  try {
    const { generated } = await executor.execute(draft, { parentHeaders: block.parentHeaders, generate: true })
    assert.equal(generated?.blockRlp, block.blockRlp)
  } finally {
    await executor.close()
  }
})

test.run()
