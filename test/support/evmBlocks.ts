// Whole blocks with the core's EVM: the block's own work from here, every transaction and system call in the core.

import { createBlockHeaderFromBytesArray } from '@ethereumjs/block'
import { Hardfork } from '@ethereumjs/common'
import { bigIntToBytes, eoaCode7702RecoverAuthority, hexToBytes, setLengthLeft } from '@ethereumjs/util'
import * as assert from 'uvu/assert'
import { OUTCOME_INVALID, OUTCOME_WORK, Task } from '../../src/abi/core.generated.js'
import { type EvmBlock, type EvmTransaction, encodeTransaction, HARDFORK_RULES } from '../../src/abi/evmRecords.js'
import { decodeOutcome } from '../../src/abi/outcome.js'
import { executingCommon } from '../../src/block/executingCommon.js'
import { decodeTransaction, withSender } from '../../src/block/transactions.js'
import type { EngineBlock } from '../../src/ethereumjs/engine.js'
import type { PreStateReader } from '../../src/reference/flatState.js'
import type { ReferenceResult } from '../../src/reference/reference.js'
import type { StateDiff } from '../../src/types.js'
import { BlockCore, type MissingValue } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import { EvmCore } from '../../src/wasm/evm.js'
import type { WasmMemory } from '../../src/wasm/host.js'
import { compile, instantiate } from '../../src/wasm/instance.js'
import { CoreTxState } from '../../src/wasm/txState.js'
import { mainnetRules, readable } from './blocks.js'
import { hex } from './mapState.js'

/** One entry of a block: a request record for the core, or changes that the protocol makes. */
export interface Job {
  record?: Uint8Array
  credits?: [address: Uint8Array, wei: bigint][]
  /** Made only when the account has code. */
  storage?: [address: Uint8Array, key: Uint8Array, value: Uint8Array][]
}

export interface Jobs {
  env: EvmBlock
  jobs: Job[]
  /** Index of the first transaction in `jobs`, and their number. */
  first: number
  count: number
}

export interface EvmThread {
  block: BlockCore
  evm: EvmCore
  state: CoreTxState
}

export function newEvmThread(memory: WasmMemory, id: number): EvmThread {
  const core = new Core(memory, instantiate(compile(), memory))
  const block = new BlockCore(core, id)
  return { block, evm: new EvmCore(block, id), state: new CoreTxState(block) }
}

const SYSTEM = hexToBytes('0xfffffffffffffffffffffffffffffffffffffffe')
const BEACON_ROOTS = hexToBytes('0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02')
const HISTORY = hexToBytes('0x0000F90827F1C53a10cb7A02335B175320002935')
const REQUEST_CONTRACTS = [
  hexToBytes('0x00000961Ef480Eb55e80D19ad83579A64c007002'),
  hexToBytes('0x0000BBdDc7CE488642fb579F8B00f3a590007251'),
]

