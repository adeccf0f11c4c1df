// A whole block in order with plain @ethereumjs/vm: what everything else is compared with, and the baseline that
// benchmarks measure against. Shares with the engine only the decoding of a transaction and the list of DAO accounts.
import { type BlockHeader, createBlockHeaderFromBytesArray } from '@ethereumjs/block'
import { type Common, ConsensusType, type CustomCrypto, Hardfork } from '@ethereumjs/common'
import { type EVMMockBlockchainInterface, type InterpreterStep, NobleBN254 } from '@ethereumjs/evm'
import { RLP } from '@ethereumjs/rlp'
import type { TypedTransaction } from '@ethereumjs/tx'
import {
  Account,
  Address,
  bigIntToAddressBytes,
  bigIntToBytes,
  bytesToBigInt,
  createAddressFromString,
  setLengthLeft,
  unprefixedHexToBytes,
} from '@ethereumjs/util'
import { Bloom, createVM, runTx, type VM } from '@ethereumjs/vm'
import type { BodyTransaction } from '../block/body.js'
import { type ChainRules, hardforkOf } from '../block/common.js'
import { DAO_ACCOUNTS, DAO_REFUND_CONTRACT } from '../block/daoFork.js'
import { EngineError, InvalidBlockError } from '../block/errors.js'
import { evmPrecompiles } from '../block/evmPrecompiles.js'
import { executingCommon } from '../block/executingCommon.js'
import { MendedEVM } from '../block/mendedEvm.js'
import { decodeTransaction, withSender } from '../block/transactions.js'
import type { PreState } from '../blockFiles/types.js'
import { type OwnPrecompile, PrecompileError } from '../setup/precompiles.js'
import type { StateDiff } from '../types.js'
import { type Touches, WatchedState } from './dependencies.js'
import { FlatStateManager, type PreStateReader } from './flatState.js'
import { preStateReader } from './preState.js'

export interface ReferenceReceipt {
  type: number
  /** From Byzantium on (EIP-658). */
  status?: 0 | 1
  /** In every hardfork. */
  failed: boolean
  gasUsed: bigint
  cumulativeGasUsed: bigint
  logsBloom: Uint8Array
  logs: { address: Uint8Array; topics: Uint8Array[]; data: Uint8Array }[]
  contractAddress?: Uint8Array
}

export interface ReferenceResult {
  hardfork: string
  receipts: ReferenceReceipt[]
  gasUsed: bigint
  blobGasUsed: bigint
  logsBloom: Uint8Array
  /** Requests of the system contracts (EIP-7002, EIP-7251), type byte and data; deposits are in the logs. */
  requests: Uint8Array[]
  stateDiff: StateDiff
  ms: {
    /** Of the recovery of senders; next to nothing when they were given. */
    senders: number
    /** Of each transaction. */
    transactions: number[]
  }
  /** What each transaction reads and changes, with `touches`. */
  touches?: readonly Touches[]
}

export interface ReferenceOptions {
  rules: ChainRules
  /** 20 bytes each; absent: recovered from the signatures. */
  senders?: readonly Uint8Array[] | undefined
  blockHashes?: ReadonlyMap<bigint, Uint8Array>
  customCrypto?: CustomCrypto
  /** Of the chain's own. */
  precompiles?: readonly OwnPrecompile[]
  /** Note what each transaction reads and changes. */
  touches?: boolean
  /** Called before each opcode. */
  onStep?: (step: InterpreterStep) => void
}

/**
 * Executes a block in order with plain @ethereumjs/vm, the faults of its EVM mended (mendedEvm.ts).
 *
 * @param block RLP of [header, transactions, uncles, withdrawals?]
 * @param preState give a reader to run twice over what the first run loaded
 * @throws InvalidBlockError INVALID_TRANSACTION, SYSTEM_CALL_FAILED
 */
