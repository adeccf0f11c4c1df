// State and receipts root as a user of @ethereumjs computes them, one key after the other: the baseline of the root stage,
// and a check of ours by code that shares nothing with it.
import { createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import type { TransactionType } from '@ethereumjs/tx'
import {
  Account,
  bytesToUnprefixedHex,
  createAccountFromRLP,
  KECCAK256_RLP,
  MapDB,
  unpadBytes,
  ValueEncoding,
} from '@ethereumjs/util'
import { encodeReceipt } from '@ethereumjs/vm'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { ExecutedReceipt, StateDiff, StateDiffAccount } from '../types.js'

type Nodes = MapDB<string, Uint8Array>

/** The nodes of a witness by hash, for any number of calls of `stateRootAfter`: new nodes never replace old ones. */
export function nodesOf(witness: { nodes: readonly Uint8Array[] }): Nodes {
  return new MapDB(new Map(witness.nodes.map((node) => [bytesToUnprefixedHex(keccak_256(node)), node])))
}

/** Root after a block. Deletions come last: the witness need not have the siblings that an earlier one would merge. */
export async function stateRootAfter(root: Uint8Array, nodes: Nodes, diff: StateDiff): Promise<Uint8Array> {
  const trie = await open(nodes, root)
  for (const entry of diff) {
    if (entry.exists) await trie.put(entry.address, (await accountAfter(trie, nodes, entry)).serialize())
  }
  for (const entry of diff) if (!entry.exists) await trie.del(entry.address)
  return trie.root()
}

async function accountAfter(trie: MerklePatriciaTrie, nodes: Nodes, entry: StateDiffAccount): Promise<Account> {
  const before = entry.storageCleared ? null : await trie.get(entry.address)
  const storageRoot = before === null ? KECCAK256_RLP : createAccountFromRLP(before).storageRoot
  const storage = await open(nodes, storageRoot)
  const slots = entry.storage.map(({ key, value }) => ({ key, value: unpadBytes(value) }))
  for (const { key, value } of slots) if (value.length > 0) await storage.put(key, RLP.encode(value))
  for (const { key, value } of slots) if (value.length === 0) await storage.del(key)
  return new Account(entry.nonce, entry.balance, storage.root(), entry.codeHash)
}

async function open(nodes: Nodes, root: Uint8Array): Promise<MerklePatriciaTrie> {
  return createMPT({ db: nodes, root, useKeyHashing: true, valueEncoding: ValueEncoding.Bytes })
}

type StatusReceipt = Pick<ExecutedReceipt, 'type' | 'cumulativeGasUsed' | 'logsBloom' | 'logs' | 'status'>

/** Receipts root from Byzantium on (EIP-658). */
export async function receiptsRootOf(receipts: readonly StatusReceipt[]): Promise<Uint8Array> {
  const trie = await createMPT()
  for (const [index, { type, status, cumulativeGasUsed, logsBloom, logs }] of receipts.entries()) {
    const receipt = {
      status: status as 0 | 1,
      cumulativeBlockGasUsed: cumulativeGasUsed,
      bitvector: logsBloom,
      logs: logs.map(({ address, topics, data }): [Uint8Array, Uint8Array[], Uint8Array] => [address, topics, data]),
    }
    await trie.put(RLP.encode(index), encodeReceipt(receipt, type as TransactionType))
  }
  return trie.root()
}