/** Everything that happens in a block, the DAO fork's irregular change apart. */
export function jobsOf(block: EngineBlock): Jobs {
  const common = executingCommon(mainnetRules, block.hardfork)
  const header = createBlockHeaderFromBytesArray(block.header as never, { common, skipConsensusFormatValidation: true })
  const word = (value: bigint) => setLengthLeft(bigIntToBytes(value), 32)
  const storage: NonNullable<Job['storage']> = []
  if (common.isActivatedEIP(4788)) {
    const index = header.timestamp % 8191n
    storage.push([BEACON_ROOTS, word(index), word(header.timestamp)])
    storage.push([BEACON_ROOTS, word(index + 8191n), header.parentBeaconBlockRoot!])
  }
  if (common.isActivatedEIP(2935)) storage.push([HISTORY, word((header.number - 1n) % 8191n), header.parentHash])

  const blobs = common.isActivatedEIP(4844)
  const hashes: Uint8Array[] = []
  for (let n = header.number - 1n; n >= 0n && hashes.length < 256; n--) {
    const hash = block.blockHashes?.get(n)
    if (hash === undefined && hashes.length > 0) hashes.push(new Uint8Array(32))
    else hashes.push(hash ?? header.parentHash)
  }
  const env: EvmBlock = {
    rules: HARDFORK_RULES[block.hardfork]!,
    maxBlobs: blobs ? Number(common.getBlobGasSchedule().maxBlobGasPerBlock / 131072n) : 0,
    number: header.number,
    timestamp: header.timestamp,
    gasLimit: header.gasLimit,
    coinbase: header.coinbase.bytes,
    prevRandao: common.gteHardfork(Hardfork.Paris) ? BigInt(`0x${hex(header.mixHash)}`) : header.difficulty,
    baseFee: header.baseFeePerGas ?? 0n,
    blobBaseFee: blobs ? header.getBlobGasPrice() : 0n,
    chainId: common.chainId(),
    blockHashes: hashes,
  }
  const credits: NonNullable<Job['credits']> = []
  for (const { address, amount } of block.withdrawals ?? []) credits.push([address, amount * 1_000_000_000n])
  if (!common.gteHardfork(Hardfork.Paris)) {
    const reward = common.param('minerReward')
    for (const uncle of block.uncles) {
      credits.push([uncle.coinbase, ((uncle.number + 8n - header.number) * reward) / 8n])
    }
    credits.push([header.coinbase.bytes, reward + (reward / 32n) * BigInt(block.uncles.length)])
  }
  const jobs: Job[] = [{ storage }]
  for (let index = 0; index < block.transactions.length; index++) {
    const sender = block.senders.at(index)!
    const tx = withSender(decodeTransaction(block.transactions.at(index)!, common), sender)
    jobs.push({ record: encodeTransaction(evmTransaction(tx as never, sender)) })
  }
  jobs.push({ credits })
  if (common.isActivatedEIP(7002)) for (const to of REQUEST_CONTRACTS) jobs.push({ record: systemCall(to) })
  return { env, jobs, first: 1, count: block.transactions.length }
}

function systemCall(to: Uint8Array): Uint8Array {
  const data = new Uint8Array(0)
  return encodeTransaction({
    type: 0,
    sender: SYSTEM,
    to,
    nonce: 0n,
    gasLimit: 30_000_000n,
    value: 0n,
    maxFeePerGas: 0n,
    data,
    system: true,
  })
}

/** The fields of every type of transaction of @ethereumjs/tx that matter here. */
interface AnyTransaction {
  type: number
  nonce: bigint
  gasLimit: bigint
  value: bigint
  data: Uint8Array
  to?: { bytes: Uint8Array }
  gasPrice?: bigint
  maxFeePerGas?: bigint
  maxPriorityFeePerGas?: bigint
  maxFeePerBlobGas?: bigint
  accessList?: [Uint8Array, Uint8Array[]][]
  blobVersionedHashes?: `0x${string}`[]
  authorizationList?: Uint8Array[][]
}

export function evmTransaction(tx: AnyTransaction, sender: Uint8Array): EvmTransaction {
  return {
    type: tx.type,
    sender,
    to: tx.to?.bytes,
    nonce: tx.nonce,
    gasLimit: tx.gasLimit,
    value: tx.value,
    maxFeePerGas: (tx.gasPrice ?? tx.maxFeePerGas)!,
    maxPriorityFeePerGas: tx.maxPriorityFeePerGas,
    maxFeePerBlobGas: tx.maxFeePerBlobGas,
    data: tx.data,
    accessList: tx.accessList?.map(([address, keys]) => ({ address, keys })),
    blobHashes: tx.blobVersionedHashes?.map((hash) => hexToBytes(hash)),
    authorisations: tx.authorizationList?.map((auth) => ({
      chainId: BigInt(`0x0${hex(auth[0]!)}`),
      address: auth[1]!,
      nonce: BigInt(`0x0${hex(auth[2]!)}`),
      authority: eoaCode7702RecoverAuthority(auth as never).bytes,
    })),
  }
}

