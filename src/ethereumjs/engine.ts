import { type BlockHeader, createBlockHeaderFromBytesArray } from '@ethereumjs/block'
import type { Common, CustomCrypto } from '@ethereumjs/common'
import { type EVMMockBlockchainInterface, type EVMOpts, NobleBN254 } from '@ethereumjs/evm'
import { createTxFromBlockBodyData, type TypedTransaction } from '@ethereumjs/tx'
import { publicToAddress } from '@ethereumjs/util'
import { createVM, type RunTxResult, runTx, type VM } from '@ethereumjs/vm'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { OUTCOME_FAILED, OUTCOME_INVALID, OUTCOME_SUCCESS, OUTCOME_WORK } from '../abi/core.generated.js'
import {
  type ExecutedOutcome,
  encodeOutcome,
  executionErrorName,
  type InvalidOutcome,
  type Outcome,
} from '../abi/outcome.js'
import type { BodyTransaction } from '../block/body.js'
import type { ChainRules } from '../block/common.js'
import type { BlockBodyWork } from '../block/decode.js'
import { EngineError } from '../block/errors.js'
import { executingCommon } from '../block/executingCommon.js'
import { ruleOf } from '../block/refusalReasons.js'
import { withSender } from '../block/transactions.js'
import { ParallevmError } from '../errors.js'
import { PrecompileError } from '../setup/precompiles.js'
import type { TxState } from '../wasm/txStatePort.js'
import { afterTransactions, beforeTransactions, SystemCallFailure } from './blockWork.js'
import { VersionedEVM } from './evm.js'
import { VersionedStateManager } from './stateManager.js'

/** What is read of an array, so that a worker can decode an element when it is wanted. */
export interface Indexed<T> {
  readonly length: number
  at(index: number): T | undefined
}

/** A block as the engine needs it. */
export interface EngineBlock extends BlockBodyWork {
  /** Hardfork whose rules hold (see hardforkOf). */
  hardfork: string
  /** Header fields as in its RLP. */
  header: Uint8Array[]
  /** Transactions as they lie in the block body. */
  transactions: Indexed<BodyTransaction>
  /** 20 bytes each, one per transaction. */
  senders: Indexed<Uint8Array>
  /** Number -> hash of ancestors, for BLOCKHASH. */
  blockHashes: ReadonlyMap<bigint, Uint8Array>
}

export interface EngineOptions {
  customCrypto?: CustomCrypto
  /** Options of the EVM that are no state: custom opcodes and precompiles, code size limits, BLS and BN254 backends. */
  evm?: Pick<
    EVMOpts,
    | 'allowUnlimitedContractSize'
    | 'allowUnlimitedInitCodeSize'
    | 'customOpcodes'
    | 'customPrecompiles'
    | 'bls'
    | 'bn254'
  >
}

interface Fork {
  common: Common
  state: VersionedStateManager
  evm: VersionedEVM
  vm: VM
}

/**
 * Runs the transactions of a block with @ethereumjs/vm over versioned state, each by its index and any number of times:
 * 0 is the work before the transactions, 1 to n are the transactions, n + 1 is the work after them. One per worker.
 */
export class EthereumjsEngine {
  readonly #rules: ChainRules
  readonly #options: EngineOptions
  readonly #forks = new Map<string, Fork>()
  readonly #chain = new HashesOnly()
  #fork!: Fork
  #block: EngineBlock | undefined
  #header!: BlockHeader
  #decoded: (TypedTransaction | InvalidOutcome | undefined)[] = []

  constructor(rules: ChainRules, options: EngineOptions = {}) {
    this.#rules = rules
    this.#options = options
  }

