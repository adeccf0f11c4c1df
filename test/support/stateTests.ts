// Official state tests (execution-spec-tests): one transaction on a given pre-state, run by the core's EVM in order.
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, eoaCode7702RecoverAuthority, hexToBytes, setLengthLeft } from '@ethereumjs/util'
import { hostPrecompile } from '../../src/ethereumjs/hostPrecompile.js'
import { bloomOf } from '../../src/receipts/bloom.js'
import {
  decodeOutcome,
  OUTCOME_INVALID,
  OUTCOME_SUCCESS,
  OUTCOME_WORK,
  type OutcomeLog,
} from '../../src/receipts/outcome.js'
import { BlockCore, BlockMode, Source } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import { EvmCore } from '../../src/wasm/evm.js'
import { type EvmBlock, type EvmTransaction, OUTCOME_CODE, Refusal, Rules } from '../../src/wasm/evmRecords.js'
import { compile, createMemory, instantiate } from '../../src/wasm/instance.js'
import { keccak256 } from '../../src/wasm/keccak.js'
import {
  applyDiff,
  evenHex,
  firstDifference,
  type Hex,
  stateRoot,
  type TestAccount,
  type TestState,
  word,
} from './postState.js'

interface Indexes {
  data: number
  gas: number
  value: number
}

export interface PostEntry {
  hash: Hex
  logs: Hex
  indexes: Indexes
  expectException?: string
  txbytes?: Hex
  state?: TestState
}

export interface StateTest {
  env: Record<string, Hex>
  pre: TestState
  transaction: {
    nonce: Hex
    gasPrice?: Hex
    maxFeePerGas?: Hex
    maxPriorityFeePerGas?: Hex
    maxFeePerBlobGas?: Hex
    blobVersionedHashes?: Hex[]
    gasLimit: Hex[]
    value: Hex[]
    data: Hex[]
    accessLists?: ({ address: Hex; storageKeys: Hex[] }[] | null)[]
    authorizationList?: Record<string, Hex>[]
    to: Hex | ''
    sender: Hex
  }
  post: Record<string, PostEntry[]>
  config?: { chainid?: Hex; blobSchedule?: Record<string, { max: Hex; baseFeeUpdateFraction: Hex }> }
}

/** Names of forks in the tests. */
export const FORKS: Record<string, Rules> = {
  Frontier: Rules.FRONTIER,
  Homestead: Rules.HOMESTEAD,
  EIP150: Rules.TANGERINE_WHISTLE,
  EIP158: Rules.SPURIOUS_DRAGON,
  Byzantium: Rules.BYZANTIUM,
  Constantinople: Rules.CONSTANTINOPLE,
  ConstantinopleFix: Rules.PETERSBURG,
  Istanbul: Rules.ISTANBUL,
  Berlin: Rules.BERLIN,
  London: Rules.LONDON,
  Merge: Rules.PARIS,
  Paris: Rules.PARIS,
  Shanghai: Rules.SHANGHAI,
  Cancun: Rules.CANCUN,
  Prague: Rules.PRAGUE,
  Osaka: Rules.OSAKA,
}

/** Rules of refusal that an expected exception of the tests allows. */
const EXCEPTIONS: Record<string, readonly number[]> = {
  INSUFFICIENT_ACCOUNT_FUNDS: [Refusal.INSUFFICIENT_FUNDS],
  GASLIMIT_PRICE_PRODUCT_OVERFLOW: [Refusal.INSUFFICIENT_FUNDS],
  INTRINSIC_GAS_TOO_LOW: [Refusal.INTRINSIC_GAS_TOO_LOW],
  INTRINSIC_GAS_BELOW_FLOOR_GAS_COST: [Refusal.FLOOR_GAS_TOO_LOW],
  SENDER_NOT_EOA: [Refusal.SENDER_NOT_EOA],
  TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH: [Refusal.BLOB_HASH_VERSION],
  INSUFFICIENT_MAX_FEE_PER_GAS: [Refusal.FEE_BELOW_BASE_FEE],
  INITCODE_SIZE_EXCEEDED: [Refusal.INIT_CODE_TOO_LONG],
  GAS_LIMIT_EXCEEDS_MAXIMUM: [Refusal.GAS_LIMIT_ABOVE_CAP],
  TYPE_1_TX_PRE_FORK: [Refusal.TYPE_NOT_SUPPORTED],
  TYPE_2_TX_PRE_FORK: [Refusal.TYPE_NOT_SUPPORTED],
  TYPE_3_TX_PRE_FORK: [Refusal.TYPE_NOT_SUPPORTED],
  TYPE_4_TX_PRE_FORK: [Refusal.TYPE_NOT_SUPPORTED],
  TYPE_3_TX_ZERO_BLOBS: [Refusal.NO_BLOBS],
  NONCE_IS_MAX: [Refusal.NONCE_IS_MAX],
  INSUFFICIENT_MAX_FEE_PER_BLOB_GAS: [Refusal.BLOB_FEE_TOO_LOW],
  PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS: [Refusal.PRIORITY_ABOVE_MAX_FEE],
  GAS_ALLOWANCE_EXCEEDED: [Refusal.GAS_LIMIT_ABOVE_BLOCK],
  TYPE_3_TX_CONTRACT_CREATION: [Refusal.BLOB_TX_CREATES],
  TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED: [Refusal.TOO_MANY_BLOBS],
  TYPE_3_TX_BLOB_COUNT_EXCEEDED: [Refusal.TOO_MANY_BLOBS],
  TYPE_4_TX_CONTRACT_CREATION: [Refusal.SET_CODE_TX_CREATES],
  TYPE_4_EMPTY_AUTHORIZATION_LIST: [Refusal.NO_AUTHORISATIONS],
}

