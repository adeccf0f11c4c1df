// Hand-made blocks: a few accounts and transactions, run by the engine and by the reference, which must agree.
import { createBlockHeader } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes, KECCAK256_NULL } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { FORKS as FORK_ROWS } from '../../src/abi/registry.js'
import type { BodyTransaction } from '../../src/block/body.js'
import { rulesOf } from '../../src/block/common.js'
import { executingCommon } from '../../src/block/executingCommon.js'
import type { PreState } from '../../src/blockFiles/index.js'
import type { EngineBlock } from '../../src/ethereumjs/engine.js'
import { preStateReader } from '../../src/reference/preState.js'
import { type ReferenceResult, runReference } from '../../src/reference/reference.js'
import { assertSame, type EngineRun, engineInput, runEngine } from './blocks.js'
import { unhex } from './mapState.js'

export const ETHER = 10n ** 18n
export const GWEI = 10n ** 9n
export const BASE_FEE = 7n

/** 20 bytes that end with the number. */
export function address(last: number): Uint8Array {
  const bytes = new Uint8Array(20).fill(0x11)
  new DataView(bytes.buffer).setUint32(16, last)
  return bytes
}

export const COINBASE = address(0xc0)

// The actors of the scenarios: three rich senders, one without an account, two contracts, the identity precompile.
export const A = address(0xa)
export const B = address(0xb)
export const C = address(0xc)
export const D = address(0xd)
export const CONTRACT = address(0x100)
export const OTHER = address(0x101)
export const PRECOMPILE = unhex('0000000000000000000000000000000000000004')

/** The forks that differ in what a transaction does, in order; Constantinople was Petersburg on every chain of note. */
export const FORKS: readonly string[] = FORK_ROWS.filter(
  ({ test, kind }) => kind === 'rules' && !['Constantinople', 'Merge', 'Amsterdam'].includes(test),
).map(({ hardfork }) => hardfork)

export function since(fork: string): readonly string[] {
  if (!FORKS.includes(fork)) throw new Error(`no scenario has the fork ${fork}`)
  return FORKS.slice(FORKS.indexOf(fork))
}

export interface ScenarioAccount {
  address: Uint8Array
  balance?: bigint
  nonce?: bigint
  /** Hex. */
  code?: string
  storage?: Record<number, bigint>
}

export interface ScenarioTransaction {
  from: Uint8Array
  to?: Uint8Array
  nonce?: bigint
  value?: bigint
  /** Hex. */
  data?: string
  gas?: bigint
  /** wei per gas, all of it. */
  gasPrice?: bigint
  /** Address and keys; type 1 when given. */
  accessList?: [Uint8Array, Uint8Array[]][]
  /** Type 4 when given. */
  authorizations?: Uint8Array[][]
}

export const rich: ScenarioAccount[] = [A, B, C].map((account) => ({ address: account, balance: 100n * ETHER }))

export interface Scenario {
  hardfork: string
  coinbase?: Uint8Array
  accounts: ScenarioAccount[]
  transactions: ScenarioTransaction[]
  /** Address and gwei. */
  withdrawals?: [Uint8Array, bigint][]
  uncles?: { number: bigint; coinbase: Uint8Array }[]
  blockHashes?: Map<bigint, Uint8Array>
  /** Code of the contracts of EIP-7002 and EIP-7251, hex; left out, they return nothing. */
  systemCode?: string
}

export const NUMBER = 1000n

export interface Built {
  block: EngineBlock
  blockRlp: Uint8Array
  /** As in `block`. */
  senders: Uint8Array[]
  preState: PreState & { kind: 'flat' }
  rules: ReturnType<typeof rulesOf>
}

