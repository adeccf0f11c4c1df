import { RLP } from '@ethereumjs/rlp'
import { KECCAK256_NULL, KECCAK256_RLP } from '@ethereumjs/util'
import { hex, padded32, sameBytes, toBigInt } from '../bytes.js'
import { type AbsentNode, decodeNode, type Node, walk } from './trieWalk.js'

/** An account as it is proven. */
export interface ProvenAccount {
  nonce: bigint
  balance: bigint
  codeHash: Uint8Array
  storageRoot: Uint8Array
}

const ZERO = new Uint8Array(32)

/** A proof does not lead to what it should prove. */
class BrokenProof extends Error {}

interface KnownNode {
  rlp: Uint8Array
  /** Once somebody has walked over it. */
  node?: Node
}

/** keccak-256. */
export type Keccak = (message: Uint8Array) => Uint8Array

/** The parts of one state's tries that proofs have brought, by hash: no node is looked at twice, nor trusted. */
export class ProvenState {
  readonly root: Uint8Array
  readonly #keccak: Keccak
  readonly #nodes = new Map<string, KnownNode>()
  /** The texts that nodes came as: the upper ones come with every proof. */
  readonly #texts = new Set<string>()

  constructor(root: Uint8Array, keccak: Keccak) {
    this.root = root
    this.#keccak = keccak
  }

  /** RLP of all nodes that came. */
  nodes(): Uint8Array[] {
    return Array.from(this.#nodes.values(), ({ rlp }) => rlp)
  }

  /**
   * Takes the nodes of a proof. They prove nothing before somebody walks over them.
   * @param bytesOf reads a node; may throw
   */
  add(proof: Iterable<string>, bytesOf: (text: string) => Uint8Array): void {
    for (const text of proof) {
      if (this.#texts.has(text)) continue
      const rlp = bytesOf(text)
      this.#nodes.set(hex(this.#keccak(rlp)), { rlp })
      this.#texts.add(text)
    }
  }

  /** Undefined: it is proven that there is none. @throws Error saying what is wrong with the proof */
  account(address: Uint8Array): ProvenAccount | undefined {
    const value = this.#walk(this.root, this.#keccak(address))
    if (value === undefined) return undefined
    const [nonce, balance, storageRoot, codeHash] = RLP.decode(value) as Uint8Array[]
    if (codeHash === undefined || storageRoot === undefined) throw new BrokenProof('the leaf is no account')
    return { nonce: toBigInt(nonce!), balance: toBigInt(balance!), codeHash, storageRoot }
  }

  /** 32 bytes. @throws Error saying what is wrong with the proof */
  slot(storageRoot: Uint8Array, key: Uint8Array): Uint8Array {
    const value = this.#walk(storageRoot, this.#keccak(key))
    return value === undefined ? ZERO : padded32(RLP.decode(value) as Uint8Array)
  }

  #walk(root: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const absent = ({ hash, path }: AbsentNode) =>
      new BrokenProof(`it lacks the trie node 0x${hex(hash)} at path '${path}' under the root 0x${hex(root)}`)
    return walk(root, key, (hash) => this.#node(hash), absent)
  }

  #node(hash: Uint8Array): Node | undefined {
    const known = this.#nodes.get(hex(hash))
    if (known === undefined) return undefined
    known.node ??= decodeNode(known.rlp)
    return known.node
  }
}

/** What a node says of an account, where that is not what is proven: the property. */
export function falseClaim(
  claim: Omit<ProvenAccount, 'storageRoot'> & { storageHash: Uint8Array },
  proven: ProvenAccount | undefined,
) {
  const { nonce, balance, codeHash, storageRoot } = proven ?? NOBODY
  if (claim.nonce !== nonce) return 'nonce'
  if (claim.balance !== balance) return 'balance'
  if (!isSame(claim.codeHash, codeHash, KECCAK256_NULL, proven)) return 'codeHash'
  return isSame(claim.storageHash, storageRoot, KECCAK256_RLP, proven) ? undefined : 'storageHash'
}

const NOBODY: ProvenAccount = { nonce: 0n, balance: 0n, codeHash: KECCAK256_NULL, storageRoot: KECCAK256_RLP }

/** Clients say zero or the hash of nothing for an account that does not exist. */
function isSame(
  claim: Uint8Array,
  actual: Uint8Array,
  ofNothing: Uint8Array,
  proven: ProvenAccount | undefined,
): boolean {
  return sameBytes(claim, actual) || (proven === undefined && (sameBytes(claim, ZERO) || sameBytes(claim, ofNothing)))
}
