// Against go-ethereum: a chain is made through a developer node, then every block of it is fetched, once from
// debug_executionWitness and once from eth_getProof, executed from the file, and run on the state of the node.
//
//   node dist/scripts/try-geth.js path/to/geth      (go install github.com/ethereum/go-ethereum/cmd/geth@v1.17.10)
//
// Its own --dev chain has the rules of forks to come: here a genesis block with those of Osaka takes its place.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex } from '@ethereumjs/util'
import { NodeBlocks } from '../src/node/blocks.js'
import { NodeExecutor } from '../src/node/executor.js'
import { BlockFetcher } from '../src/node/fetch.js'
import { RpcClient } from '../src/rpc/client.js'
import { systemCode, systemContract } from '../src/workloads/systemContracts.js'
import { AUTHORITY, DevChain, USER } from '../test/support/devChain.js'

const geth = process.argv[2] ?? 'geth'
const PORT = 18_599
const url = `http://127.0.0.1:${PORT}`
const BLOBS = { target: 6, max: 9, baseFeeUpdateFraction: 5_007_716 }
const BY_NUMBER = [
  'homestead',
  'eip150',
  'eip155',
  'eip158',
  'byzantium',
  'constantinople',
  'petersburg',
  'istanbul',
  'berlin',
  'london',
]

const genesis = {
  config: {
    chainId: 1337,
    ...Object.fromEntries(BY_NUMBER.map((fork) => [`${fork}Block`, 0])),
    ...Object.fromEntries(['shanghai', 'cancun', 'prague', 'osaka'].map((fork) => [`${fork}Time`, 0])),
    terminalTotalDifficulty: 0,
    blobSchedule: { cancun: BLOBS, prague: BLOBS, osaka: BLOBS },
  },
  difficulty: '0x0',
  gasLimit: '0x2faf080',
  baseFeePerGas: '0x3b9aca00',
  alloc: Object.fromEntries([
    ...[USER, AUTHORITY].map(({ address }) => [bytesToHex(address), { balance: `0x${(10n ** 24n).toString(16)}` }]),
    ...([4788, 2935, 7002, 7251] as const).map((eip) => [
      bytesToHex(systemContract(eip)),
      { balance: '0x0', nonce: '0x1', code: bytesToHex(systemCode(eip)) },
    ]),
  ]),
}

const folder = mkdtempSync(join(tmpdir(), 'parallevm-geth-'))
const data = join(folder, 'data')
writeFileSync(join(folder, 'genesis.json'), JSON.stringify(genesis))
const init = spawnSync(geth, ['init', '--datadir', data, join(folder, 'genesis.json')], { encoding: 'utf8' })
if (init.status !== 0) throw new Error(`geth init: ${init.error ?? init.stderr}`)
const http = ['--http', '--http.port', String(PORT), '--http.api', 'eth,debug,net,web3']
const quiet = ['--port', '0', '--authrpc.port', String(PORT + 1), '--nodiscover', '--ipcdisable']
const node = spawn(geth, ['--dev', '--datadir', data, ...http, ...quiet], { stdio: 'ignore' })

const settings = { url, batch: 100, concurrency: 16, retries: 8, timeout: 30_000, headers: {} }
const options = { engine: 'wasm', threads: 2 } as const
const rows: string[] = []
try {
  const chain = await DevChain.open(url)
  const last = await chain.fill()
  const fetcher = new BlockFetcher(settings, options)
  const prover = new BlockFetcher(settings, { ...options, witness: false })
  const runner = new NodeExecutor(options)
  const blocks = new NodeBlocks(new RpcClient(settings))
  let [same, transactions] = [0, 0]
  for (let number = 1n; number <= last; number++) {
    const given = await fetcher.fetch(number, join(folder, 'given'))
    const proven = await prover.fetch(number, join(folder, 'proven'))
    const { result } = await runner.onNode(blocks, await blocks.block(number), settings)
    if (given.from === 'debug_executionWitness' && proven.from === 'eth_getProof') same++
    transactions += result.receipts.length
    rows.push(`${number}: ${given.transactions} transactions, ${given.from} and ${proven.from}, ${result.gasUsed} gas`)
  }
  for (const one of [fetcher, prover, runner]) await one.close()
  console.log(rows.join('\n'))
  console.log(`${last} blocks, ${transactions} transactions: ${same} fetched in both ways, verified and run`)
} finally {
  node.kill()
  await new Promise((resolve) => node.once('exit', resolve))
  rmSync(folder, { recursive: true, force: true })
}