export async function runReference(
  block: Uint8Array,
  preState: PreState | PreStateReader,
  options: ReferenceOptions,
): Promise<ReferenceResult> {
  const [fields, bodies, uncles, withdrawals = []] = RLP.decode(block) as [
    Uint8Array[],
    BodyTransaction[],
    Uint8Array[][],
    Uint8Array[][]?,
  ]
  const hardfork = hardforkOf(options.rules, bytesToBigInt(fields[8]!), bytesToBigInt(fields[11]!))
  const common = executingCommon(options.rules, hardfork, options.customCrypto)
  const header = createBlockHeaderFromBytesArray(fields as never, { common, skipConsensusFormatValidation: true })
  const { transactions, ms: sendersMs } = signedTransactions(bodies, common, options.senders)

  const reader = 'kind' in preState ? preStateReader(preState) : preState
  const watched = options.touches ? new WatchedState(reader) : undefined
  const state = watched ?? new FlatStateManager(reader)
  const blockchain = hashes(options.blockHashes ?? new Map())
  const customPrecompiles = evmPrecompiles(options.precompiles ?? [])
  const evm = new MendedEVM({ bn254: new NobleBN254(), common, blockchain, stateManager: state, customPrecompiles })
  const vm = await createVM({ common, blockchain, stateManager: state, evm })
  if (options.onStep !== undefined) evm.events.on('step', options.onStep)

  await before(vm, header)
  watched?.begin()
  const result = await transactionsOf(vm, header, transactions, watched)
  const requests = await after(vm, header, uncles, withdrawals)
  const ms = { senders: sendersMs, transactions: result.ms }
  const touches = watched && { touches: watched.touches }
  return { hardfork, ...result, requests, stateDiff: state.difference(), ms, ...touches }
}

/** Decoded, each with its sender; the milliseconds are those of the recovery alone. */
function signedTransactions(bodies: BodyTransaction[], common: Common, senders?: readonly Uint8Array[]) {
  let ms = 0
  const transactions = bodies.map((body, index) => {
    try {
      const tx = decodeTransaction(body, common)
      const start = performance.now()
      const sender = senders === undefined ? tx.getSenderAddress().bytes : senders[index]!
      ms += performance.now() - start
      return withSender(tx, sender)
    } catch (error) {
      throw new InvalidBlockError('INVALID_TRANSACTION', `transaction ${index}: ${(error as Error).message}`, index)
    }
  })
  return { transactions, ms }
}

async function transactionsOf(
  vm: VM,
  header: BlockHeader,
  transactions: TypedTransaction[],
  watched: WatchedState | undefined,
) {
  const block = { header, common: vm.common, errorStr: () => `block ${header.number}` } as never
  const bloom = new Bloom()
  const receipts: ReferenceReceipt[] = []
  const ms: number[] = []
  let cumulativeGasUsed = 0n
  let blobGasUsed = 0n
  for (const [index, tx] of transactions.entries()) {
    if (cumulativeGasUsed + tx.gasLimit > header.gasLimit) {
      throw new InvalidBlockError(
        'INVALID_TRANSACTION',
        `transaction ${index} wants more gas than the block has left`,
        index,
      )
    }
    const start = performance.now()
    const result = await runTx(vm, { tx, block, skipHardForkValidation: true, blockGasUsed: cumulativeGasUsed }).catch(
      (error: Error) => {
        if (error instanceof EngineError || error instanceof PrecompileError) throw error
        throw new InvalidBlockError('INVALID_TRANSACTION', `transaction ${index}: ${error.message}`, index)
      },
    )
    ms.push(performance.now() - start)
    await watched?.ended(tx.getSenderAddress().bytes, tx.to?.bytes)
    cumulativeGasUsed += result.totalGasSpent
    blobGasUsed += result.blobGasUsed ?? 0n
    bloom.or(result.bloom)
    const { exceptionError, logs = [] } = result.execResult
    const failed = exceptionError !== undefined
    const receipt: ReferenceReceipt = {
      type: tx.type,
      failed,
      ...(vm.common.gteHardfork(Hardfork.Byzantium) && { status: failed ? 0 : 1 }),
      gasUsed: result.totalGasSpent,
      cumulativeGasUsed,
      logsBloom: result.bloom.bitvector,
      logs: logs.map(([address, topics, data]) => ({ address, topics, data })),
    }
    if (tx.to === undefined && exceptionError === undefined) receipt.contractAddress = result.createdAddress!.bytes
    receipts.push(receipt)
  }
  return { receipts, gasUsed: cumulativeGasUsed, blobGasUsed, logsBloom: bloom.bitvector, ms }
}

async function before(vm: VM, header: BlockHeader): Promise<void> {
  const { common } = vm
  await vm.evm.journal.checkpoint()
  if (common.hardfork() === Hardfork.Dao && common.hardforkBlock(Hardfork.Dao) === header.number) await applyDao(vm)
  if (common.isActivatedEIP(4788)) {
    const beaconRoots = createAddressFromString('0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02')
    const buffer = common.param('historicalRootsLength')
    const slot = header.timestamp % buffer
    await systemStore(vm, beaconRoots, slot, bigIntToBytes(header.timestamp))
    await systemStore(vm, beaconRoots, slot + buffer, header.parentBeaconBlockRoot!)
  }
  if (common.isActivatedEIP(2935)) {
    const history = new Address(bigIntToAddressBytes(common.param('historyStorageAddress')))
    const slot = (header.number - 1n) % common.param('historyServeWindow')
    await systemStore(vm, history, slot, header.parentHash)
  }
  vm.evm.journal.cleanJournal()
  await vm.stateManager.commit()
}

