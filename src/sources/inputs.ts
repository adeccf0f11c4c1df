// What a state is given as: checked where it enters (see src/door).
import type { StateManagerInterface } from '@ethereumjs/common'
import {
  type AddressLike,
  address,
  anyBytes,
  type BytesLike,
  bytes,
  type QuantityLike,
  quantity,
  type WordLike,
  word,
} from '../door/bytes.js'
import { duck, flag, oneOf, that } from '../door/choices.js'
import { list, open, optional, pairs, record, refined, streamed } from '../door/compounds.js'
import { InvalidInputError, Mismatch } from '../door/errors.js'
import type { Shape } from '../door/shape.js'
import { capabilitiesOf, questionsOf, SOURCE_KINDS } from './capabilities.js'
import type { BaseAccount, StateSource } from './source.js'

/** The state given to a source cannot be a state, or is no source of one. */
export class InvalidStateError extends InvalidInputError {
  constructor(field: string, problem: string, options?: ErrorOptions) {
    super(field, problem, { ...options, code: 'INVALID_STATE' })
  }
}

export const invalidState = (field: string, problem: string, options?: ErrorOptions): InvalidStateError =>
  new InvalidStateError(field, problem, options)

/** An account with everything it holds, as `memoryState` takes it. */
export interface MemoryAccount {
  /** 20 bytes. */
  address: AddressLike
  /** Below 2^64. */
  nonce: QuantityLike
  /** wei. */
  balance: QuantityLike
  /** The code, or leave it out and give `codeHash`, with the code among `codes`. Neither: an account without code. */
  code?: BytesLike
  /** keccak-256 of the code. */
  codeHash?: BytesLike
  /** Keys and values as pairs (a Map, an array) or as an object. A value of zero is the same as none. */
  storage?: Iterable<readonly [key: WordLike, value: WordLike]> | Readonly<Record<string, WordLike>>
}

/** An execution witness: the trie nodes and codes that a block needs. */
export interface Witness {
  /** RLP of trie nodes, account trie and storage tries together, in any order. */
  nodes: Iterable<BytesLike>
  /** Contract codes, in any order. */
  codes: Iterable<BytesLike>
}

const hash = bytes(32)
/** EIP-2681: no transaction takes a nonce beyond 2^64 - 2, but a state may hold 2^64 - 1. */
const nonce = quantity(64)
const balance = quantity(256)
const code = anyBytes('the bytes of a code')

export const ADDRESS = address
export const WORD = word
export const HASH = hash
export const CODE = code
export const CODES = list('codes', code)
export const NODES = list('trie nodes', anyBytes('the RLP of a trie node'))

export const ACCOUNTS = list(
  'accounts',
  record('an account', 'property', {
    address,
    nonce,
    balance,
    code: optional(code),
    codeHash: optional(hash),
    storage: optional(streamed(pairs('a key and a value', word, word))),
  } satisfies Record<keyof MemoryAccount, Shape<unknown>>),
)

/** What a source's own `attach` puts. */
export const BASE_ACCOUNT = record('an account', 'property', {
  nonce,
  balance,
  code: optional(code),
  codeHash: optional(hash),
  storageRoot: optional(hash),
} satisfies Record<keyof BaseAccount, Shape<unknown>>)

const witness = { nodes: NODES, codes: CODES }
/** The pre-state of a block file is a witness as it is. */
const kind = optional(oneOf('witness'))

export const WITNESS = record('a witness', 'property', { ...witness, root: optional(hash), kind })
export const WITNESS_WITH_ROOT = record('a witness and its root', 'property', { ...witness, root: hash, kind })

const method = that('a function', (value): value is (...args: never[]) => unknown => typeof value === 'function')
const A_SOURCE = 'a state source, as memoryState, witnessState, stateManagerState and merkleState make them'

export const SOURCE = refined(
  open(A_SOURCE, 'property', {
    kind: oneOf(...SOURCE_KINDS),
    attach: method,
    account: optional(method),
    storage: optional(method),
    node: optional(method),
    code: optional(method),
    lazyCodes: optional(flag),
    stage: optional(method),
    root: optional(method),
    rows: optional(method),
    detach: optional(method),
  } satisfies Record<keyof StateSource, Shape<unknown>>),
  (source) => {
    const needed = capabilitiesOf(source).rows ? (['rows'] as const) : questionsOf(source)
    const lacking = needed.find((name) => source[name] === undefined)
    return (
      lacking && new Mismatch(`a source of the kind ${source.kind} needs it; expected a function`).under(`.${lacking}`)
    )
  },
) as unknown as Shape<StateSource>

export const STATE_MANAGER_METHODS = [
  'getAccount',
  'putAccount',
  'deleteAccount',
  'getCode',
  'putCode',
  'getStorage',
  'putStorage',
  'clearStorage',
  'checkpoint',
  'commit',
  'revert',
  'getStateRoot',
] as const
export const STATE_MANAGER = duck<StateManagerInterface>('a state manager of @ethereumjs', STATE_MANAGER_METHODS)
