import type { ExecutionErrorName, RefusalReason } from '../abi/outcome.js'
import type { ExecutedLog } from '../types.js'
import type { BlockOverrides, CallOptions, CallRequest, StateOverrides } from './callTypes.js'

/** A block of a simulation. */
export interface SimulatedBlockRequest {
  /** What differs from a block that follows the one before: number and timestamp must grow. */
  blockOverrides?: BlockOverrides
  /** What is supposed of the state before the block's calls. */
  stateOverrides?: StateOverrides
  /** In order; each sees what those before it did. */
  calls?: Iterable<Omit<CallRequest, 'overrides'>>
}

/** What `eth_simulateV1` takes: blocks that follow one another, on a state of their own. */
export interface SimulationRequest {
  /** At most 256, those included that fill gaps of numbers. */
  blockStateCalls: Iterable<SimulatedBlockRequest>
  /** false (default): as eth_call. true: a call that could not be a transaction of its block ends the simulation. */
  validation?: boolean
  /** Wei that move are logged as tokens of the address 0xeeee... would be (ERC-7528). */
  traceTransfers?: boolean
  /** Blocks have `transactions`. */
  returnFullTransactions?: boolean
}

/** What simulations of one `simulate` share: the block that they follow. */
export type SimulateOptions = Pick<CallOptions, 'block' | 'blockOverrides' | 'blockHashes'>

/** What a call of a simulation came to. The bytes belong to the caller. */
export interface SimulatedCall {
  /** 1 success, 0 failure. */
  status: 0 | 1
  /** Of the call, or the code of the contract that was created. */
  returnData: Uint8Array
  /** Gas, the refund taken off. */
  gasUsed: bigint
  /** In the order of the opcodes that made them. */
  logs: ExecutedLog[]
  /** Why it failed; `code` and `message` as go-ethereum gives them over JSON-RPC. */
  error?: {
    /** 3: reverted; -32015: another exceptional halt. */
    code: number
    /** In words. */
    message: string
    /** What REVERT returned. */
    data?: Uint8Array
    /** As @ethereumjs/evm words it. */
    reason: ExecutionErrorName
  }
}

/** A call as the transaction that it was run as. */
export interface SimulatedTransaction {
  /** EIP-2718 type. */
  type: number
  /** 20 bytes. */
  from: Uint8Array
  /** 20 bytes; absent: it created a contract. */
  to?: Uint8Array
  /** Calldata or init code. */
  input: Uint8Array
  /** wei */
  value: bigint
  /** wei per gas. */
  maxFeePerGas: bigint
}

/** A simulated block. It has no hash and no roots: those would take its whole state. */
export interface SimulatedBlock {
  /** As overridden, or one more than the block before. */
  number: bigint
  /** Seconds; 12 more than the block before. */
  timestamp: bigint
  /** Gas. */
  gasLimit: bigint
  /** Of all calls. */
  gasUsed: bigint
  /** 20 bytes. */
  feeRecipient: Uint8Array
  /** wei per gas; 0 without validation. Absent before London. */
  baseFeePerGas?: bigint
  /** In the order of the request. */
  calls: SimulatedCall[]
  /** With `returnFullTransactions`. */
  transactions?: SimulatedTransaction[]
}

/** What a simulation came to. */
export interface Simulation {
  /** Up to the block that has the call which could not be run, if there is one. */
  blocks: SimulatedBlock[]
  /** The call that ended it. */
  refused?: {
    /** Index of its block in `blocks`, and its own in the block. */
    block: number
    /** From 0 on. */
    call: number
    /** The rule. */
    refusal: RefusalReason
    /** In words. */
    message: string
    /** As go-ethereum gives it over JSON-RPC. */
    code: number
  }
}
