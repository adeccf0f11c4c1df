// What BlockExecutor.call takes: checked once, when it is called (see src/door).
import { address, anyBytes, copied, quantity, rlp, word } from '../door/bytes.js'
import { flag, that } from '../door/choices.js'
import { list, optional, type Parsed, pairs, record, refined } from '../door/compounds.js'
import { Mismatch } from '../door/errors.js'
import type { Shape } from '../door/shape.js'
import type {
  AuthorizationRequest,
  BlockOverrides,
  CallDetails,
  CallOptions,
  CallRequest,
  EstimateOptions,
  StateOverride,
} from './callTypes.js'
import { BLOCK_HASHES } from './optionShapes.js'

const slots = pairs('a key and a value', copied32(), copied32())

function copied32(): Shape<Uint8Array> {
  return { ...word, parse: (value) => new Uint8Array(word.parse(value)) } as Shape<Uint8Array>
}

const STATE_OVERRIDE_FIELDS = {
  nonce: optional(quantity(64)),
  balance: optional(quantity(256)),
  code: optional(copied(anyBytes('the bytes of a code'))),
  state: optional(slots),
  stateDiff: optional(slots),
} satisfies Record<keyof StateOverride, Shape<unknown>>

const STATE_OVERRIDE = refined(
  record('what is supposed of an account', 'property', STATE_OVERRIDE_FIELDS),
  (override) =>
    override.state !== undefined && override.stateDiff !== undefined
      ? new Mismatch('expected either state, the whole storage, or stateDiff, slots beside what there is; got both')
      : undefined,
)

export const OVERRIDES = pairs('an address and what is supposed of it', copied(address), STATE_OVERRIDE)

const ACCESS = record('an entry of an access list', 'property', {
  address: copied(address),
  storageKeys: list('storage keys', copied32()),
})

const AUTHORIZATION_FIELDS = {
  chainId: optional(quantity(256)),
  address: copied(address),
  nonce: optional(quantity(64)),
  authority: optional(copied(address)),
  yParity: optional(quantity(8)),
  r: optional(quantity(256)),
  s: optional(quantity(256)),
} satisfies Record<keyof AuthorizationRequest, Shape<unknown>>

export type CheckedAuthorisation = Parsed<typeof AUTHORIZATION_FIELDS>
const AUTHORIZATION = refined(
  record('an authorisation', 'property', AUTHORIZATION_FIELDS),
  ({ authority, yParity, r, s }) =>
    authority === undefined && (yParity === undefined || r === undefined || s === undefined)
      ? new Mismatch('expected either a signature, yParity, r and s, or authority')
      : undefined,
)

const CALL_FIELDS = {
  from: optional(copied(address)),
  to: optional(copied(address)),
  data: optional(copied(anyBytes('the bytes of calldata or init code'))),
  value: optional(quantity(256)),
  gas: optional(quantity(63)),
  gasPrice: optional(quantity(256)),
  maxFeePerGas: optional(quantity(256)),
  maxPriorityFeePerGas: optional(quantity(256)),
  nonce: optional(quantity(64)),
  accessList: optional(list('entries of an access list', ACCESS)),
  authorizationList: optional(list('authorisations', AUTHORIZATION)),
  overrides: optional(OVERRIDES),
} satisfies Record<keyof CallRequest, Shape<unknown>>

export const CALL = refined(
  record('a call', 'property', CALL_FIELDS),
  ({ gasPrice, maxFeePerGas, maxPriorityFeePerGas }) =>
    gasPrice !== undefined && (maxFeePerGas !== undefined || maxPriorityFeePerGas !== undefined)
      ? new Mismatch('expected either gasPrice or the fees of EIP-1559; got both')
      : undefined,
)
export const CALLS = list('calls', CALL)
export type CheckedCall = Parsed<typeof CALL_FIELDS>
export type CheckedOverrides = [Uint8Array, Parsed<typeof STATE_OVERRIDE_FIELDS>][]

export const BLOCK_OVERRIDE_FIELDS = {
  number: optional(quantity(64)),
  timestamp: optional(quantity(64)),
  gasLimit: optional(quantity(63)),
  coinbase: optional(copied(address)),
  prevRandao: optional(word),
  baseFeePerGas: optional(quantity(256)),
  blobBaseFee: optional(quantity(256)),
} satisfies Record<keyof BlockOverrides, Shape<unknown>>

export const SEEN_BLOCK_FIELDS = {
  block: optional(copied(rlp('the RLP of a header'))),
  blockOverrides: optional(record('an object with fields of the block', 'property', BLOCK_OVERRIDE_FIELDS)),
  blockHashes: optional(BLOCK_HASHES),
}

export const CALL_OPTION_FIELDS = {
  ...SEEN_BLOCK_FIELDS,
  overrides: optional(OVERRIDES),
  validation: optional(flag),
} satisfies Record<keyof CallOptions, Shape<unknown>>

const CALL_DETAIL_FIELDS = {
  accessList: optional(flag),
  stateDiff: optional(flag),
} satisfies Record<keyof CallDetails, Shape<unknown>>

const ESTIMATE_FIELDS = {
  ...CALL_OPTION_FIELDS,
  errorRatio: optional(
    that('a number from 0 up to 1', (value): value is number => typeof value === 'number' && value >= 0 && value < 1),
  ),
} satisfies Record<keyof EstimateOptions, Shape<unknown>>

const WHAT = "an object with the calls' options"
export const CALL_OPTIONS = record(WHAT, 'option', { ...CALL_OPTION_FIELDS, ...CALL_DETAIL_FIELDS })
export const QUESTION_OPTIONS = record(WHAT, 'option', CALL_OPTION_FIELDS)
export const ESTIMATE_OPTIONS = record(WHAT, 'option', ESTIMATE_FIELDS)
export type CheckedBlockOverrides = Parsed<typeof BLOCK_OVERRIDE_FIELDS>
export type CheckedCallOptions = Parsed<typeof CALL_OPTION_FIELDS>
export type CheckedCallDetails = Parsed<typeof CALL_DETAIL_FIELDS>
export type CheckedEstimateOptions = Parsed<typeof ESTIMATE_FIELDS>
