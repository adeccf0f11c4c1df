// Trie nodes that no read goes over: when a deletion leaves a branch with one child, that child is merged with what is above it,
// and has to be known (Yellow Paper, appendix D). eth_getProof gives nodes by key only.
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { hex, isZero, toBytes } from '../bytes.js'
import { NODE, PROOF, read } from '../rpc/answers.js'
import type { RpcClient } from '../rpc/client.js'
import { RpcError } from '../rpc/errors.js'
import type { StateDiff } from '../types.js'
import { type NodePlace, trieName } from '../wasm/trieErrors.js'

/** The state before a block and the one after it, at the node; and what the block changes. */
export interface Both {
  before: Uint8Array
  after: Uint8Array
  diff: StateDiff
}

/** Nibbles of a path for which a key with that beginning is looked for: a million hashes, some seconds. */
const MOST_NIBBLES = 5
const MOST_TRIES = 32n << (4n * BigInt(MOST_NIBBLES))

/** The missing node, and nodes beside it. @throws RpcError RPC_WITNESS_INCOMPLETE when it cannot be had in this way */
export async function fetchNode(client: RpcClient, both: Both, place: NodePlace): Promise<Uint8Array[]> {
  const account = place.address && bytesToHex(place.address)
  if (place.path.length <= MOST_NIBBLES) {
    const key = keyUnder(place.path, account === undefined ? 20 : 32)
    if (key !== undefined) return await proofOf(client, both.before, account, key)
  }
  for (const key of deletedUnder(both.diff, account, place.path.slice(0, -1))) {
    const last = (await proofOf(client, both.after, account, key)).at(-1)
    const node = last && beforeMerge(last, place)
    if (node !== undefined) return [node]
  }
  const problem = `the node ${place.hash} at path '${place.path}' of ${trieName(place.address)} cannot be fetched: use a node with debug_executionWitness`
  throw new RpcError('RPC_WITNESS_INCOMPLETE', client.server, 'eth_getProof', problem)
}

async function proofOf(
  client: RpcClient,
  block: Uint8Array,
  account: string | undefined,
  key: Uint8Array,
): Promise<Uint8Array[]> {
  const params = account === undefined ? [bytesToHex(key), []] : [account, [bytesToHex(key)]]
  const answer = await client.call('eth_getProof', [...params, { blockHash: bytesToHex(block) }])
  const { accountProof, storageProof = [] } = read(PROOF, answer, client.server, 'eth_getProof')
  const proof = account === undefined ? accountProof : (storageProof[0]?.proof ?? [])
  return proof.map((node) => read(NODE, node, client.server, 'eth_getProof'))
}

/** Some key of so many bytes whose hash begins with these nibbles. */
function keyUnder(path: string, length: number): Uint8Array | undefined {
  for (let number = 0n; number < MOST_TRIES; number++) {
    const key = toBytes(number, length)
    if (hex(keccak_256(key)).startsWith(path)) return key
  }
  return undefined
}

/** Keys that the block takes out of the trie, under a path. */
function deletedUnder(diff: StateDiff, account: string | undefined, path: string): Uint8Array[] {
  const keys =
    account === undefined
      ? diff.filter(({ exists }) => !exists).map(({ address }) => address)
      : diff
          .filter(({ address }) => bytesToHex(address) === account)
          .flatMap(({ storage }) => storage.filter(({ value }) => isZero(value)).map(({ key }) => key))
  return keys.filter((key) => hex(keccak_256(key)).startsWith(path))
}

/** What a leaf or an extension was before the nibbles above it became a part of it; undefined when that is not the node. */
function beforeMerge(merged: Uint8Array, { hash }: NodePlace): Uint8Array | undefined {
  const [encoded, value, ...more] = RLP.decode(merged) as (Uint8Array | Uint8Array[])[]
  if (!(encoded instanceof Uint8Array) || value === undefined || more.length > 0) return undefined
  const digits = hex(encoded)
  const flag = Number.parseInt(digits[0] as string, 16)
  const path = digits.slice(flag & 1 ? 1 : 2)
  for (let gone = 1; gone <= path.length; gone++) {
    const node = RLP.encode([compact(path.slice(gone), flag >= 2), value])
    if (bytesToHex(keccak_256(node)) === hash) return node
  }
  return undefined
}

/** Hex-prefix encoding (Yellow Paper, appendix C). */
function compact(path: string, leaf: boolean): Uint8Array {
  const flag = (leaf ? 2 : 0) + (path.length % 2)
  return new Uint8Array(Buffer.from(path.length % 2 ? `${flag}${path}` : `${flag}0${path}`, 'hex'))
}
