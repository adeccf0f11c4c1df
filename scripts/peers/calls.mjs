// Calls a second that change nothing (eth_call): ERC-20 balances, quotes of Uniswap's V2 router and of QuoterV2, 1, 100 and 10,000 at once.
// parallevm and evm.runCall of @ethereumjs/evm in this process, EDR in this process too, anvil over HTTP, as a batch of requests. Medians of
// runs in turn.
//
//   npm run build && npm ci --prefix scripts/peers && node scripts/peers/calls.mjs [runs=9] [--json]
//
// EDR asks for Node 22.

import { readFileSync } from 'node:fs'
import { createBlockFromRLP } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { createEVM } from '@ethereumjs/evm'
import { RLP } from '@ethereumjs/rlp'
import { Address, hexToBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import Table from 'cli-table3'
import { median } from '../../dist/src/cli/statistics.js'
import { BlockExecutor, memoryState } from '../../dist/src/index.js'
import { FlatStateManager } from '../../dist/src/reference/flatState.js'
import { preStateReader } from '../../dist/src/reference/preState.js'
import { calldata } from '../../dist/src/workloads/abi.js'
import { generateWorkload } from '../../dist/src/workloads/index.js'
import { startAnvil } from './anvil.mjs'
import { startEdr } from './edr.mjs'

const runs = Number(process.argv.slice(2).find((text) => !text.startsWith('-')) ?? 9)
const COUNTS = [1, 100, 10_000]
/** One after another, in JavaScript: more would take minutes. */
const MOST_OF_LIBRARY = 100
const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`
const toNumber = (bytes) => BigInt(hex(bytes))
const plain = (item) => (item instanceof Uint8Array ? RLP.decode(item.subarray(1)) : item)

/** What is asked of a workload's state: the calls, over again as often as wanted. */
const QUESTIONS = {
  balanceOf: {
    kind: 'erc20-one',
    calls: (transactions) =>
      transactions.map(({ to, data }) => ({ to, data: calldata('balanceOf(address)', data.subarray(16, 36)) })),
  },
  'quote on V2': {
    kind: 'uniswap-v2-one',
    calls(transactions) {
      // swapExactTokensForTokens(amountIn, least, path, to, deadline)
      const swaps = transactions.filter(({ data }) => hex(data.subarray(0, 4)) === '0x38ed1739')
      return swaps.map(({ to, data }) => {
        const path = 4 + Number(toNumber(data.subarray(68, 100)))
        const length = Number(toNumber(data.subarray(path, path + 32)))
        const tokens = Array.from({ length }, (_, i) => data.subarray(path + 44 + 32 * i, path + 64 + 32 * i))
        return { to, data: calldata('getAmountsOut(uint256,address[])', toNumber(data.subarray(4, 36)), tokens) }
      })
    },
  },
  'quote on V3': {
    kind: 'uniswap-v3-one',
    // The fourth word is gas, which depends on what a client has warm and on its gas limit.
    words: 3,
    async calls(transactions, scene) {
      // exactInputSingle((tokenIn, tokenOut, fee, recipient, deadline, amountIn, least, limit))
      const swaps = transactions.filter(({ data }) => hex(data.subarray(0, 4)) === '0x414bf389')
      if (swaps.length === 0) return []
      await addQuoter(scene, swaps[0].to)
      return swaps.map(({ data }) => {
        const word = (index) => toNumber(data.subarray(4 + 32 * index, 36 + 32 * index))
        const signature = 'quoteExactInputSingle((address,address,uint256,uint24,uint160))'
        return { to: QUOTER, data: calldata(signature, word(0), word(1), word(5), word(2), word(7)) }
      })
    },
  },
}

/** Where nothing is before it is put there. */
const QUOTER = new Uint8Array(20).fill(0x9a)

/** Puts QuoterV2 into the state, of the factory that a router has: its code is what its creation would come to. */
async function addQuoter({ preState, header }, router) {
  const artifact = new URL(
    import.meta.resolve('@uniswap/v3-periphery/artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json'),
  )
  const { bytecode } = JSON.parse(readFileSync(artifact, 'utf8'))
  const executor = await BlockExecutor.create({ state: memoryState(preState.accounts, preState.codes), threads: 1 })
  try {
    const options = { block: RLP.encode(header) }
    const places = ['factory()', 'WETH9()'].map((name) => ({ to: router, data: calldata(name) }))
    const words = (await executor.call(places, options)).map(({ returnData }) => returnData)
    const data = Buffer.concat([hexToBytes(bytecode), ...words])
    const [created] = await executor.call([{ data }], options)
    if (created.status !== 'success') throw new Error(`QuoterV2 cannot be created: ${created.error}`)
    const code = Uint8Array.from(created.returnData)
    preState.codes.push(code)
    preState.accounts.push({ address: QUOTER, nonce: 1n, balance: 0n, codeHash: keccak_256(code), storage: [] })
  } finally {
    await executor.close()
  }
}

const many = (calls, count) => Array.from({ length: count }, (_, index) => calls[index % calls.length])

async function ours(scene, threads) {
  const { preState, header } = scene
  const executor = await BlockExecutor.create({ state: memoryState(preState.accounts, preState.codes), threads })
  const block = RLP.encode(header)
  return {
    name: `parallevm, ${threads} thread${threads > 1 ? 's' : ''}`,
    run: async (calls) => (await executor.call(calls, { block })).map(({ returnData }) => hex(returnData)),
    close: () => executor.close(),
  }
}

async function library(scene) {
  const { preState, block } = scene
  const stateManager = new FlatStateManager(preStateReader(preState))
  const evm = await createEVM({ common: block.common, stateManager })
  return {
    name: 'evm.runCall',
    most: MOST_OF_LIBRARY,
    async run(calls) {
      const results = []
      for (const { to, data } of calls) {
        const { execResult } = await evm.runCall({ to: new Address(to), data, block, gasLimit: 30_000_000n })
        results.push(hex(execResult.returnValue))
      }
      return results
    },
    close() {},
  }
}

async function peer(scene, start) {
  const { sealed, block, preState } = scene
  const { name, send, close } = await start({
    chainId: Number(sealed.chainId),
    baseFee: Number(block.header.baseFeePerGas),
    gasLimit: Number(block.header.gasLimit),
    timestamp: Number(block.header.timestamp) - 12,
    coinbase: block.header.coinbase.toString(),
    accounts: preState,
  })
  const request = ({ to, data }) => ({ method: 'eth_call', params: [{ to: hex(to), data: hex(data) }, 'latest'] })
  return { name, run: (calls) => send(calls.map(request)), close }
}

async function sceneOf(kind) {
  const sealed = await generateWorkload({ kind, gas: 35_000_000, withRoots: false })
  const block = createBlockFromRLP(sealed.blockRlp, { common: new Common({ chain: Mainnet, hardfork: sealed.fork }) })
  const [header, transactions] = RLP.decode(sealed.blockRlp)
  // Of type 2, or legacy: to and data are in the same order, three places apart.
  const fields = transactions.map((item) => [plain(item), item instanceof Uint8Array])
  const asked = fields.map(([list, typed]) => ({ to: list[typed ? 5 : 3], data: list[typed ? 7 : 5] }))
  return { sealed, block, header, preState: sealed.preState, transactions: asked }
}

async function subjectsOf(scene) {
  const subjects = [await ours(scene, 1), await ours(scene, 2), await library(scene), await peer(scene, startAnvil)]
  try {
    subjects.push(await peer(scene, startEdr))
  } catch (error) {
    console.error(`EDR left out: ${error.message}`)
  }
  return subjects
}

const rows = []
for (const [question, { kind, calls: callsOf, words }] of Object.entries(QUESTIONS)) {
  const scene = await sceneOf(kind)
  const calls = await callsOf(scene.transactions, scene)
  if (calls.length === 0) throw new Error(`${kind} has no transaction of which '${question}' can be asked`)
  const compared = (result) => (words === undefined ? result : result.slice(0, 2 + 64 * words))
  const subjects = await subjectsOf(scene)
  for (const count of COUNTS) {
    const asked = many(calls, count)
    const those = subjects.filter(({ most = count }) => most >= count)
    const times = those.map(() => [])
    let expected
    for (let round = -1; round < runs; round++) {
      for (const [index, { name, run }] of those.entries()) {
        const start = performance.now()
        const results = await run(asked)
        const ms = performance.now() - start
        expected ??= results.map(compared)
        if (results.some((result, place) => compared(result) !== expected[place]))
          throw new Error(`${name}: another answer`)
        if (round >= 0) times[index].push(ms)
      }
    }
    for (const [index, { name }] of those.entries()) {
      const ms = median(times[index])
      rows.push({ question, count, name, ms, best: Math.min(...times[index]), perSecond: (1000 * count) / ms })
    }
  }
  for (const { close } of subjects) await close()
}
if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
else {
  const head = ['asked', 'at once', 'by', 'median ms', 'best', 'calls a second']
  const table = new Table({ head, style: { head: [], border: [] } })
  for (const { question, count, name, ms, best, perSecond } of rows) {
    table.push([question, count, name, ms.toFixed(2), best.toFixed(2), Math.round(perSecond)])
  }
  console.log(table.toString())
}
process.exit()