export interface Machine {
  block: BlockCore
  evm: EvmCore
}

/** A core of one thread with empty state: nothing outside the pre-state exists. */
export function newMachine(options: { maxBytes?: number } = {}): Machine {
  const memory = createMemory(options)
  let core: Core | undefined
  const imports = { env: { hostPrecompile: hostPrecompile(() => core as Core) } }
  core = new Core(memory, instantiate(compile(), memory, imports))
  const block = new BlockCore(core, 0)
  block.initTables(1n)
  block.setSource(Source.CLOSED)
  return { block, evm: new EvmCore(block, 0) }
}

export interface Result {
  status: 'success' | 'failed' | 'refused'
  /** The core's exact reason. */
  error: number
  gasUsed: bigint
  logs: OutcomeLog[]
}

function resultOf(bytes: Uint8Array): Result {
  const outcome = decodeOutcome(bytes)
  const error = bytes[OUTCOME_CODE]!
  if (outcome.kind === OUTCOME_INVALID) return { status: 'refused', error, gasUsed: 0n, logs: [] }
  if (outcome.kind === OUTCOME_WORK) throw new Error('the outcome of a transaction is block work')
  const { gasUsed, logs, bloom } = outcome
  if (logs.length > 0 && bytesToHex(bloom!) !== bytesToHex(bloomOf(logs, keccak256))) throw new Error('bloom differs')
  return { status: outcome.kind === OUTCOME_SUCCESS ? 'success' : 'failed', error, gasUsed, logs }
}

export interface StateTestRun {
  outcome: Result
  /** Milliseconds in the core. */
  ms: number
  /** Why it does not agree with the test; undefined when it does. */
  failure: string | undefined
}

export interface RunOptions {
  /** Compute the state root even when the test has the post-state account by account. */
  root?: boolean
}

/** Runs one post entry of a test. The machine's state is empty before and after. */
export async function runStateTest(
  machine: Machine,
  test: StateTest,
  fork: string,
  entry: PostEntry,
  options: RunOptions = {},
): Promise<StateTestRun> {
  const { block, evm } = machine
  for (const [address, account] of Object.entries(test.pre)) {
    setAccount(block, hexToBytes(address as Hex), account)
  }
  const env = blockOf(test, fork)
  const tx = transactionOf(test, entry)
  try {
    evm.setBlock(env)
    block.blockBegin(1, 1, BlockMode.SEQUENTIAL)
    const index = block.nextTask()
    const start = performance.now()
    const done = evm.run(index, tx)
    const ms = performance.now() - start
    if (!done) throw new Error('suspended, although all state is known')
    block.nextTask()
    block.collectDiff()
    const bytes = block.outcome(index)
    if (bytes === undefined) throw new Error('no outcome')
    const outcome = resultOf(bytes)
    return { outcome, ms, failure: await judge(block, test, entry, outcome, options) }
  } finally {
    block.exports.abandonBlock()
    for (const [address, account] of Object.entries(test.pre)) clearAccount(block, hexToBytes(address as Hex), account)
  }
}

function setAccount(block: BlockCore, address: Uint8Array, account: TestAccount): void {
  const code = hexToBytes(account.code)
  block.setBaseAccount(address, {
    nonce: word(account.nonce),
    balance: word(account.balance),
    codeHash: keccak256(code),
    code,
  })
  for (const [key, value] of Object.entries(account.storage)) {
    block.setBaseSlot(address, bytesOf(key as Hex), bytesOf(value))
  }
}

function clearAccount(block: BlockCore, address: Uint8Array, account: TestAccount): void {
  block.setBaseAccount(address, undefined)
  for (const key of Object.keys(account.storage)) block.setBaseSlot(address, bytesOf(key as Hex), new Uint8Array(32))
}

/** Quantities in the tests may have an odd number of digits. */
function bytesOf(hex: Hex): Uint8Array {
  return setLengthLeft(hexToBytes(hex.length % 2 === 0 ? hex : `0x0${hex.slice(2)}`), 32)
}

