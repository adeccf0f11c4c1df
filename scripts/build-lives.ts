// Writes test/data/lives: what blocks in which accounts come and go must come to, by a client that shares nothing with this
// project. What a file says already is checked, not replaced: run it with one client, then with the other.
//
//   npm run build && node dist/scripts/build-lives.js --python PATH | --evm PATH [--forks istanbul,cancun] [--only ripemd]
//
// PATHs: of a Python with ethereum-execution[optimized]==2.20.0, and of `evm` (go install
// github.com/ethereum/go-ethereum/cmd/evm@v1.16.8; v1.17.10 has no EIP-7610 any more).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { type Chain, chainsOf, GAS_LIMIT, type LifeBlock, TIME } from '../test/support/lives/chains.js'
import { type Came, digest } from '../test/support/lives/digest.js'
import { type Fork, has } from '../test/support/lives/events.js'
import { BASE_FEE, FORKS } from '../test/support/scenario.js'

const OUT = join(process.cwd(), 'test/data/lives')
const GETH_FORKS: Record<string, string> = {
  chainstart: 'Frontier',
  tangerineWhistle: 'EIP150',
  spuriousDragon: 'EIP158',
  petersburg: 'ConstantinopleFix',
  paris: 'Merge',
}
const ETHER = 10n ** 18n
const quantity = (value: bigint | number): string => `0x${value.toString(16)}`

function rewardOf(fork: Fork): bigint {
  if (has(fork, 'paris')) return -1n
  return (has(fork, 'petersburg') ? 2n : has(fork, 'byzantium') ? 3n : 5n) * ETHER
}

/** All blocks of a chain, one t8n each. */
function byGeth(evm: string, { fork, state, blocks }: Chain): Came[] {
  let alloc: unknown = state.toTest()
  return blocks.map((block) => {
    const input = JSON.stringify({
      alloc,
      env: envOf(fork, block),
      txsRlp: bytesToHex(RLP.encode(block.transactions as never)),
    })
    const name = GETH_FORKS[fork] ?? `${fork[0]?.toUpperCase()}${fork.slice(1)}`
    const flags = ['--input.alloc', '--input.env', '--input.txs', '--output.result', '--output.alloc']
    const io = flags.flatMap((flag) => [flag, flag.startsWith('--input') ? 'stdin' : 'stdout'])
    const args = [
      't8n',
      ...io,
      '--output.body',
      '',
      '--state.fork',
      name,
      '--state.chainid',
      '1',
      '--state.reward',
      String(rewardOf(fork)),
    ]
    const ran = spawnSync(evm, args, { input, maxBuffer: 2 ** 30, encoding: 'utf8' })
    if (ran.status !== 0) throw new Error(`evm t8n: ${ran.stderr}`)
    const { result, alloc: after } = JSON.parse(ran.stdout)
    if (result.rejected?.length > 0) throw new Error(`evm t8n refuses ${JSON.stringify(result.rejected[0])}`)
    alloc = after
    const gas = result.receipts.map(({ cumulativeGasUsed }: { cumulativeGasUsed: string }) => BigInt(cumulativeGasUsed))
    return { stateRoot: result.stateRoot.slice(2), logsHash: result.logsHash.slice(2), gas }
  })
}

function envOf(fork: Fork, { number, coinbase, withdrawals, uncles }: LifeBlock) {
  const zero = quantity(0n)
  return {
    currentCoinbase: bytesToHex(coinbase),
    currentGasLimit: quantity(GAS_LIMIT),
    currentNumber: quantity(number),
    currentTimestamp: quantity(number * TIME),
    currentDifficulty: has(fork, 'paris') ? zero : quantity(131_072n),
    ...(has(fork, 'paris') && { currentRandom: zero }),
    ...(has(fork, 'london') && { currentBaseFee: quantity(BASE_FEE) }),
    ...(has(fork, 'cancun') && { currentExcessBlobGas: zero, parentBeaconBlockRoot: `0x${'00'.repeat(32)}` }),
    ...(has(fork, 'shanghai') && {
      withdrawals: withdrawals.map(([address, amount], index) => {
        return {
          index: quantity(index),
          validatorIndex: quantity(1n),
          address: bytesToHex(address),
          amount: quantity(amount),
        }
      }),
    }),
    ommers: uncles.map((address) => ({ delta: 1, address: bytesToHex(address) })),
    blockHashes: {},
  }
}

/** The Python specification, one process for all chains. */
class Specification {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(python: string) {
    const script = join(process.cwd(), 'scripts/lives-specification.py')
    this.#process = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
  }

  async run({ fork, state, blocks }: Chain): Promise<Came[]> {
    const chain = {
      fork,
      alloc: state.toTest(),
      blocks: blocks.map(({ number, coinbase, transactions, withdrawals, uncles }) => ({
        number: Number(number),
        timestamp: Number(number * TIME),
        gasLimit: Number(GAS_LIMIT),
        baseFee: Number(BASE_FEE),
        coinbase: bytesToHex(coinbase),
        transactions: transactions.map((tx) =>
          tx instanceof Uint8Array ? `t${bytesToHex(tx)}` : `l${bytesToHex(RLP.encode(tx as never))}`,
        ),
        withdrawals: withdrawals.map(([address, gwei]) => [bytesToHex(address), String(gwei)]),
        uncles: uncles.map((address) => bytesToHex(address)),
      })),
    }
    if (!this.#process.stdin!.write(`${JSON.stringify(chain)}\n`)) await once(this.#process.stdin!, 'drain')
    const { value, done } = await this.#lines.next()
    if (done) throw new Error('the specification ended')
    return JSON.parse(value).map(({ gas, ...rest }: { gas: number[] }) => ({ ...rest, gas: gas.map(BigInt) }))
  }

  close(): void {
    this.#process.stdin!.end()
  }
}

/** The specification leaves an empty 0x03 that a failed call touched, and knows no empty account from Paris on. */
function comparable({ name }: Chain): boolean {
  return !name.startsWith('ripemd')
}

const { values } = parseArgs({
  options: { evm: { type: 'string' }, python: { type: 'string' }, forks: { type: 'string' }, only: { type: 'string' } },
})
const { evm, python } = values
const specification = python === undefined ? undefined : new Specification(python)
const come = (chain: Chain): Promise<Came[]> | Came[] | undefined => {
  if (evm !== undefined) return byGeth(evm, chain)
  return comparable(chain) ? specification?.run(chain) : undefined
}
mkdirSync(OUT, { recursive: true })
for (const fork of values.forks ? (values.forks.split(',') as Fork[]) : FORKS) {
  const file = join(OUT, `${fork}.json`)
  const known: Record<string, string[]> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  let [added, same] = [0, 0]
  for (const chain of chainsOf(fork).filter(({ name }) => name.startsWith(values.only ?? ''))) {
    const digests = (await come(chain))?.map(digest)
    if (digests === undefined) continue
    const before = known[chain.name]
    if (before === undefined) added++
    else if (before.join() === digests.join()) same++
    else {
      const block = digests.findIndex((each, i) => each !== before[i])
      console.log(`${fork}, ${chain.name}: block ${block} differs from what the file says`)
      process.exitCode = 1
      continue
    }
    known[chain.name] = digests
  }
  const lines = Object.entries(known).map(([name, digests]) => `${JSON.stringify(name)}: ${JSON.stringify(digests)}`)
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`)
  console.log(`${fork}: ${added} chains added, ${same} as the file says`)
}
specification?.close()
