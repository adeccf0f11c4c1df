// RLP as a tree that can be changed anywhere, and encoded also in ways that are not allowed.
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

/** The tree of a valid list that is no block: no byte string in it is taken for a transaction. */
export function parseList(bytes: Uint8Array): Branch {
  const walker = new Walker(bytes)
  walker.enter(0, bytes.length)
  return { kind: 'branch', items: itemsOf(walker, walker.start, bytes.length, 1) }
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
  for (;;) {
    const at = writeNode(node, buffer.length)
    if (at >= 0) return buffer.slice(at)
    buffer = new Uint8Array(2 * buffer.length)
  }
}

/** Written from its end: what is in a list comes before its length, and nothing is copied. */
let buffer = new Uint8Array(2 ** 16)

/** Writes the node before `end`. @returns where it begins; negative when it does not fit */
function writeNode(node: Node, end: number): number {
  const { form } = node
  if (node.kind === 'leaf') {
    const { bytes } = node
    const at = end - bytes.length
    if (at < 0) return at
    buffer.set(bytes, at)
    const isShort = bytes.length === 1 && (bytes[0] as number) < 0x80 && form === undefined
    return isShort ? at : writeLength(0x80, at, end, form)
  }
  let at = end
  for (let i = node.items.length - 1; i >= 0 && at >= 0; i--) at = writeNode(node.items[i] as Node, at)
  at = writeLength(FIRST_LIST, at, end, form)
  if (node.type === undefined || at < 1) return node.type === undefined ? at : -1
  buffer[--at] = node.type
  return writeLength(0x80, at, end, undefined)
}

/** Most bytes before a payload. */
const MOST_HEAD = 6

/** Writes the length of the payload in [at, end) before it. @returns where it begins; negative when it does not fit */
function writeLength(base: number, at: number, end: number, form: LengthForm | undefined): number {
  if (at < MOST_HEAD) return -1
  const length = Math.max(0, end - at + (form === 'more' ? 1 : form === 'less' ? -1 : 0))
  if (length <= 55 && form !== 'long' && form !== 'zero') {
    buffer[--at] = base + length
    return at
  }
  const last = at
  let rest = length
  do {
    buffer[--at] = rest & 255
    rest >>>= 8
  } while (rest > 0)
  if (form === 'zero') buffer[--at] = 0
  buffer[at - 1] = base + 55 + (last - at)
  return at - 1
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