/** Runs job `index`; false when it was suspended. */
export function runJob({ block, evm, state }: EvmThread, index: number, job: Job): boolean {
  if (job.record !== undefined) return evm.runRecord(index, job.record)
  state.begin(index)
  try {
    for (const [address, key, value] of job.storage ?? []) {
      const account = state.account(address)
      if (state.code(account).length > 0) state.setStorage(state.slot(account, key), value)
    }
  } catch (error) {
    if ((error as { reason?: string }).reason === undefined) throw error
    block.exports.txSuspend()
    return false
  }
  const sums = new Map<string, bigint>()
  for (const [address, wei] of job.credits ?? []) sums.set(hex(address), (sums.get(hex(address)) ?? 0n) + wei)
  for (const [address, wei] of sums) state.credit(state.account(Buffer.from(address, 'hex')), wei)
  block.txEnd(new Uint8Array(0))
  return true
}

/** Answers what a suspended transaction needs from the state before the block. */
export function supply(block: BlockCore, base: PreStateReader, missing: MissingValue): void {
  if (missing.kind === 'storage') {
    block.setBaseSlot(missing.address, missing.key!, base.storage(missing.address, missing.key!))
    return
  }
  const account = base.account(missing.address)
  if (missing.kind === 'code') {
    block.putCode(base.code(account!.codeHash))
    return
  }
  if (account === undefined) block.setBaseAccount(missing.address, undefined)
  else
    block.setBaseAccount(missing.address, {
      nonce: account.nonce,
      balance: account.balance,
      codeHash: account.codeHash,
    })
}

/** One thread, in order, fetching state as it is missing. Milliseconds in the core. */
export function runInOrder(thread: EvmThread, { env, jobs }: Jobs, base: PreStateReader, mode: number): number {
  const { block } = thread
  thread.evm.setBlock(env)
  block.blockBegin(jobs.length, 1, mode)
  let ms = 0
  for (let task = block.nextTask(); task !== Task.DONE; task = block.nextTask()) {
    if (task < 0) throw new Error(`nextTask answered ${task}`)
    const start = performance.now()
    const done = runJob(thread, task, jobs[task]!)
    ms += performance.now() - start
    if (done) continue
    const missing = block.missingOf(task)
    if (missing === undefined) continue
    supply(block, base, missing)
    block.exports.resumeTx(task)
  }
  return ms
}

/** Receipts and state difference of the finished block equal the reference's. Ends the block and drops its changes. */
export function compareAndDrop(
  block: BlockCore,
  { first, count }: Jobs,
  base: PreStateReader,
  reference: ReferenceResult,
): void {
  for (let i = 0; i < count; i++) {
    const outcome = decodeOutcome(block.outcome(first + i)!)
    if (outcome.kind === OUTCOME_INVALID || outcome.kind === OUTCOME_WORK)
      throw new Error(`transaction ${i} was refused`)
    const receipt = reference.receipts[i]!
    const seen = {
      status: outcome.kind,
      gasUsed: outcome.gasUsed,
      contract: outcome.createdAddress && hex(outcome.createdAddress),
      logs: outcome.logs.map(([address, topics, data]) => [hex(address), topics.map(hex), hex(data)]),
      bloom: outcome.bloom === undefined ? '0'.repeat(512) : hex(outcome.bloom),
    }
    const wanted = {
      status: receipt.failed ? 0 : 1,
      gasUsed: receipt.gasUsed,
      contract: receipt.contractAddress && hex(receipt.contractAddress),
      logs: receipt.logs.map(({ address, topics, data }) => [hex(address), topics.map(hex), hex(data)]),
      bloom: hex(receipt.logsBloom),
    }
    assert.equal(seen, wanted, `transaction ${i}`)
  }
  for (let missing = block.collectDiff(); missing !== undefined; missing = block.collectDiff())
    for (const value of missing) supply(block, base, value)
  // The core does not say which bytes an account without code has, and it clears the storage of new contracts too.
  const comparable = (diff: StateDiff) =>
    readable(diff).map((account) => {
      const existed = base.account(Buffer.from(account.address, 'hex')) !== undefined
      return { ...account, code: account.code ?? '', cleared: account.cleared && existed }
    })
  assert.equal(comparable(block.readDiff()), comparable(reference.stateDiff))
  block.exports.abandonBlock()
}
