// The commands that ask a node: what they print, and their exit codes.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadCase, packageRoot } from '../../../src/blockFiles/index.js'
import { type Ended, runMain } from '../../support/process.js'
import { type Mood, rpcServer } from '../../support/rpcServer.js'

const block = loadCase(join(packageRoot(), 'fixtures', 'blocks', 'mainnet-mix-small.json.gz'))

/** The command on a node of the block. */
async function on(mood: Partial<Mood>, args: string[]): Promise<Ended> {
  const server = await rpcServer(block, mood)
  try {
    const [name, ...rest] = args as [string, ...string[]]
    return await runMain([name, '--rpc', server.url, ...rest])
  } finally {
    await server.close()
  }
}

test('run: a table, or JSON', async () => {
  const table = await on({}, ['run'])
  assert.is(table.status, 0, table.stderr)
  assert.match(table.stdout, new RegExp(`${block.number}\\s+osaka\\s+79\\s+${block.expected.gasUsed}`))
  assert.match(table.stdout, "follows from its parent's state root")

  const json = await on({}, ['run', '--block', String(block.number), '--no-proofs', '--json'])
  const { proven, gasUsed, receiptsRoot } = JSON.parse(json.stdout)
  assert.equal(
    { proven, gasUsed, receiptsRoot },
    {
      proven: false,
      gasUsed: String(block.expected.gasUsed),
      receiptsRoot: `0x${Buffer.from(block.expected.receiptsRoot as Uint8Array).toString('hex')}`,
    },
  )
})

test('run: a lie that is believed makes the block invalid, exit code 1', async () => {
  const lie: Mood['lie'] = (method, result) => (method === 'eth_getStorageAt' ? `0x${'00'.repeat(32)}` : result)
  const { status, stdout } = await on({ lie }, ['run', '--no-proofs'])
  assert.is(status, 1)
  assert.match(stdout, /\[[A-Z_]+\]/)
})

test('a node that cannot be used, or a wrong option: exit code 2, and what to do', async () => {
  const cases: [mood: Partial<Mood>, args: string[], says: RegExp][] = [
    [{ html: true }, ['run'], /check that the URL .*\[RPC_NOT_JSON\]/],
    [{ pruned: true }, ['run'], /archive node.*\[RPC_STATE_PRUNED\]/],
    [{}, ['run', '--block', '7'], /\[RPC_BLOCK_NOT_FOUND\]/],
    [{}, ['run', '--block', 'newest'], /'newest' is no block/],
    [{}, ['run', '--fork', 'nosuch'], /is not a hardfork name/],
    [{}, ['fetch', '9-7'], /ends before it begins/],
    [{}, ['fetch', '7'], /\[RPC_BLOCK_NOT_FOUND\]/],
  ]
  for (const [mood, args, says] of cases) {
    const { status, stderr } = await on(mood, args)
    assert.is(status, 2, `${args}: ${stderr}`)
    assert.match(stderr, says)
  }
  assert.match((await runMain(['run', '--rpc', 'localhost'])).stderr, /is no http or https URL/)
})

test('fetch: a file that verify takes, and that stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-node-'))
  try {
    const args = ['fetch', '--out', folder, 'latest']
    const first = await on({}, args)
    assert.is(first.status, 0, first.stderr)
    assert.match(first.stdout, /debug_executionWitness/)
    assert.equal(readdirSync(folder), [`${block.number}.json.gz`])
    assert.is((await runMain(['verify', folder])).status, 0)

    const again = await on({}, [...args, '--json'])
    assert.is(JSON.parse(again.stdout).blocks[0].from, 'there')
    const proven = await on({}, ['fetch', '--no-witness', '--out', join(folder, 'proven'), String(block.number)])
    assert.match(proven.stdout, /eth_getProof/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.run()
