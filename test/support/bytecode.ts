// Pieces of programs, hex, for the accounts and transactions of hand-made blocks.
import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { unhex } from './mapState.js'

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export const STOP = '00'
export const REVERT = '60006000fd'
export const POP = '50'
export const GAS = '5a'
/** All gas but 60,000: before EIP-150 a call that asks for more than there is fails. */
const MOST_GAS = `61ea60${GAS}03`
export const CALL_VALUE = '34'
export const SELFBALANCE = '47'
export const ORIGIN_BALANCE = '3231'

export const push = (value: number): string => `61${value.toString(16).padStart(4, '0')}`
export const pushAddress = (address: Uint8Array): string => `73${hexOf(address)}`
export const sload = (key: number): string => `${push(key)}54`
export const sstore = (key: number, value: string): string => `${value}${push(key)}55`
export const selfdestruct = (to: Uint8Array): string => `${pushAddress(to)}ff`

/** CALL, no data; leaves the result on the stack. */
export const call = (to: Uint8Array, value = 0, gas = MOST_GAS): string =>
  `6000600060006000${push(value)}${pushAddress(to)}${gas}f1`
/** CALL with the first bytes of memory as input and output. */
export const callWith = (to: Uint8Array, size: number, gas = MOST_GAS): string =>
  `${push(size)}6000${push(size)}60006000${pushAddress(to)}${gas}f1`
export const delegatecall = (to: Uint8Array): string => `6000600060006000${pushAddress(to)}${MOST_GAS}f4`

/** Init code that runs `first` and then deploys `runtime`. */
export function initCode(runtime: string, first = ''): string {
  const size = runtime.length / 2
  const offset = first.length / 2 + 15
  return `${first}${push(size)}${push(offset)}600039${push(size)}6000f3${runtime}`
}

/** Creates a contract from the calldata with CREATE2 (salt 0), keeps its address in slot 0; then `after`. */
export const factory = (after = ''): string => `36600060003760003660006000f5${push(0)}55${after}${STOP}`
/** The same with CREATE; the value of the call goes to the contract. */
export const createFactory = (after = ''): string => `36600060003736600034f0${push(0)}55${after}${STOP}`

export function createAddress(creator: Uint8Array, nonce: bigint): Uint8Array {
  return keccak_256(RLP.encode([creator, bigIntToUnpaddedBytes(nonce)])).slice(12)
}

export function create2Address(creator: Uint8Array, init: string): Uint8Array {
  return keccak_256(Uint8Array.from([0xff, ...creator, ...new Uint8Array(32), ...keccak_256(unhex(init))])).slice(12)
}