export function build(scenario: Scenario): Built {
  const rules = rulesOf(new Common({ chain: Mainnet }), scenario.hardfork)
  const common = executingCommon(rules, scenario.hardfork)
  const number = NUMBER
  const header = createBlockHeader(
    {
      number,
      timestamp: 1_000_000n,
      gasLimit: 100_000_000n,
      coinbase: scenario.coinbase ?? COINBASE,
      parentHash: scenario.blockHashes?.get(number - 1n) ?? new Uint8Array(32),
      ...(common.isActivatedEIP(1559) ? { baseFeePerGas: BASE_FEE } : { difficulty: 131072n }),
    },
    { common, skipConsensusFormatValidation: true },
  )
  const nonces = new Map<string, bigint>()
  const transactions = scenario.transactions.map((tx): BodyTransaction => encode(tx, nonces))
  const uncles = (scenario.uncles ?? []).map(({ number, coinbase }) =>
    createBlockHeader({ number, coinbase }, { common, skipConsensusFormatValidation: true }).raw(),
  )
  const parts: unknown[] = [header.raw(), transactions, uncles]
  if (common.isActivatedEIP(4895)) {
    const list = scenario.withdrawals ?? []
    parts.push(list.map(([to, amount], index) => [integer(BigInt(index)), integer(1n), to, integer(amount)]))
  }
  const blockRlp = RLP.encode(parts as never)
  const accounts = [...scenario.accounts, ...systemContracts(common, scenario.systemCode ?? '00')]
  const codes = accounts.map(({ code }) => unhex(code ?? ''))
  const senders = scenario.transactions.map(({ from }) => from)
  return {
    rules,
    blockRlp,
    senders,
    block: {
      ...engineInput(blockRlp, { at: () => common }),
      senders,
      blockHashes: scenario.blockHashes ?? new Map(),
    },
    preState: {
      kind: 'flat',
      codes,
      accounts: accounts.map((account, index) => ({
        address: account.address,
        balance: account.balance ?? 0n,
        nonce: account.nonce ?? 0n,
        codeHash: codes[index]!.length === 0 ? KECCAK256_NULL : keccak_256(codes[index]!),
        storage: Object.entries(account.storage ?? {}).map(([key, value]) => [word(BigInt(key)), word(value)]),
      })),
    },
  }
}

/** From Prague on a block without the contracts of EIP-7002 and EIP-7251 is invalid. */
function systemContracts(common: Common, code: string): ScenarioAccount[] {
  if (!common.isActivatedEIP(7002)) return []
  return ['00000961Ef480Eb55e80D19ad83579A64c007002', '0000BBdDc7CE488642fb579F8B00f3a590007251'].map((hex) => ({
    address: unhex(hex),
    nonce: 1n,
    code,
  }))
}

function encode(tx: ScenarioTransaction, nonces: Map<string, bigint>): BodyTransaction {
  const key = String(tx.from)
  const nonce = tx.nonce ?? nonces.get(key) ?? 0n
  nonces.set(key, nonce + 1n)
  const price = integer(tx.gasPrice ?? 2n * GWEI)
  const common = [
    integer(tx.gas ?? 500_000n),
    tx.to ?? new Uint8Array(0),
    integer(tx.value ?? 0n),
    unhex(tx.data ?? ''),
  ]
  const signature = [integer(1n), integer(1n)]
  const { accessList, authorizations } = tx
  const chainId = integer(1n)
  const parity = integer(0n)
  if (authorizations !== undefined) {
    const fees = [integer(1n), price]
    const lists = [accessList ?? [], authorizations]
    return typed(4, [chainId, integer(nonce), ...fees, ...common, ...lists, parity, ...signature])
  }
  if (accessList !== undefined) {
    return typed(1, [chainId, integer(nonce), price, ...common, accessList, parity, ...signature])
  }
  return [integer(nonce), price, ...common, integer(27n), ...signature]
}

function typed(type: number, fields: unknown[]): Uint8Array {
  return Uint8Array.from([type, ...RLP.encode(fields as never)])
}

/** Runs a block with plain @ethereumjs/vm. */
export function reference({ rules, block, blockRlp, senders, preState }: Built): Promise<ReferenceResult> {
  return runReference(blockRlp, preState, { rules, senders, blockHashes: block.blockHashes })
}

/** Runs a scenario both ways. */
export async function run(
  scenario: Scenario,
): Promise<{ engine: EngineRun; reference: ReferenceResult; built: Built }> {
  const built = build(scenario)
  const { rules, block, preState } = built
  const expected = await reference(built)
  return { engine: await runEngine(block, preStateReader(preState), rules), reference: expected, built }
}

/** Runs a scenario both ways and demands the same receipts and state difference. */
export async function agree(scenario: Scenario) {
  const result = await run(scenario)
  assertSame(result.engine, result.reference)
  return result
}

export function integer(value: bigint): Uint8Array {
  return bigIntToUnpaddedBytes(value)
}

export function word(value: bigint): Uint8Array {
  return unhex(value.toString(16).padStart(64, '0'))
}
