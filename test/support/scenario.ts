// Hand-made blocks: a few accounts and transactions, run by the engine and by the reference, which must agree.
import { createBlockHeader } from '@ethereumjs/block'
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes, KECCAK256_NULL } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { fixedCommon, rulesOf } from '../../src/ethereumjs/common.js'
import { decodeBlock, workInputOf } from '../../src/ethereumjs/decodeBlock.js'
import type { EngineBlock } from '../../src/ethereumjs/engine.js'
import { preStateReader } from '../../src/ethereumjs/preState.js'
import { type ReferenceResult, runReference } from '../../src/ethereumjs/reference.js'
import type { PreState } from '../../src/fixtures/index.js'
import type { BodyTransaction } from '../../src/receipts/body.js'
import { assertSame, type EngineRun, runEngine } from './blocks.js'
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
  /** Type 4 when given. */
  authorizations?: Uint8Array[][]
}

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
  preState: PreState & { kind: 'flat' }
  rules: ReturnType<typeof rulesOf>
}

export function build(scenario: Scenario): Built {
  const rules = rulesOf(new Common({ chain: Mainnet }), scenario.hardfork)
  const common = fixedCommon(rules, scenario.hardfork)
  const number = NUMBER
  const header = createBlockHeader(
    {
      number,
      timestamp: 1_000_000n,
      gasLimit: 30_000_000n,
      coinbase: scenario.coinbase ?? COINBASE,
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
  const decoded = decodeBlock(blockRlp)
  const accounts = [...scenario.accounts, ...systemContracts(common, scenario.systemCode ?? STOP)]
  const codes = accounts.map(({ code }) => unhex(code ?? ''))
  return {
    rules,
    blockRlp,
    block: {
      hardfork: scenario.hardfork,
      header: decoded.header,
      transactions: decoded.transactions,
      senders: scenario.transactions.map(({ from }) => from),
      ...workInputOf(decoded),
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
  if (tx.authorizations === undefined) return [integer(nonce), price, ...common, integer(27n), ...signature]
  const fields = [
    integer(1n),
    integer(nonce),
    integer(1n),
    price,
    ...common,
    [],
    tx.authorizations,
    integer(0n),
    ...signature,
  ]
  return Uint8Array.from([4, ...RLP.encode(fields)])
}

/** Runs a scenario both ways. */
export async function run(
  scenario: Scenario,
): Promise<{ engine: EngineRun; reference: ReferenceResult; built: Built }> {
  const built = build(scenario)
  const { rules, block, blockRlp, preState } = built
  const { blockHashes } = block
  const senders = scenario.transactions.map(({ from }) => from)
  const reference = await runReference(blockRlp, preState, { rules, senders, blockHashes })
  return { engine: await runEngine(block, preStateReader(preState), rules), reference, built }
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

// --- a few pieces of bytecode, hex --------------------------------------------------------------------------------------

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export const push = (value: number): string => `61${value.toString(16).padStart(4, '0')}`
export const sstore = (key: number, value: string): string => `${value}${push(key)}55`
export const selfdestruct = (to: Uint8Array): string => `73${hexOf(to)}ff`
/** CALL with all gas, no data; leaves the result on the stack. */
export const call = (to: Uint8Array, value = 0): string => `6000600060006000${push(value)}73${hexOf(to)}5af1`
export const STOP = '00'
export const REVERT = '60006000fd'
export const POP = '50'

/** Init code that runs `first` and then deploys `runtime`. */
export function initCode(runtime: string, first = ''): string {
  const size = runtime.length / 2
  const offset = first.length / 2 + 15
  return `${first}${push(size)}${push(offset)}600039${push(size)}6000f3${runtime}`
}

/** Creates a contract from the calldata with CREATE2 (salt 0), keeps its address in slot 0; then `after`. */
export const factory = (after = ''): string => `36600060003760003660006000f5${push(0)}55${after}${STOP}`

export function create2Address(creator: Uint8Array, init: string): Uint8Array {
  return keccak_256(Uint8Array.from([0xff, ...creator, ...new Uint8Array(32), ...keccak_256(unhex(init))])).slice(12)
}
