import { type BytesLike, bytes, type QuantityLike, quantity } from '../door/bytes.js'
import { flag, integer, that } from '../door/choices.js'
import { optional, record } from '../door/compounds.js'
import { expected } from '../door/errors.js'
import { check, type Shape } from '../door/shape.js'
import type { PinnedBlock } from '../rpc/pin.js'
import type { ProvenReader, ValueReader } from '../rpc/reader.js'
import { InvalidStateError, invalidState, type Witness } from './inputs.js'
import type { AttachedTo, BaseWriter, StateSource } from './source.js'

export type { PinnedBlock } from '../rpc/pin.js'

/** What `rpcState` takes. */
export interface RpcStateOptions {
  /** Of the node's JSON-RPC over HTTP. */
  url: string
  /** The block after which the state is: a number, a tag (`latest`, `safe`, `finalized`, `earliest`) or a hash of 32 bytes. Default `latest`. */
  block?: QuantityLike | BytesLike
  /**
   * Default true: each value is asked for with its proof (`eth_getProof`), and nothing that does not follow from the state root is
   * believed. False: four smaller calls, and the node is believed.
   */
  proofs?: boolean
  /** Most calls in one request. Default 100. */
  batch?: number
  /** Most requests under way. Default 16. */
  concurrency?: number
  /** How often a request is repeated that failed because the node was busy or out of reach: longer pauses each time. Default 5. */
  retries?: number
  /** Milliseconds for one request. Default 30,000. */
  timeout?: number
  /** Sent with every request, for example to authenticate. */
  headers?: Readonly<Record<string, string>>
  /** A folder that keeps answers, for each chain and block. */
  cache?: string
}

/** A witness of what was read, and the state root that it is of. */
export interface RpcWitness extends Witness {
  /** 32 bytes. */
  root: Uint8Array
}

/** A state behind JSON-RPC. */
export interface RpcState extends StateSource {
  /** The block that was found. @throws InvalidStateError before an executor was created with this state */
  readonly pinned: PinnedBlock
  /** Requests sent so far, repetitions included. */
  readonly requests: number
  /** Trie nodes and codes of all that was read, as `witnessState` takes them. @throws InvalidStateError with `proofs: false` */
  witness(): RpcWitness
}

const TAGS = ['latest', 'safe', 'finalized', 'earliest'] as const
const number = quantity(64)
const hash = bytes(32)
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

function isHttp(value: unknown): value is string {
  return isText(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

function areHeaders(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  )
}

const WHICH = {
  kind: 'block',
  expected: `a block number, a hash of 32 bytes, or ${TAGS.join(', ')}`,
  parse(value: unknown): bigint | string | Uint8Array {
    if (TAGS.some((tag) => tag === value)) return value as string
    for (const shape of [hash, number]) {
      try {
        return shape.parse(value)
      } catch {}
    }
    throw expected(WHICH.expected, value)
  },
} satisfies Shape<bigint | string | Uint8Array>

const TEXTS = {
  kind: 'texts',
  expected: 'an object of names and texts',
  parse(value: unknown): Readonly<Record<string, string>> {
    if (areHeaders(value)) return value
    throw expected(TEXTS.expected, value)
  },
} satisfies Shape<Readonly<Record<string, string>>>

export const RPC_OPTIONS = record('an object with a url', 'option', {
  url: that('an http or https URL', isHttp),
  block: optional(WHICH),
  proofs: optional(flag),
  batch: optional(integer(1, 10_000)),
  concurrency: optional(integer(1, 10_000)),
  retries: optional(integer(0, 100)),
  timeout: optional(integer(1, 2 ** 31 - 1, ' (milliseconds)')),
  headers: optional(TEXTS),
  cache: optional(that('the path of a folder', isText)),
} satisfies Record<keyof RpcStateOptions, Shape<unknown>>)

/**
 * The state after a block of a node, over JSON-RPC: read when it is needed, each value proven from the block's state root.
 * The block is looked up once, and meant by its hash from then on. The node keeps no state for the executor: execute with
 * `root: false`; blocks that follow can be executed on top.
 * @throws InvalidStateError; an RpcError of the node is thrown by `create` or `setState`, or by the block that reads
 */
export function rpcState(options: RpcStateOptions): RpcState {
  const { block = 'latest', proofs = true, ...rest } = check(RPC_OPTIONS, options, 'options', invalidState)
  let open: Open | undefined
  const opened = (): Open => {
    if (open !== undefined) return open
    throw new InvalidStateError('state', 'create a BlockExecutor with this state first')
  }
  return {
    kind: 'async',
    async attach(writer: BaseWriter, to: AttachedTo): Promise<void> {
      // The client and its libraries are loaded by whoever uses them.
      const { openState } = await import('../rpc/open.js')
      open = await openState({ settings: { ...DEFAULTS, ...rest }, block, proofs, ...to })
      writer.setTrieRoot(open.pinned.stateRoot)
    },
    account: (address) => opened().reader.account(address),
    storage: (address, key) => opened().reader.storage(address, key),
    get pinned() {
      return opened().pinned
    },
    get requests() {
      return opened().client.requests
    },
    witness() {
      const { proven } = opened()
      if (proven === undefined) throw new InvalidStateError('options.proofs', 'without proofs there is no witness')
      return { root: proven.state.root, nodes: proven.state.nodes(), codes: [...proven.codes.values()] }
    },
  }
}

/** What reads once the node was found. */
interface Open {
  pinned: PinnedBlock
  client: { readonly requests: number }
  reader: ValueReader
  proven: ProvenReader | undefined
}

const DEFAULTS = { batch: 100, concurrency: 16, retries: 5, timeout: 30_000, headers: {} }
