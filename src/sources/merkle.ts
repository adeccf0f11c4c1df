import type { MerkleStateManager } from '@ethereumjs/statemanager'
import { concatBytes } from '@ethereumjs/util'
import { sameBytes } from '../bytes.js'
import { check } from '../door/shape.js'
import type { StateDiff } from '../types.js'
import { InvalidStateError, invalidState, STATE_MANAGER, STATE_MANAGER_METHODS } from './inputs.js'
import type { StagedState, StateSource, TriesAfter } from './source.js'

/** What of a MerkleStateManager decides whether its database may be written directly. */
interface Inner {
  _checkpointCount: number
  _prefixCodeHashes: boolean
  _prefixStorageTrieKeys: boolean
  _trie: {
    _opts: {
      useKeyHashing: boolean
      useNodePruning: boolean
      useRootPersistence: boolean
      keyPrefix?: Uint8Array
      useKeyHashingFunction(bytes: Uint8Array): Uint8Array
    }
    EMPTY_TRIE_ROOT: Uint8Array
    database(): NodeStore
    persistRoot(): Promise<void>
  }
}

interface NodeStore {
  get(key: Uint8Array): Promise<Uint8Array | undefined>
  batch(operations: { type: 'put'; key: Uint8Array; value: Uint8Array }[]): Promise<void>
}

/** keccak-256 of RLP of nothing. */
const EMPTY_ROOT = Uint8Array.from(
  Buffer.from('56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421', 'hex'),
)
/** Before the hash of a code in the database of a trie, where codes are told from nodes. */
const CODE_PREFIX = new Uint8Array([0x63])

/**
 * The state of a MerkleStateManager, by its trie nodes: read from its trie's database and written there by what the core
 * has made, so that no trie of JavaScript is walked. Reads and roots of the state manager after a block are as if it had
 * executed it itself; its caches are cleared. For one without pruning, key prefixes or open checkpoints; every other one is
 * for `stateManagerState`. Nobody else may change the state manager while the executor uses it: blocks notice and throw a
 * StateChangedError.
 * @throws InvalidStateError saying why it is not such a one
 */
export function merkleState(stateManager: MerkleStateManager): StateSource {
  check(STATE_MANAGER, stateManager, 'stateManager', invalidState)
  const reason = whyNotMerkle(stateManager)
  if (reason !== undefined) {
    throw new InvalidStateError('stateManager', `its trie cannot be used directly: ${reason}; use stateManagerState`)
  }
  const { _trie: trie, _prefixCodeHashes: prefixed } = innerOf(stateManager)
  const codeKey = (hash: Uint8Array): Uint8Array => (prefixed ? concatBytes(CODE_PREFIX, hash) : hash)
  return {
    kind: 'trie',
    async attach(writer): Promise<void> {
      writer.setTrieRoot(await stateManager.getStateRoot())
    },
    node: (hash) => trie.database().get(hash),
    code: (hash) => trie.database().get(codeKey(hash)),
    root: () => stateManager.getStateRoot(),
    async stage(diff: StateDiff, { tries }): Promise<StagedState> {
      if (tries === undefined) throw new InvalidStateError('stage', 'the tries after the block are wanted')
      const before = await stateManager.getStateRoot()
      // A node that is in the database under its hash changes nothing until the root leads to it.
      await trie.database().batch([...puts(tries), ...codesOf(diff, codeKey)])
      return staged(stateManager, before, tries.root)
    },
  }
}

/** Why the nodes of a state manager's trie cannot be read and written beside it; undefined when they can. */
export function whyNotMerkle(stateManager: unknown): string | undefined {
  if (!isMerkle(stateManager)) return 'it is no MerkleStateManager, or one that was changed'
  const { _checkpointCount, _prefixStorageTrieKeys, _trie } = innerOf(stateManager)
  const { useKeyHashing, useNodePruning, keyPrefix } = _trie._opts
  if (_checkpointCount !== 0) return 'it has an open checkpoint'
  if (_prefixStorageTrieKeys || keyPrefix !== undefined) return 'its keys have prefixes'
  if (useNodePruning) return 'it prunes nodes'
  if (!useKeyHashing) return 'it does not hash keys'
  if (!sameBytes(_trie.EMPTY_TRIE_ROOT, EMPTY_ROOT)) return 'it hashes with another function'
  return undefined
}

/**
 * By its shape, which survives bundling, and without loading the class for those who do not use it: an instance of the class
 * itself, none of whose methods was replaced.
 */
function isMerkle(value: unknown): value is MerkleStateManager {
  if (typeof value !== 'object' || value === null) return false
  const { _trie, _checkpointCount, _prefixCodeHashes } = value as Partial<Inner>
  if (typeof _checkpointCount !== 'number' || typeof _prefixCodeHashes !== 'boolean') return false
  if (typeof _trie?._opts !== 'object' || typeof _trie.database !== 'function') return false
  const derived = Object.getPrototypeOf(Object.getPrototypeOf(value)) !== Object.prototype
  return !derived && !STATE_MANAGER_METHODS.some((name) => Object.hasOwn(value, name))
}

function innerOf(stateManager: MerkleStateManager): Inner {
  return stateManager as unknown as Inner
}

function puts({ nodes }: TriesAfter): { type: 'put'; key: Uint8Array; value: Uint8Array }[] {
  return nodes.map(({ hash, rlp }) => ({ type: 'put', key: hash, value: rlp }))
}

function codesOf(diff: StateDiff, codeKey: (hash: Uint8Array) => Uint8Array) {
  return diff.flatMap(({ code, codeHash }) =>
    code === undefined || code.length === 0 ? [] : [{ type: 'put' as const, key: codeKey(codeHash), value: code }],
  )
}

function staged(stateManager: MerkleStateManager, before: Uint8Array, root: Uint8Array): StagedState {
  const { _trie: trie } = innerOf(stateManager)
  const turnTo = async (to: Uint8Array): Promise<void> => {
    await stateManager.setStateRoot(to, true)
    if (trie._opts.useRootPersistence) await trie.persistRoot()
  }
  return { root, keep: () => turnTo(root), drop: () => turnTo(before) }
}