function blockOf(test: StateTest, fork: string): EvmBlock {
  const { env } = test
  const rules = FORKS[fork]
  if (rules === undefined) throw new Error(`no rules for fork ${fork}`)
  const number = word(env.currentNumber)
  const blobs = test.config?.blobSchedule?.[fork]
  const fraction = blobs === undefined ? 3338477n : word(blobs.baseFeeUpdateFraction)
  const blockHashes: Uint8Array[] = []
  for (let n = number - 1n; n >= 0n && n >= number - 256n; n--) {
    blockHashes.push(keccak256(new TextEncoder().encode(n.toString())))
  }
  return {
    rules,
    maxBlobs: blobs === undefined ? 6 : Number(word(blobs.max)),
    number,
    timestamp: word(env.currentTimestamp),
    gasLimit: word(env.currentGasLimit),
    coinbase: hexToBytes(env.currentCoinbase as Hex),
    prevRandao: rules >= Rules.PARIS ? word(env.currentRandom) : word(env.currentDifficulty),
    baseFee: rules >= Rules.LONDON ? word(env.currentBaseFee ?? '0x0a') : 0n,
    blobBaseFee: rules >= Rules.CANCUN ? blobBaseFee(word(env.currentExcessBlobGas), fraction) : 0n,
    chainId: word(test.config?.chainid ?? '0x1'),
    blockHashes,
  }
}

/** EIP-4844, fake_exponential. */
function blobBaseFee(excess: bigint, fraction: bigint): bigint {
  let sum = 0n
  let term = fraction
  for (let i = 1n; term > 0n; i++) {
    sum += term
    term = (term * excess) / (fraction * i)
  }
  return sum / fraction
}

function transactionOf(test: StateTest, entry: PostEntry): EvmTransaction {
  const { transaction: tx } = test
  const { indexes } = entry
  const first = entry.txbytes === undefined ? 0xc0 : Number.parseInt(entry.txbytes.slice(2, 4), 16)
  const accessList = tx.accessLists?.[indexes.data] ?? undefined
  return {
    type: first < 0xc0 ? first : 0,
    sender: hexToBytes(tx.sender),
    to: tx.to === '' ? undefined : hexToBytes(tx.to),
    nonce: word(tx.nonce),
    gasLimit: word(tx.gasLimit[indexes.gas]),
    value: word(tx.value[indexes.value]),
    maxFeePerGas: word(tx.gasPrice ?? tx.maxFeePerGas),
    maxPriorityFeePerGas: word(tx.maxPriorityFeePerGas),
    maxFeePerBlobGas: word(tx.maxFeePerBlobGas),
    data: hexToBytes(tx.data[indexes.data] as Hex),
    accessList: accessList?.map((item) => ({
      address: hexToBytes(item.address),
      keys: item.storageKeys.map(bytesOf),
    })),
    blobHashes: tx.blobVersionedHashes?.map((hash) => hexToBytes(hash)),
    authorisations: tx.authorizationList?.map((auth) => ({
      chainId: word(auth.chainId),
      address: hexToBytes(auth.address as Hex),
      nonce: word(auth.nonce),
      authority: authorityOf(auth),
    })),
  }
}

const SECP256K1_HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

function authorityOf(auth: Record<string, Hex>): Uint8Array | undefined {
  // What makes a signature invalid but would still give a key: parity beyond 1, s in the upper half.
  if (word(auth.yParity ?? auth.v) > 1n || word(auth.s) > SECP256K1_HALF_ORDER) return undefined
  const bytes = (hex: Hex | undefined) => (word(hex) === 0n ? new Uint8Array(0) : hexToBytes(evenHex(word(hex))))
  try {
    return eoaCode7702RecoverAuthority([
      bytes(auth.chainId),
      hexToBytes(auth.address as Hex),
      bytes(auth.nonce),
      bytes(auth.yParity ?? auth.v),
      bytes(auth.r),
      bytes(auth.s),
    ]).bytes
  } catch {
    return undefined
  }
}

async function judge(
  block: BlockCore,
  test: StateTest,
  entry: PostEntry,
  outcome: Result,
  options: RunOptions,
): Promise<string | undefined> {
  if (entry.expectException !== undefined) {
    if (outcome.status !== 'refused') return `should be refused: ${entry.expectException}`
    const allowed = entry.expectException
      .split('|')
      .flatMap((name) => EXCEPTIONS[name.split('.').at(-1) as string] ?? [])
    if (!allowed.includes(outcome.error)) return `refused by rule ${outcome.error}, not ${entry.expectException}`
  } else if (outcome.status === 'refused') {
    return `refused by rule ${outcome.error}`
  }
  const post = applyDiff(test.pre, block)
  if (entry.state !== undefined) {
    const difference = firstDifference(entry.state, post)
    if (difference !== undefined) return `${difference} (${outcome.status} ${outcome.error}, gas ${outcome.gasUsed})`
  }
  const logs = bytesToHex(logsHash(outcome.logs))
  if (logs !== entry.logs) return `hash of logs is ${logs}, not ${entry.logs}`
  if (entry.state === undefined || options.root) {
    const root = bytesToHex(await stateRoot(post))
    if (root !== entry.hash)
      return `state root is ${root}, not ${entry.hash} (${outcome.status} ${outcome.error}, gas ${outcome.gasUsed})`
  }
  return undefined
}

function logsHash(logs: OutcomeLog[]): Uint8Array {
  return keccak256(RLP.encode(logs))
}
