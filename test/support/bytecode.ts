// Pieces of programs, hex, for the accounts and transactions of hand-made blocks.
import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { Op } from '../../src/abi/registry.js'
import { unhex } from './mapState.js'

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Opcodes and other bytes, and pieces of hex. */
const asm = (...parts: (number | string)[]): string =>
  parts.map((part) => (typeof part === 'number' ? part.toString(16).padStart(2, '0') : part)).join('')
const ZERO = asm(Op.PUSH1, 0)

export const STOP = asm(Op.STOP)
export const REVERT = asm(ZERO, ZERO, Op.REVERT)
export const POP = asm(Op.POP)
export const GAS = asm(Op.GAS)
export const CALL_VALUE = asm(Op.CALLVALUE)
export const SELFBALANCE = asm(Op.SELFBALANCE)
export const ORIGIN_BALANCE = asm(Op.ORIGIN, Op.BALANCE)

export const push = (value: number): string => asm(Op.PUSH2, value >> 8, value & 255)
/** All gas but 60,000: before EIP-150 a call that asks for more than there is fails. */
const MOST_GAS = asm(push(60_000), Op.GAS, Op.SUB)
export const pushAddress = (address: Uint8Array): string => asm(Op.PUSH20, hexOf(address))
export const sload = (key: number): string => asm(push(key), Op.SLOAD)
export const sstore = (key: number, value: string): string => asm(value, push(key), Op.SSTORE)
export const selfdestruct = (to: Uint8Array): string => asm(pushAddress(to), Op.SELFDESTRUCT)

/** CALL, no data; leaves the result on the stack. */
export const call = (to: Uint8Array, value = 0, gas = MOST_GAS): string =>
  asm(ZERO, ZERO, ZERO, ZERO, push(value), pushAddress(to), gas, Op.CALL)
/** CALL with the first bytes of memory as input and output. */
export const callWith = (to: Uint8Array, size: number, gas = MOST_GAS): string =>
  asm(push(size), ZERO, push(size), ZERO, ZERO, pushAddress(to), gas, Op.CALL)
export const delegatecall = (to: Uint8Array): string =>
  asm(ZERO, ZERO, ZERO, ZERO, pushAddress(to), MOST_GAS, Op.DELEGATECALL)

/** Init code that runs `first` and then deploys `runtime`. */
export function initCode(runtime: string, first = ''): string {
  const size = runtime.length / 2
  const offset = first.length / 2 + 15
  return asm(first, push(size), push(offset), ZERO, Op.CODECOPY, push(size), ZERO, Op.RETURN, runtime)
}

const COPY_CALLDATA = asm(Op.CALLDATASIZE, ZERO, ZERO, Op.CALLDATACOPY)
/** Creates a contract from the calldata with CREATE2 (salt 0), keeps its address in slot 0; then `after`. */
export const factory = (after = ''): string =>
  asm(COPY_CALLDATA, ZERO, Op.CALLDATASIZE, ZERO, ZERO, sstore(0, asm(Op.CREATE2)), after, Op.STOP)
/** The same with CREATE; the value of the call goes to the contract. */
export const createFactory = (after = ''): string =>
  asm(COPY_CALLDATA, Op.CALLDATASIZE, ZERO, Op.CALLVALUE, sstore(0, asm(Op.CREATE)), after, Op.STOP)

export function createAddress(creator: Uint8Array, nonce: bigint): Uint8Array {
  return keccak_256(RLP.encode([creator, bigIntToUnpaddedBytes(nonce)])).slice(12)
}

export function create2Address(creator: Uint8Array, init: string): Uint8Array {
  return keccak_256(Uint8Array.from([0xff, ...creator, ...new Uint8Array(32), ...keccak_256(unhex(init))])).slice(12)
}