/** Stores what a system contract would when called, if it is deployed (EIP-4788, EIP-2935). */
async function systemStore({ stateManager }: VM, contract: Address, slot: bigint, value: Uint8Array): Promise<void> {
  if ((await stateManager.getCode(contract)).length === 0) return
  await stateManager.putStorage(contract, setLengthLeft(bigIntToBytes(slot), 32), value)
}

async function applyDao(vm: VM): Promise<void> {
  const { journal, stateManager } = vm.evm
  const refund = new Address(unprefixedHexToBytes(DAO_REFUND_CONTRACT))
  const refundAccount = (await stateManager.getAccount(refund)) ?? new Account()
  for (const hex of DAO_ACCOUNTS) {
    const address = new Address(unprefixedHexToBytes(hex))
    const account = (await stateManager.getAccount(address)) ?? new Account()
    refundAccount.balance += account.balance
    account.balance = 0n
    await journal.putAccount(address, account)
  }
  await journal.putAccount(refund, refundAccount)
}

async function after(
  vm: VM,
  header: BlockHeader,
  uncles: Uint8Array[][],
  withdrawals: Uint8Array[][],
): Promise<Uint8Array[]> {
  const { common, evm } = vm
  await evm.journal.checkpoint()
  for (const [, , address, gwei] of withdrawals) {
    await pay(vm, new Address(address!), bytesToBigInt(gwei!) * 1_000_000_000n)
  }
  if (common.isActivatedEIP(4895)) await evm.journal.cleanup()
  if (common.consensusType() === ConsensusType.ProofOfWork) {
    const reward = common.param('minerReward')
    for (const uncle of uncles) {
      const share = ((8n - (header.number - bytesToBigInt(uncle[8]!))) * reward) / 8n
      await pay(vm, new Address(uncle[2]!), share < 0n ? 0n : share)
    }
    await pay(vm, header.coinbase, reward + (reward / 32n) * BigInt(uncles.length))
  }
  const requests: Uint8Array[] = []
  for (const [eip, type, param] of [
    [7002, 1, 'withdrawalRequestPredeployAddress'],
    [7251, 2, 'consolidationRequestPredeployAddress'],
  ] as const) {
    if (common.isActivatedEIP(eip)) requests.push(await systemCall(vm, header, type, param))
  }
  return requests
}

async function pay({ evm }: VM, address: Address, wei: bigint): Promise<void> {
  const account = (await evm.stateManager.getAccount(address)) ?? new Account()
  account.balance += wei
  await evm.journal.putAccount(address, account)
}

async function systemCall(vm: VM, header: BlockHeader, type: number, param: string): Promise<Uint8Array> {
  const { common, evm, stateManager } = vm
  const addressOf = (name: string) => new Address(setLengthLeft(bigIntToBytes(common.param(name)), 20))
  const caller = createAddressFromString(new Address(bigIntToAddressBytes(common.param('systemAddress'))).toString())
  const to = addressOf(param)
  if ((await stateManager.getCode(to)).length === 0) {
    throw new InvalidBlockError('SYSTEM_CALL_FAILED', `no code at ${to}, the contract of EIP-7685 request type ${type}`)
  }
  const block = { header } as never
  const gasLimit = common.param('systemCallGasLimit')
  const { execResult } = await (stateManager as FlatStateManager).withBlank(caller, () =>
    evm.runCall({ block, caller, to, gasLimit }),
  )
  evm.journal.cleanJournal()
  if (execResult.exceptionError !== undefined) {
    throw new InvalidBlockError('SYSTEM_CALL_FAILED', `system call to ${to} failed: ${execResult.exceptionError.error}`)
  }
  return Uint8Array.from([type, ...execResult.returnValue])
}

function hashes(known: ReadonlyMap<bigint, Uint8Array>): EVMMockBlockchainInterface {
  const blockchain: EVMMockBlockchainInterface = {
    async getBlock(number) {
      const hash = known.get(BigInt(number))
      if (hash === undefined) {
        throw new EngineError('BLOCK_HASH_MISSING', `BLOCKHASH asks for block ${number}; supply its hash or header`)
      }
      return { hash: () => hash }
    },
    async putBlock() {},
    shallowCopy: () => blockchain,
  }
  return blockchain
}
