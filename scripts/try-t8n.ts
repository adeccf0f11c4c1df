// `t8n` against the official tests: what a header says of its block must come out of the block's transactions, and what a
// state test expects of its one transaction.
//
//   node dist/scripts/try-t8n.js path/to/blockchain_tests path/to/state_tests
//
// Of blockchain tests every valid block whose parent's state is that of the test counts: the first one. State tests have no
// system contracts, without which there are no blocks from Prague on: those are left out.

import { readFileSync } from 'node:fs'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { Rules } from '../src/abi/core.generated.js'
import { ChainCommons } from '../src/block/common.js'
import { formatOf, type RecordFormat } from '../src/block/format.js'
import { parseJson } from '../src/blockFiles/jsonText.js'
import { testFiles } from '../src/spectests/files.js'
import { FORK_NAMES, forkOf, rulesOfNetwork } from '../src/spectests/forks.js'
import type { BlockTest, Hex, StateTest } from '../src/spectests/json.js'
import { blockHashes } from '../src/spectests/transaction.js'
import { TransitionTool } from '../src/t8n/transition.js'

const counts = { passed: 0, failed: 0, skipped: 0 }
const tools = new Map<string, TransitionTool>()

async function toolOf(fork: string, chainId: bigint, reward: bigint): Promise<TransitionTool> {
  const key = `${fork} ${chainId} ${reward}`
  let tool = tools.get(key)
  if (tool === undefined) {
    if (tools.size > 8) await closeTools()
    tool = await TransitionTool.create({ fork, chainId, reward }, { engine: 'wasm', threads: 1 })
    tools.set(key, tool)
  }
  return tool
}

async function closeTools(): Promise<void> {
  for (const tool of tools.values()) await tool.close()
  tools.clear()
}

function tell(name: string, problems: string[]): void {
  if (problems.length === 0) counts.passed++
  else {
    counts.failed++
    console.log(`FAIL ${name}: ${problems.join('; ')}`)
  }
}

function unequal(wanted: Record<string, unknown>, got: Record<string, unknown>): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => value !== undefined && got[name] !== value)
    .map(([name, value]) => `${name} is ${got[name]}, not ${value}`)
}

async function blockTest(name: string, test: BlockTest): Promise<void> {
  const [block] = test.blocks
  const fork = test.network
  if (
    block === undefined ||
    /To\w+At/.test(fork) ||
    Object.keys(block).some((key) => key.startsWith('expectException'))
  ) {
    counts.skipped++
    return
  }
  const chainId = BigInt(test.config?.chainid ?? 1)
  const rules = rulesOfNetwork(fork, test.config)
  const [header, txs, uncles, withdrawals] = RLP.decode(hexToBytes(block.rlp)) as [
    Uint8Array[],
    never[],
    Uint8Array[][],
    Uint8Array[][]?,
  ]
  const common = new ChainCommons(rules).at(1n, 1n)
  const { fields } = formatOf(common).header as RecordFormat
  const of = (field: string): Hex | undefined => {
    const at = fields.findIndex((each) => each.name === field)
    return at < 0 ? undefined : bytesToHex(header[at] as Uint8Array)
  }
  const number = (field: string): Hex | undefined => {
    const bytes = of(field)
    return bytes === undefined ? undefined : `0x${BigInt(bytes === '0x' ? 0 : bytes).toString(16)}`
  }
  const level = forkOf(fork).rules
  const env = {
    currentCoinbase: of('coinbase'),
    currentGasLimit: number('gasLimit'),
    currentNumber: number('number'),
    currentTimestamp: number('timestamp'),
    ...(level >= Rules.PARIS ? { currentRandom: of('mixHash') } : { currentDifficulty: number('difficulty') }),
    currentBaseFee: number('baseFeePerGas'),
    currentExcessBlobGas: number('excessBlobGas'),
    parentBeaconBlockRoot: of('parentBeaconBlockRoot'),
    slotNumber: number('slotNumber'),
    blockHashes: { [String(BigInt(number('number') as string) - 1n)]: of('parentHash') },
    ommers: uncles.map((uncle) => ({
      delta: Number(BigInt(number('number') as string) - BigInt(bytesToHex(uncle[8] as Uint8Array))),
      address: bytesToHex(uncle[2] as Uint8Array),
    })),
    ...(withdrawals && {
      withdrawals: withdrawals.map(([index, validator, address, amount]) => ({
        index: hexNumber(index),
        validatorIndex: hexNumber(validator),
        address: bytesToHex(address as Uint8Array),
        amount: hexNumber(amount),
      })),
    }),
  }
  const reward = level >= Rules.PARIS ? 0n : common.param('minerReward')
  const tool = await toolOf(fork, chainId, reward)
  const { result } = await tool.run({ alloc: test.pre, env, txs: bytesToHex(RLP.encode(txs)) })
  const wanted = {
    stateRoot: of('stateRoot'),
    txRoot: of('transactionsRoot'),
    receiptsRoot: of('receiptsRoot'),
    logsBloom: of('logsBloom'),
    gasUsed: number('gasUsed'),
    withdrawalsRoot: of('withdrawalsRoot'),
    blobGasUsed: number('blobGasUsed'),
    requestsHash: of('requestsHash'),
    blockAccessListHash: of('blockAccessListHash'),
    rejected: undefined,
  }
  tell(name, [...unequal(wanted, result), ...(result.rejected === undefined ? [] : ['transactions were rejected'])])
}

