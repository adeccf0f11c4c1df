// A block of signed ERC-20 transfers, everything included: parallevm from the block's bytes to its checked root, anvil and EDR
// from the signed transactions to the mined block. Medians of runs in turn.
//
//   npm run build && npm ci --prefix scripts/peers && node scripts/peers/block.mjs [transactions=1014] [runs=9]
//
// EDR asks for Node 22.
import { createBlockFromRLP } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import Table from 'cli-table3'
import { median } from '../../dist/src/cli/statistics.js'
import { BlockExecutor, memoryState } from '../../dist/src/index.js'
import { generateWorkload } from '../../dist/src/workloads/index.js'
import { startAnvil } from './anvil.mjs'
import { startEdr } from './edr.mjs'

const [transactions = 1014, runs = 9] = process.argv
  .slice(2)
  .filter((text) => !text.startsWith('-'))
  .map(Number)
const GAS_OF_ONE = 34_500

const options = { kind: 'erc20-one', gas: transactions * GAS_OF_ONE }
const sealed = await generateWorkload(options)
const { preState } = await generateWorkload({ ...options, withRoots: false })
const block = createBlockFromRLP(sealed.blockRlp, { common: new Common({ chain: Mainnet, hardfork: sealed.fork }) })
const { header } = block
const raw = block.transactions.map((tx) => `0x${Buffer.from(tx.serialize()).toString('hex')}`)

async function ours(threads) {
  const executor = await BlockExecutor.create({ state: memoryState(preState.accounts, preState.codes), threads })
  const { blockRlp, parentHeaders } = sealed
  return {
    name: `parallevm, ${threads} thread${threads > 1 ? 's' : ''}`,
    async run() {
      const { stateRoot } = await executor.execute(blockRlp, { parentHeaders, advance: false })
      if (Buffer.compare(stateRoot, header.stateRoot) !== 0) throw new Error('another root')
    },
    close: () => executor.close(),
  }
}

async function peer(start) {
  const { name, send, close } = await start({
    chainId: Number(sealed.chainId),
    baseFee: Number(header.baseFeePerGas),
    gasLimit: Number(header.gasLimit),
    timestamp: Number(header.timestamp) - 12,
    coinbase: header.coinbase.toString(),
    accounts: preState,
  })
  const sends = raw.map((bytes) => ({ method: 'eth_sendRawTransaction', params: [bytes] }))
  return {
    name,
    async prepare() {
      const [id] = await send([{ method: 'evm_snapshot', params: [] }])
      return async () => {
        const [mined] = await send([{ method: 'eth_getBlockByNumber', params: ['latest', false] }])
        const [gasUsed, count] = [BigInt(mined.gasUsed), mined.transactions.length]
        if (gasUsed !== header.gasUsed || count !== raw.length)
          throw new Error(`${name}: ${count} transactions, ${gasUsed} gas`)
        await send([{ method: 'evm_revert', params: [id] }])
      }
    },
    async run() {
      await send(sends)
      await send([{ method: 'evm_mine', params: [] }])
    },
    close,
  }
}

const subjects = [await ours(1), await ours(2), await peer(startAnvil)]
try {
  subjects.push(await peer(startEdr))
} catch (error) {
  console.error(`EDR left out: ${error.message}`)
}
const times = subjects.map(() => [])
for (let round = -2; round < runs; round++) {
  for (const [index, subject] of subjects.entries()) {
    const end = await subject.prepare?.()
    const start = performance.now()
    await subject.run()
    if (round >= 0) times[index].push(performance.now() - start)
    await end?.()
  }
}
for (const subject of subjects) await subject.close()
const rows = subjects.map(({ name }, index) => ({ name, ms: median(times[index]), best: Math.min(...times[index]) }))
if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
else {
  const table = new Table({
    head: [`${raw.length} ERC-20 transfers`, 'median ms', 'best'],
    style: { head: [], border: [] },
  })
  for (const { name, ms, best } of rows) table.push([name, ms.toFixed(1), best.toFixed(1)])
  console.log(table.toString())
}
process.exit()
