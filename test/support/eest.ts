// State tests of the official execution-spec-tests as blocks of one transaction.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBlockHeader, type HeaderData } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { FORKS } from '../../src/abi/registry.js'
import type { BodyTransaction } from '../../src/block/body.js'
import { type ChainRules, rulesOf } from '../../src/block/common.js'
import { executingCommon } from '../../src/block/executingCommon.js'
import type { FlatAccount, PreState } from '../../src/blockFiles/index.js'
import type { EngineBlock } from '../../src/ethereumjs/engine.js'
import type { TestState } from '../../src/spectests/json.js'
import { PlainState } from '../../src/spectests/plainState.js'
import { firstDifference } from '../../src/spectests/stateDifference.js'
import type { StateDiff } from '../../src/types.js'
import { engineInput } from './blocks.js'
import { unhex } from './mapState.js'

/** The tests' names of the forks. */
const HARDFORKS: ReadonlyMap<string, string> = new Map(FORKS.map(({ test, hardfork }) => [test, hardfork]))

/** Contracts that a block from Prague on must find; state tests do not care for them. */
const SYSTEM_CONTRACTS = ['00000961ef480eb55e80d19ad83579a64c007002', '0000bbddc7ce488642fb579f8b00f3a590007251']

type JsonAccount = { nonce: string; balance: string; code: string; storage: Record<string, string> }
type JsonState = Record<string, JsonAccount>

interface JsonTest {
  env: Record<string, string>
  pre: JsonState
  transaction: { sender: string }
  post: Record<string, { txbytes: string; state: JsonState; logs: string; expectException?: string }[]>
}

export interface StateTest {
  name: string
  rules: ChainRules
  block: EngineBlock
  blockRlp: Uint8Array
  preState: PreState
  /** Words of the rule that the transaction breaks, when it must be refused. */
  refused?: string
  /** keccak-256 of the RLP of the logs, hex. */
  logs: string
  /** What does not come out that must; absent where a block reward is in between. */
  wrong?: (diff: StateDiff) => string | undefined
}

export function testFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
  return files.map((entry) => join(entry.parentPath, entry.name)).sort()
}

export function* stateTests(file: string): Generator<StateTest> {
  const tests = JSON.parse(readFileSync(file, 'utf8')) as Record<string, JsonTest>
  for (const [name, test] of Object.entries(tests)) {
    for (const [fork, posts] of Object.entries(test.post)) {
      const hardfork = HARDFORKS.get(fork)
      if (hardfork === undefined) continue
      const rules = rulesOf(new Common({ chain: Mainnet }), hardfork)
      for (const post of posts) {
        const built = build(test, rules, hardfork, unhex(post.txbytes))
        const result: StateTest = { name: `${fork} ${name}`, rules, ...built, logs: post.logs.slice(2) }
        if (post.expectException !== undefined) result.refused = post.expectException
        if (!('currentDifficulty' in test.env) || BigInt(test.env.currentDifficulty!) === 0n) {
          result.wrong = (diff) => difference(test.pre, diff, post.state)
        }
        yield result
      }
    }
  }
}

function build({ env, pre, transaction }: JsonTest, rules: ChainRules, hardfork: string, bytes: Uint8Array) {
  const common = executingCommon(rules, hardfork)
  const number = BigInt(env.currentNumber!)
  const data: HeaderData = {
    number,
    timestamp: BigInt(env.currentTimestamp!),
    gasLimit: BigInt(env.currentGasLimit!),
    coinbase: unhex(env.currentCoinbase!),
    ...(common.isActivatedEIP(1559) ? { baseFeePerGas: BigInt(env.currentBaseFee!) } : {}),
    ...(common.isActivatedEIP(4399)
      ? { mixHash: word(env.currentRandom ?? '0x0') }
      : { difficulty: BigInt(env.currentDifficulty!) }),
    ...(common.isActivatedEIP(4844) ? { excessBlobGas: BigInt(env.currentExcessBlobGas ?? '0x0') } : {}),
  }
  const header = createBlockHeader(data, { common, skipConsensusFormatValidation: true }).raw()
  const body = bytes[0]! < 0x80 ? bytes : (RLP.decode(bytes) as BodyTransaction)
  const blockRlp = RLP.encode([header, [body], [], ...(common.isActivatedEIP(4895) ? [[]] : [])] as never)
  const accounts: [string, JsonAccount][] = Object.entries(pre)
  if (common.isActivatedEIP(7002)) {
    for (const address of SYSTEM_CONTRACTS) {
      if (pre[`0x${address}`] === undefined) {
        accounts.push([address, { nonce: '1', balance: '0', code: '0x00', storage: {} }])
      }
    }
  }
  const blockHashes = new Map<bigint, Uint8Array>()
  for (let n = number - 1n; n >= 0n && n >= number - 256n; n--) {
    blockHashes.set(n, keccak_256(new TextEncoder().encode(String(n))))
  }
  const block: EngineBlock = {
    ...engineInput(blockRlp, { at: () => common }),
    senders: [unhex(transaction.sender)],
    blockHashes,
  }
  const flat = accounts.map(flatAccount)
  const codes = accounts.map(([, { code }]) => unhex(code))
  return { block, blockRlp, preState: { kind: 'flat' as const, accounts: flat, codes } }
}

function flatAccount([address, { nonce, balance, code, storage }]: [string, JsonAccount]): FlatAccount {
  const slots = Object.entries(storage).filter(([, value]) => BigInt(value) !== 0n)
  return {
    address: unhex(address),
    nonce: BigInt(nonce),
    balance: BigInt(balance),
    codeHash: keccak_256(unhex(code)),
    storage: slots.map(([key, value]) => [word(key), word(value)]),
  }
}

/** What of the expected state does not come out when `diff` is applied to `pre`; undefined when all does. */
function difference(pre: JsonState, diff: StateDiff, expected: JsonState): string | undefined {
  const after = PlainState.of(pre as TestState)
  after.apply(diff)
  return firstDifference(PlainState.of(expected as TestState), after)
}

function word(quantity: string): Uint8Array {
  return unhex(BigInt(quantity).toString(16).padStart(64, '0'))
}