function hexNumber(bytes: Uint8Array | undefined): string {
  return bytes === undefined || bytes.length === 0 ? '0x0' : bytesToHex(bytes)
}

async function stateTest(name: string, test: StateTest): Promise<void> {
  for (const [fork, entries] of Object.entries(test.post)) {
    if (!FORK_NAMES.includes(fork) || forkOf(fork).rules >= Rules.PRAGUE) {
      counts.skipped += entries.length
      continue
    }
    const level = forkOf(fork).rules
    for (const [index, entry] of entries.entries()) {
      if (entry.txbytes === undefined || entry.txbytes === '0x') {
        counts.skipped++
        continue
      }
      const bytes = hexToBytes(entry.txbytes)
      const item = (bytes[0] as number) >= 0xc0 ? (RLP.decode(bytes) as never) : bytes
      const { currentBaseFee, currentDifficulty, currentRandom, currentExcessBlobGas, ...rest } = test.env
      const env = {
        ...rest,
        ...(level >= Rules.PARIS ? { currentRandom: currentRandom ?? '0x0' } : { currentDifficulty }),
        ...(level >= Rules.LONDON && { currentBaseFee: currentBaseFee ?? '0x0a' }),
        ...(level >= Rules.SHANGHAI && { withdrawals: [] }),
        ...(level >= Rules.CANCUN && {
          currentExcessBlobGas: currentExcessBlobGas ?? '0x0',
          parentBeaconBlockRoot: `0x${'00'.repeat(32)}`,
        }),
        blockHashes: [...blockHashes(test)].map(([n, hash]) => [n, hash]),
      }
      const tool = await toolOf(fork, BigInt(test.config?.chainid ?? 1), -1n)
      const { result } = await tool.run({ alloc: test.pre, env, txs: bytesToHex(RLP.encode([item])) })
      const refused = result.rejected !== undefined
      const problems = unequal({ stateRoot: entry.hash, logsHash: entry.logs }, result)
      if (refused !== (entry.expectException !== undefined))
        problems.push(refused ? 'was rejected' : 'was not rejected')
      tell(`${name} ${fork} ${index}`, problems)
    }
  }
}

for (const file of testFiles(process.argv.slice(2))) {
  const tests = parseJson(readFileSync(file, 'utf8')) as Record<string, object>
  for (const [name, test] of Object.entries(tests)) {
    try {
      if ('post' in test) await stateTest(name, test as StateTest)
      else if ('genesisRLP' in test) await blockTest(name, test as BlockTest)
      else counts.skipped++
    } catch (error) {
      tell(name, [String(error)])
    }
  }
}
await closeTools()
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0
