import type { ExecutionErrorName, RefusalReason } from '../abi/outcome.js'
import type { AddressLike, BytesLike, QuantityLike, RlpLike, WordLike } from '../door/bytes.js'
import type { CustomError, ExecutedLog, StateDiff } from '../types.js'
import type { ExecuteOptions } from './options.js'

/** Slots and values as pairs (a Map, an array) or as an object. */
export type SlotsLike = Iterable<readonly [key: WordLike, value: WordLike]> | Readonly<Record<string, WordLike>>

/** What a call supposes of an account; what is absent is as in the state. The state overrides of eth_call. */
export interface StateOverride {
  /** Below 2^64. */
  nonce?: QuantityLike
  /** wei */
  balance?: QuantityLike
  /** Empty: an account without code. */
  code?: BytesLike
  /** The whole storage: slots that are not named are zero. */
  state?: SlotsLike
  /** Slots beside what there is. Not together with `state`. */
  stateDiff?: SlotsLike
}

/** By address, as pairs (a Map, an array) or as an object. */
export type StateOverrides =
  | Iterable<readonly [address: AddressLike, override: StateOverride]>
  | Readonly<Record<string, StateOverride>>

/** Fields of the block that a call sees, in the place of the header's. */
export interface BlockOverrides {
  /** NUMBER; it also decides the hardfork. */
  number?: QuantityLike
  /** Seconds. */
  timestamp?: QuantityLike
  /** Gas. */
  gasLimit?: QuantityLike
  /** 20 bytes: COINBASE. */
  coinbase?: AddressLike
  /** PREVRANDAO, before the merge DIFFICULTY. */
  prevRandao?: WordLike
  /** wei per gas. */
  baseFeePerGas?: QuantityLike
  /** wei per blob gas. */
  blobBaseFee?: QuantityLike
}

/** An account that is warm from the start, and slots of it (EIP-2930). */
export interface AccessListEntry {
  /** 20 bytes. */
  address: AddressLike
  /** 32 bytes each. */
  storageKeys: Iterable<WordLike>
}

/** An EIP-7702 authorisation: signed, or with who made it told instead. One that is nobody's has no effect. */
export interface AuthorizationRequest {
  /** 0, or absent: of any chain. */
  chainId?: QuantityLike
  /** 20 bytes: whose code the authority's account runs; zero: none any more. */
  address: AddressLike
  /** Of the authority, below 2^64; 0 where it is absent. */
  nonce?: QuantityLike
  /** 20 bytes: who authorises. Without it the signature tells. */
  authority?: AddressLike
  /** 0 or 1. */
  yParity?: QuantityLike
  /** Of the signature. */
  r?: QuantityLike
  /** Of the signature. */
  s?: QuantityLike
}

/** A call or creation to try: a transaction without a signature. */
export interface CallRequest {
  /** 20 bytes; the zero address where it is absent. */
  from?: AddressLike
  /** 20 bytes; absent: a contract is created with `data` as its init code. */
  to?: AddressLike
  /** Calldata or init code; none where it is absent. */
  data?: BytesLike
  /** wei */
  value?: QuantityLike
  /** Gas limit; that of the block where it is absent. */
  gas?: QuantityLike
  /** wei per gas. Without one the call pays nothing, and BASEFEE is 0. */
  gasPrice?: QuantityLike
  /** wei per gas (EIP-1559). */
  maxFeePerGas?: QuantityLike
  /** wei per gas (EIP-1559). */
  maxPriorityFeePerGas?: QuantityLike
  /** Only with `validation`. */
  nonce?: QuantityLike
  /** EIP-2930. */
  accessList?: Iterable<AccessListEntry>
  /** EIP-7702. */
  authorizationList?: Iterable<AuthorizationRequest>
  /** What this call supposes of the state, after what all calls do. */
  overrides?: StateOverrides
}

/** What all calls of one `call` share. */
export interface CallOptions {
  /** RLP of a header: the block that calls see. Absent: the last one executed. */
  block?: RlpLike
  /** Fields of the block that calls see otherwise. Without any block `number` and `timestamp` are needed. */
  blockOverrides?: BlockOverrides
  /** What all calls suppose of the state. */
  overrides?: StateOverrides
  /** Hashes for BLOCKHASH by number, beside those that are known of the last block. */
  blockHashes?: NonNullable<ExecuteOptions['blockHashes']>
  /**
   * false (default): as eth_call, nonce, code of the sender, caps of gas and the gas limit of the block do not matter. true: a call
   * that could not be a transaction of the block is refused.
   */
  validation?: boolean
}

/** What `call` tells beside what calls came to: it takes time. */
export interface CallDetails {
  /** `accessList` of each result. */
  accessList?: boolean
  /** `stateDiff` of each result. */
  stateDiff?: boolean
}

/** An account, and slots of it, as an access list (EIP-2930) has them. */
export interface AccessedAccount {
  /** 20 bytes. */
  address: Uint8Array
  /** 32 bytes each. */
  storageKeys: Uint8Array[]
}

/** What a call came to. The bytes belong to the caller. */
export interface CallResult {
  /**
   * `success`; `reverted` by REVERT, with `returnData` saying why; `failed`: another exceptional halt; `refused`: it was not
   * executed.
   */
  status: 'success' | 'reverted' | 'failed' | 'refused'
  /** Of the call, or the code of the contract that was created. */
  returnData: Uint8Array
  /** Gas, the refund taken off; 0 when it was refused. */
  gasUsed: bigint
  /** In the order of the opcodes that made them; none unless it succeeded. */
  logs: ExecutedLog[]
  /** Contract that was created, 20 bytes. */
  createdAddress?: Uint8Array
  /** Why it failed, as @ethereumjs/evm words it. */
  error?: ExecutionErrorName
  /** Rule by which it was refused. */
  refusal?: RefusalReason
  /** What `Error(string)` or `Panic(uint256)` in `returnData` says. */
  revertReason?: string
  /** Another error that it reverted with. */
  customError?: CustomError
  /** With the option `accessList`: what it touched, the list that it was given included; without sender, recipient, precompiles. */
  accessList?: AccessedAccount[]
  /** With the option `stateDiff`: what it would change, fees and the sender's nonce included. */
  stateDiff?: StateDiff
}

/** What estimates share. */
export interface EstimateOptions extends CallOptions {
  /** How much too high an estimate may be, as a share of it, from 0 (exact) on; 0.015 where it is absent, as go-ethereum has it. */
  errorRatio?: number
}

/** A gas limit with which a call succeeds, or why there is none. The bytes belong to the caller. */
export interface GasEstimate
  extends Pick<CallResult, 'status' | 'returnData' | 'error' | 'refusal' | 'revertReason' | 'customError'> {
  /** Gas. Where it did not succeed: the highest limit that was tried. */
  gas: bigint
}

/** An access list with which nothing that the call touches is cold any more. */
export interface AccessListResult extends Omit<CallResult, 'accessList'> {
  /** As eth_createAccessList has it. */
  accessList: AccessedAccount[]
}
