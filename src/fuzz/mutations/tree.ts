// RLP as a tree that can be changed anywhere, and encoded also in ways that are not allowed.
import { concatBytes } from '@noble/hashes/utils.js'
import { FIRST_LIST } from '../../block/readTransaction.js'
import { Walker } from '../../block/rlp.js'

/**
 * How the length of an item is written. `long`: in the long form although the short one fits. `zero`: in the long form with a
 * leading zero. `more`, `less`: one too many, one too few.
 */
export const LENGTH_FORMS = ['long', 'zero', 'more', 'less'] as const
export type LengthForm = (typeof LENGTH_FORMS)[number]

export interface Leaf {
  kind: 'leaf'
  bytes: Uint8Array
  form?: LengthForm
}

export interface Branch {
  kind: 'branch'
  items: Node[]
  form?: LengthForm
  /** First byte of a byte string that holds the list: a typed transaction (EIP-2718). */
  type?: number
}

export type Node = Leaf | Branch

/** The tree of valid RLP. With `typed` a byte string may be a typed transaction. */
export function parseTree(bytes: Uint8Array): Branch {
  const walker = new Walker(bytes)
  walker.enter(0, bytes.length)
  return { kind: 'branch', items: itemsOf(walker, walker.start, bytes.length, 0) }
}

/** Transactions are the items of the second list of a block. */
const TRANSACTIONS = 1

function itemsOf(walker: Walker, at: number, end: number, depth: number, typed = false): Node[] {
  const items: Node[] = []
  while (at < end) {
    const next = walker.item(at, end)
    const { start, isList } = walker
    if (isList) {
      const transactions = depth === 0 && items.length === TRANSACTIONS
      items.push({ kind: 'branch', items: itemsOf(walker, start, next, depth + 1, transactions) })
    } else if (typed && (walker.bytes[start] as number) < FIRST_LIST) {
      const type = walker.bytes[start] as number
      walker.enter(start + 1, next)
      items.push({ kind: 'branch', type, items: itemsOf(walker, walker.start, next, depth + 1) })
    } else items.push({ kind: 'leaf', bytes: walker.bytes.slice(start, next) })
    at = next
  }
  return items
}

export function encodeTree(node: Node): Uint8Array {
  if (node.kind === 'leaf') {
    const { bytes, form } = node
    return bytes.length === 1 && (bytes[0] as number) < 0x80 && form === undefined ? bytes : item(0x80, bytes, form)
  }
  const list = item(FIRST_LIST, concatBytes(...node.items.map(encodeTree)), node.form)
  return node.type === undefined ? list : item(0x80, concatBytes(Uint8Array.of(node.type), list), undefined)
}

function item(base: number, payload: Uint8Array, form: LengthForm | undefined): Uint8Array {
  const length = Math.max(0, payload.length + (form === 'more' ? 1 : form === 'less' ? -1 : 0))
  if (length <= 55 && form !== 'long' && form !== 'zero') return concatBytes(Uint8Array.of(base + length), payload)
  const size: number[] = form === 'zero' ? [0] : []
  for (let shift = 24; shift >= 0; shift -= 8)
    if (length >>> shift > 0 || shift === 0) size.push((length >>> shift) & 255)
  return concatBytes(Uint8Array.of(base + 55 + size.length), Uint8Array.from(size), payload)
}

/** A node with the list that holds it. */
export interface Place {
  parent: Branch
  index: number
}

/** Every node below `root`, in the order of the bytes. */
export function placesOf(root: Branch, places: Place[] = []): Place[] {
  for (const [index, node] of root.items.entries()) {
    places.push({ parent: root, index })
    if (node.kind === 'branch') placesOf(node, places)
  }
  return places
}
