// A changed body under a header that commits to it: what is wrong with it must be found, not only that its root differs.
import { concatBytes } from '@noble/hashes/utils.js'
import { keccak256 } from '../../wasm/keccak.js'
import { orderedRoot } from '../../wasm/orderedRoot.js'
import { Field } from '../header.js'
import { type Branch, encodeTree, type Node } from './tree.js'

const OMMERS_HASH = 1

/** Puts the roots of the body into the header, as far as both are still there. */
export function reseal(root: Branch): void {
  const [header, transactions, uncles, withdrawals] = root.items
  if (header?.kind !== 'branch') return
  if (transactions?.kind === 'branch') {
    setField(root, Field.TRANSACTIONS_ROOT, orderedRoot(transactions.items.map(encodeTransaction)))
  }
  if (uncles !== undefined) setField(root, OMMERS_HASH, keccak256(encodeTree(uncles)))
  if (withdrawals?.kind === 'branch') {
    setField(root, Field.WITHDRAWALS_ROOT, orderedRoot(withdrawals.items.map(encodeTree)))
  }
}

/** Replaces a field of a block's header, if it is there. The list of fields becomes another one: the old one stays as it is. */
export function setField({ items: [header] }: Branch, index: number, bytes: Uint8Array): void {
  if (header?.kind !== 'branch' || index >= header.items.length) return
  header.items = header.items.with(index, { kind: 'leaf', bytes })
}

/** EIP-2718 bytes. */
function encodeTransaction(node: Node): Uint8Array {
  if (node.kind === 'leaf') return node.bytes.length === 0 ? Uint8Array.of(0x80) : node.bytes
  if (node.type === undefined) return encodeTree(node)
  const { type, ...list } = node
  return concatBytes(Uint8Array.of(type), encodeTree(list))
}