  /**
   * @throws EngineError UNKNOWN_HARDFORK, UNSUPPORTED_EIP
   * @throws Error of @ethereumjs/block when the header does not fit the hardfork
   */
  async beginBlock(block: EngineBlock): Promise<void> {
    let fork = this.#forks.get(block.hardfork)
    if (fork === undefined) {
      fork = await this.#createFork(block.hardfork)
      this.#forks.set(block.hardfork, fork)
    }
    this.#fork = fork
    this.#header = createBlockHeaderFromBytesArray(block.header as never, {
      common: fork.common,
      skipConsensusFormatValidation: true,
    })
    this.#block = block
    this.#decoded = new Array(block.transactions.length)
    this.#chain.hashes = block.blockHashes
    fork.state.beginBlock()
  }

  /** One EVM per hardfork: some of its parts are chosen by hardfork when it is constructed and never again. */
  async #createFork(hardfork: string): Promise<Fork> {
    const common = executingCommon(this.#rules, hardfork, this.#options.customCrypto)
    const state = new VersionedStateManager(
      common.gteHardfork('spuriousDragon'),
      common.customCrypto.keccak256 ?? keccak_256,
    )
    const evm = new VersionedEVM(
      { bn254: new NobleBN254(), ...this.#options.evm, common, blockchain: this.#chain },
      state,
    )
    return { common, state, evm, vm: await createVM({ common, stateManager: state, blockchain: this.#chain, evm }) }
  }

  /**
   * Runs one index and writes its changes into `state`.
   *
   * @returns the outcome as bytes (receipts/outcome.ts)
   * @throws Suspended and other errors of `state`, unchanged, before anything was written
   * @throws EngineError when the engine fails
   */
  async execute(state: TxState, index: number): Promise<Uint8Array> {
    const block = this.#block
    if (block === undefined || index < 0 || index > block.transactions.length + 1) {
      throw new EngineError('NO_SUCH_TRANSACTION', `there is no transaction ${index}; call beginBlock first`)
    }
    const { state: manager, evm } = this.#fork
    try {
      const isWork = index === 0 || index === block.transactions.length + 1
      const outcome = isWork ? await this.#work(block, state, index) : await this.#transaction(block, state, index - 1)
      // The EVM takes some errors of a read for its own and returns a result.
      if (manager.reader.failure !== undefined) throw manager.reader.failure
      if (outcome.kind !== OUTCOME_INVALID) manager.flush()
      return encodeOutcome(outcome)
    } catch (error) {
      evm.reset()
      throw manager.reader.failure ?? this.#typed(error, index)
    } finally {
      manager.end()
    }
  }

  #typed(error: unknown, index: number): unknown {
    if (error instanceof ParallevmError) return error
    const message = `transaction ${index} of block ${this.#header.number}: ${(error as Error)?.message ?? error}`
    return new EngineError('ENGINE_FAILED', message, { cause: error })
  }

  async #work(block: EngineBlock, state: TxState, index: number): Promise<Outcome> {
    const { state: manager, evm } = this.#fork
    const input = { header: this.#header, uncles: block.uncles, withdrawals: block.withdrawals }
    manager.begin(state)
    try {
      if (index === 0) {
        await beforeTransactions(evm, manager, input)
        return { kind: OUTCOME_WORK, requests: [] }
      }
      return { kind: OUTCOME_WORK, requests: await afterTransactions(evm, manager, input) }
    } catch (error) {
      if (error instanceof SystemCallFailure) {
        return { kind: OUTCOME_INVALID, rule: 'SYSTEM_CALL_FAILED', message: error.message }
      }
      if (error instanceof PrecompileError) return threw(error)
      throw error
    } finally {
      evm.journal.cleanJournal()
    }
  }

  async #transaction(block: EngineBlock, state: TxState, index: number): Promise<Outcome> {
    const { state: manager, evm, vm } = this.#fork
    const sender = block.senders.at(index)!
    const tx = this.#decode(block, index)
    if ('kind' in tx) return tx
    withSender(tx, sender)
    manager.begin(state, sender, this.#header.coinbase.bytes)
    let result: RunTxResult
    try {
      result = await runTx(vm, {
        tx,
        block: {
          header: this.#header,
          common: this.#fork.common,
          errorStr: () => `block ${this.#header.number}`,
        } as never,
        skipHardForkValidation: true,
        // Whether the transaction fits depends on the gas of all before it: the host checks that in order.
        skipBlockGasLimitValidation: true,
        blockGasUsed: 0n,
      })
    } catch (error) {
      if (manager.reader.failure !== undefined) throw error
      if (error instanceof PrecompileError) {
        evm.reset()
        return threw(error)
      }
      if (manager.started || !isRefusal(error)) throw error
      evm.reset()
      return invalid(error)
    }
    return executed(result, tx)
  }

  /** Sender of a transaction by its signature, 20 bytes; undefined when the transaction or its signature is not valid. */
  recoverSender(index: number): Uint8Array | undefined {
    const tx = this.#decode(this.#block!, index)
    if ('kind' in tx) return undefined
    try {
      return publicToAddress(tx.getSenderPublicKey())
    } catch (error) {
      if (!isRefusal(error)) throw error
      return undefined
    }
  }

  #decode(block: EngineBlock, index: number): TypedTransaction | InvalidOutcome {
    let tx = this.#decoded[index]
    if (tx === undefined) {
      try {
        const options = { common: this.#fork.common, freeze: false }
        tx = createTxFromBlockBodyData(block.transactions.at(index)!, options) as TypedTransaction
      } catch (error) {
        if (!isRefusal(error)) throw error
        tx = invalid(error, 'MALFORMED_TRANSACTION')
      }
      this.#decoded[index] = tx
    }
    return tx
  }
}

/** @ethereumjs refuses with plain errors of one class; a TypeError or RangeError is a defect, not a refusal. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    !(error instanceof ParallevmError) &&
    !/^(Type|Range|Reference|Syntax)Error$/.test(error.name)
  )
}

function invalid(error: unknown, fallback?: InvalidOutcome['rule']): InvalidOutcome {
  const { message } = error as Error
  return { kind: OUTCOME_INVALID, rule: ruleOf(message, fallback), message }
}

/** It may have been called with what it is never called with in order: judged at the commit. */
function threw({ message }: PrecompileError): InvalidOutcome {
  return { kind: OUTCOME_INVALID, rule: 'PRECOMPILE_THREW', message }
}

function executed(result: RunTxResult, tx: TypedTransaction): ExecutedOutcome {
  const { execResult } = result
  const failure = execResult.exceptionError
  const outcome: ExecutedOutcome = {
    kind: failure === undefined ? OUTCOME_SUCCESS : OUTCOME_FAILED,
    error: failure === undefined ? '' : executionErrorName(failure.error),
    gasUsed: result.totalGasSpent,
    blobGasUsed: result.blobGasUsed ?? 0n,
    effectiveGasPrice: result.amountSpent / result.totalGasSpent,
    minerValue: result.minerValue,
    executionGas: result.execResult.executionGasUsed,
    gasRefund: result.gasRefund,
    returnData: execResult.returnValue ?? new Uint8Array(0),
    logs: execResult.logs ?? [],
    bloom: result.bloom.bitvector,
  }
  if (failure === undefined && tx.to === undefined && result.createdAddress !== undefined) {
    outcome.createdAddress = result.createdAddress.bytes
  }
  return outcome
}

/** What BLOCKHASH needs of a blockchain. */
class HashesOnly implements EVMMockBlockchainInterface {
  hashes: ReadonlyMap<bigint, Uint8Array> = new Map()

  async getBlock(number: number): Promise<{ hash(): Uint8Array }> {
    const hash = this.hashes.get(BigInt(number))
    if (hash === undefined) {
      throw new EngineError('BLOCK_HASH_MISSING', `BLOCKHASH asks for block ${number}; supply its hash or header`)
    }
    return { hash: () => hash }
  }

  async putBlock(): Promise<void> {
    throw new EngineError('UNSUPPORTED', 'an engine keeps no blocks')
  }

  shallowCopy(): EVMMockBlockchainInterface {
    return this
  }
}
