// What goes into a transition: a state, an environment and transactions, in the JSON of go-ethereum's `evm t8n`.
import { bytesToHex } from '@ethereumjs/util'
import { address, anyBytes, type BytesShape, bytes, quantity, word } from '../door/bytes.js'
import { list, optional, type Parsed, pairs, picked } from '../door/compounds.js'
import { check, type Shape } from '../door/shape.js'
import { PlainState } from '../spectests/plainState.js'

const u64 = quantity(64)
const u256 = quantity(256)
const hash = bytes(32)
/** go-ethereum writes some without 0x. */
const plainAddress: BytesShape = {
  ...address,
  parse: (value) => address.parse(typeof value === 'string' && /^[\da-f]{40}$/i.test(value) ? `0x${value}` : value),
}

const ACCOUNT = {
  balance: optional(u256),
  nonce: optional(u64),
  code: optional(anyBytes('the bytes of a code')),
  storage: optional(pairs('a key and a value', word, word)),
} satisfies Record<string, Shape<unknown>>

const ALLOC = pairs('an address and an account', plainAddress, picked('an account', 'property', ACCOUNT))

const ENVIRONMENT = {
  currentCoinbase: plainAddress,
  currentGasLimit: u64,
  currentNumber: u64,
  currentTimestamp: u64,
  currentDifficulty: optional(u256),
  currentRandom: optional(u256),
  currentBaseFee: optional(u256),
  currentExcessBlobGas: optional(u64),
  parentDifficulty: optional(u256),
  parentTimestamp: optional(u64),
  parentUncleHash: optional(hash),
  parentBaseFee: optional(u256),
  parentGasUsed: optional(u64),
  parentGasLimit: optional(u64),
  parentExcessBlobGas: optional(u64),
  parentBlobGasUsed: optional(u64),
  parentBeaconBlockRoot: optional(hash),
  slotNumber: optional(u64),
  blockHashes: optional(pairs('a number and a hash', u64, hash)),
  ommers: optional(list('uncles', picked('an uncle', 'property', { delta: u64, address: plainAddress }))),
  withdrawals: optional(
    list(
      'withdrawals',
      picked('a withdrawal', 'property', { index: u64, validatorIndex: u64, address: plainAddress, amount: u64 }),
    ),
  ),
} satisfies Record<string, Shape<unknown>>

/** The block that the transactions are for. Fields that begin with `parent` stand in for current ones that are left out. */
export type Environment = Parsed<typeof ENVIRONMENT>

/** @throws InvalidInputError */
export function stateOf(alloc: unknown): PlainState {
  const state = new PlainState()
  for (const [address, { storage = [], ...fields }] of check(ALLOC, alloc, 'alloc')) {
    const account = state.set(address, fields)
    for (const [key, value] of storage) {
      if (value.some((byte) => byte !== 0)) account.storage.set(bytesToHex(key), bytesToHex(value))
    }
  }
  return state
}

/** @throws InvalidInputError */
export function environmentOf(env: unknown): Environment {
  const shape = picked('an environment', 'field', ENVIRONMENT)
  return check(shape, typeof env === 'object' && env !== null ? withoutNulls(env) : env, 'env')
}

/** go-ethereum takes null for a field that is not there. */
function withoutNulls(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
}
