// State before a block for the reference run: plain accounts, or the trie nodes of an execution witness.
import { RLP } from '@ethereumjs/rlp'
import { Account, KECCAK256_NULL, KECCAK256_RLP, unpadBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { EngineError } from '../block/errors.js'
import type { PreState } from '../blockFiles/types.js'
import { hex, toBigInt } from '../bytes.js'
import { type AbsentNode, decodeNode, type Node, walk } from '../rpc/trieWalk.js'
import type { PreStateReader } from './flatState.js'

const NOTHING = new Uint8Array(0)

/** @throws EngineError MISSING_CODE, MISSING_NODE from its reads when the pre-state is not complete for the block */
export function preStateReader(preState: PreState): PreStateReader {
  return preState.kind === 'flat' ? new FlatPreState(preState) : new WitnessPreState(preState)
}

class Codes {
  readonly #codes: Map<string, Uint8Array>
  constructor(codes: Uint8Array[]) {
    this.#codes = new Map(codes.map((code) => [hex(keccak_256(code)), code]))
  }

  code(hash: Uint8Array): Uint8Array {
    const code = this.#codes.get(hex(hash))
    if (code === undefined)
      throw new EngineError('MISSING_CODE', `the pre-state lacks the code with hash 0x${hex(hash)}`)
    return code
  }
}

class FlatPreState extends Codes implements PreStateReader {
  readonly #accounts = new Map<string, Account>()
  readonly #slots = new Map<string, Map<string, Uint8Array>>()

  constructor(preState: PreState & { kind: 'flat' }) {
    super(preState.codes)
    for (const { address, nonce, balance, codeHash, storage } of preState.accounts) {
      this.#accounts.set(hex(address), new Account(nonce, balance, KECCAK256_RLP, codeHash))
      if (storage.length === 0) continue
      this.#slots.set(hex(address), new Map(storage.map(([key, value]) => [hex(key), unpadBytes(value)])))
    }
  }

  account(address: Uint8Array): Account | undefined {
    return this.#accounts.get(hex(address))
  }

  storage(address: Uint8Array, key: Uint8Array): Uint8Array {
    return this.#slots.get(hex(address))?.get(hex(key)) ?? NOTHING
  }

  hasStorage(address: Uint8Array): boolean {
    return this.#slots.has(hex(address))
  }
}

class WitnessPreState extends Codes implements PreStateReader {
  readonly #nodes: Map<string, Uint8Array>
  readonly #root: Uint8Array
  readonly #leaves = new Map<string, { account: Account; storageRoot: Uint8Array } | undefined>()
  readonly #slots = new Map<string, Uint8Array>()

  constructor(preState: PreState & { kind: 'witness' }) {
    super(preState.codes)
    this.#nodes = new Map(preState.nodes.map((node) => [hex(keccak_256(node)), node]))
    this.#root = preState.root
  }

  #leaf(address: Uint8Array) {
    const name = hex(address)
    if (this.#leaves.has(name)) return this.#leaves.get(name)
    const value = this.#lookup(this.#root, keccak_256(address))
    let leaf: { account: Account; storageRoot: Uint8Array } | undefined
    if (value !== undefined) {
      const [nonce, balance, storageRoot, codeHash] = RLP.decode(value) as Uint8Array[]
      leaf = {
        account: new Account(toBigInt(nonce!), toBigInt(balance!), KECCAK256_RLP, codeHash ?? KECCAK256_NULL),
        storageRoot: storageRoot!,
      }
    }
    this.#leaves.set(name, leaf)
    return leaf
  }

  account(address: Uint8Array): Account | undefined {
    return this.#leaf(address)?.account
  }

  storage(address: Uint8Array, key: Uint8Array): Uint8Array {
    const name = hex(address) + hex(key)
    let value = this.#slots.get(name)
    if (value === undefined) {
      const leaf = this.#leaf(address)
      const encoded = leaf === undefined ? undefined : this.#lookup(leaf.storageRoot, keccak_256(key))
      value = encoded === undefined ? NOTHING : (RLP.decode(encoded) as Uint8Array)
      this.#slots.set(name, value)
    }
    return value
  }

  hasStorage(address: Uint8Array): boolean {
    const leaf = this.#leaf(address)
    return leaf !== undefined && hex(leaf.storageRoot) !== hex(KECCAK256_RLP)
  }

  /** Value under a hashed key of the trie with that root (Yellow Paper, appendix D). */
  #lookup(root: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const absent = ({ hash, path }: AbsentNode) =>
      new EngineError('MISSING_NODE', `the witness lacks trie node 0x${hex(hash)} at path ${path}`)
    const nodeOf = (hash: Uint8Array): Node | undefined => {
      const rlp = this.#nodes.get(hex(hash))
      return rlp && decodeNode(rlp)
    }
    return walk(root, key, nodeOf, absent)
  }
}
