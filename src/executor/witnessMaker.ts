import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { Status } from '../abi/core.generated.js'
import { sameBytes } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import type { StateSource, TriePlace } from '../sources/source.js'
import { witnessState } from '../sources/witness.js'
import type { BlockResult, ExecutionWitness } from '../types.js'
import { MissingNodeError } from '../wasm/trieErrors.js'
import { notedNodes } from '../wasm/trieNotes.js'
import { isHashMissing } from './blockHashes.js'
import type { BlockInput } from './blockInput.js'
import type { ExecuteOptions } from './options.js'
import type { SharedState } from './sharedState.js'

/** Executes a block on another state, once more, in order. */
export type Replay = (source: StateSource, bytes: Uint8Array, options: ExecuteOptions) => Promise<BlockResult>

/** A block that was executed, and whose tries are not adopted yet. */
export interface Witnessed {
  input: BlockInput
  bytes: Uint8Array
  result: BlockResult
  /** 20 bytes each. */
  senders: Uint8Array[]
  /** RLP, newest first, as they were given. */
  parentHeaders: readonly Uint8Array[]
}

/**
 * The witness of an executed block: what it asks for when it is executed once more, in order, on a state of which nothing is
 * known but the root. Each node and code is given when it is asked for, so that there is nothing else in it.
 * @throws ParallevmError UNSUPPORTED for a state without tries
 */
export async function makeWitness(state: SharedState, block: Witnessed, replay: Replay): Promise<ExecutionWitness> {
  const { input, bytes, result, senders, parentHeaders } = block
  if (state.capabilities.rootBy === 'source' || result.stateRoot === undefined) {
    const instead = 'use memoryState, witnessState or merkleState, with root: true'
    throw new ParallevmError('UNSUPPORTED', `a witness is made of the tries of a state: ${instead}`)
  }
  const recorder = new Recorder(state)
  let headers = parentHeaders.slice(0, 1)
  // EIP-658: a root after each transaction may need nodes that the one after the block does not.
  const rootsWithin = !input.header.common.gteHardfork('byzantium')
  const options: ExecuteOptions = { senders, verify: 'none', mode: 'sequential' }
  const again = async (more: ExecuteOptions): Promise<BlockResult> => {
    const second = await replay(recorder.source(), bytes, { ...options, ...more, root: !rootsWithin })
    return rootsWithin
      ? await withRootsWithin(recorder, (source) => replay(source, bytes, { ...options, ...more }))
      : second
  }
  const second = await again({}).catch((error: unknown) => {
    if (!isHashMissing(error)) throw error
    // Which hash it is that BLOCKHASH wants is not told.
    headers = [...parentHeaders]
    return again({ blockHashes: input.blockHashes })
  })
  if (!sameBytes(second.stateRoot as Uint8Array, result.stateRoot)) {
    const roots = [second, result].map(({ stateRoot }) => (stateRoot ? bytesToHex(stateRoot) : 'none'))
    throw new ParallevmError(
      'ENGINE_FAILED',
      `executed from its witness the block has the state root ${roots.join(', not ')}`,
    )
  }
  return { ...recorder.witness(), headers }
}

/** From a witness, which is completed by each node that is missing: roots within a block are not made of fetched nodes. */
async function withRootsWithin(
  recorder: Recorder,
  replay: (source: StateSource) => Promise<BlockResult>,
): Promise<BlockResult> {
  for (;;) {
    try {
      return await replay(recorder.asWitness())
    } catch (error) {
      if (!(error instanceof MissingNodeError) || !(await recorder.add(error))) throw error
    }
  }
}

/** A source that gives what the state before the block has, and remembers what it gave. */
class Recorder {
  readonly #state: SharedState
  readonly #nodes = new Map<string, Uint8Array>()
  readonly #codes = new Map<string, Uint8Array>()

  constructor(state: SharedState) {
    this.#state = state
  }

  source(): StateSource {
    const { block } = this.#state
    const root = this.#state.root as Uint8Array
    return {
      kind: 'trie',
      lazyCodes: true,
      attach: (writer) => writer.setTrieRoot(root),
      node: async (hash, place) => {
        const rlp = await this.#nodeAt(hash, place)
        if (rlp !== undefined) this.#nodes.set(bytesToHex(hash), rlp)
        return rlp
      },
      code: async (hash) => {
        const code = block.codeOf(hash)
        this.#codes.set(bytesToHex(hash), code)
        return code
      },
    }
  }

  /** What was given so far. */
  asWitness(): StateSource {
    const { state: nodes, codes } = this.witness()
    return witnessState({ root: this.#state.root as Uint8Array, nodes, codes })
  }

  /** Adds the node that is missing; false when it is there already, or nowhere. */
  async add({ hash, path, address }: MissingNodeError): Promise<boolean> {
    const nibbles = Uint8Array.from(path, (digit) => Number.parseInt(digit, 16))
    const place = { path: nibbles, ...(address && { address }) }
    const rlp = this.#nodes.has(hash) ? undefined : await this.#nodeAt(hexToBytes(hash as `0x${string}`), place)
    if (rlp !== undefined) this.#nodes.set(hash, rlp)
    return rlp !== undefined
  }

  witness(): Omit<ExecutionWitness, 'headers'> {
    return { state: [...this.#nodes.values()], codes: [...this.#codes.values()] }
  }

  async #nodeAt(hash: Uint8Array, place: TriePlace): Promise<Uint8Array | undefined> {
    const { address, path } = place
    const { block, source } = this.#state
    const { core, exports } = block
    const account = address === undefined ? 0 : block.account(address)
    const key = core.transfer.reserve(path.length + 1)
    core.bytes.fill(0, key, key + path.length + 1)
    for (const [i, nibble] of path.entries()) core.bytes[key + (i >> 1)]! |= nibble << (i & 1 ? 0 : 4)
    const [last] = exports.notePlace(account, key, path.length) === Status.OK ? notedNodes(core) : []
    return last !== undefined && sameBytes(last.hash, hash) ? last.rlp : await source.node?.(hash, place)
  }
}
