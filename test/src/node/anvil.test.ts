// Against anvil, where its package is installed: a chain is made there, fetched, verified and run. It has no witnesses, so that
// everything comes from eth_getProof.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { arch, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadCase, packageRoot } from '../../../src/blockFiles/index.js'
import type { ParallevmError } from '../../../src/index.js'
import { NodeBlocks } from '../../../src/node/blocks.js'
import { NodeExecutor } from '../../../src/node/executor.js'
import { BlockFetcher } from '../../../src/node/fetch.js'
import { DevChain } from '../../support/devChain.js'

/**
 * Where anvil 1.7 is not by the rules: it keeps slots of zero in its tries (Yellow Paper 4.1), and takes the sidecar of a blob
 * transaction into the transactions root. Its first block does not follow from its genesis block.
 */
const ITS_OWN = new Set(['INVALID_STATE_ROOT', 'INVALID_TRANSACTIONS_ROOT', 'INVALID_BASE_FEE', 'RPC_WRONG_PROOF'])

const name = `anvil-${platform()}-${arch() === 'x64' ? 'amd64' : arch()}`
const binary = join(packageRoot(), 'node_modules', '@foundry-rs', name, 'bin', 'anvil')

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a chain of anvil is fetched, verified and run', async () => {
  if (!existsSync(binary)) return console.log('anvil is not installed: skipped')
  const port = await freePort()
  const anvil = spawn(binary, ['--port', String(port), '--silent'], { stdio: 'ignore' })
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-anvil-'))
  const url = `http://127.0.0.1:${port}`
  const settings = { url, batch: 100, concurrency: 16, retries: 8, timeout: 30_000, headers: {} }
  const options = { engine: 'wasm', threads: 2 } as const
  const fetcher = new BlockFetcher(settings, options)
  const runner = new NodeExecutor(options)
  try {
    const chain = await DevChain.open(url, { anvil: true })
    const last = await chain.fill()
    const blocks = new NodeBlocks(chain.client)
    const refused = new Map<string, number>()
    let right = 0
    for (let number = 1n; number <= last; number++) {
      try {
        const { path, from } = await fetcher.fetch(number, folder)
        assert.is(from, 'eth_getProof')
        const { result } = await runner.onNode(blocks, await blocks.block(number), settings)
        assert.equal(result.receiptsRoot, loadCase(path).expected.receiptsRoot)
        right++
      } catch (error) {
        const { code } = error as ParallevmError
        if (!ITS_OWN.has(code)) throw error
        refused.set(code, (refused.get(code) ?? 0) + 1)
      }
    }
    console.log(`anvil: ${right} of ${last} blocks; refused: ${JSON.stringify([...refused])}`)
    assert.ok(right >= 35)
    assert.is(refused.get('INVALID_TRANSACTIONS_ROOT'), 1)
  } finally {
    await fetcher.close()
    await runner.close()
    anvil.kill()
    rmSync(folder, { recursive: true })
  }
})

test.run()
