// One change to the bytes of a block: somewhere in the bytes, or to a field in the tree of its RLP.

import { concatBytes } from '@noble/hashes/utils.js'
import { toBytes } from '../../bytes.js'
import type { Random } from '../../workloads/random.js'
import { type Branch, encodeTree, LENGTH_FORMS, type Leaf, type Node, type Place, placesOf } from './tree.js'

/** Values at the edges of what integers in a block can be. */
const EDGES = [
  0n,
  1n,
  127n,
  128n,
  255n,
  256n,
  2n ** 32n - 1n,
  2n ** 40n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 2n,
].concat([2n ** 64n - 1n, 2n ** 64n, 2n ** 128n, 2n ** 255n, 2n ** 256n - 1n, 2n ** 256n].flat())
const EDGE_BYTES = EDGES.map((value) => toBytes(value, Math.ceil(value.toString(2).length / 8)))

type ByteMutation = (bytes: Uint8Array, at: number, random: Random) => Uint8Array

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  function flip(bytes, at, random) {
    const out = bytes.slice()
    out[at] = (out[at] as number) ^ (1 << random.below(8))
    return out
  },
  function replace(bytes, at, random) {
    const out = bytes.slice()
    out[at] = random.below(256)
    return out
  },
  function insert(bytes, at, random) {
    return concatBytes(bytes.subarray(0, at), Uint8Array.of(random.below(256)), bytes.subarray(at))
  },
  function remove(bytes, at, random) {
    return concatBytes(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4)))
  },
  function truncate(bytes, at) {
    return bytes.slice(0, at)
  },
  function duplicate(bytes, at, random) {
    const end = at + 1 + random.below(40)
    return concatBytes(bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end))
  },
  function append(bytes, _, random) {
    return concatBytes(bytes, Uint8Array.of(random.below(256)))
  },
]

/** Changes one place of the bytes. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  return random.pick(BYTE_MUTATIONS)(bytes, random.below(bytes.length), random)
}

type LeafMutation = (leaf: Leaf, random: Random, other: Leaf) => Node

const LEAF_MUTATIONS: readonly LeafMutation[] = [
  ({ bytes }) => leaf(concatBytes(Uint8Array.of(0), bytes)),
  ({ bytes }) => leaf(concatBytes(bytes, Uint8Array.of(0))),
  ({ bytes }) => leaf(bytes.slice(1)),
  ({ bytes }) => leaf(bytes.slice(0, -1)),
  ({ bytes }, random) => leaf(concatBytes(Uint8Array.of(1 + random.below(255)), bytes)),
  ({ bytes }) => leaf(new Uint8Array(bytes.length)),
  ({ bytes }) => leaf(new Uint8Array(bytes.length).fill(0xff)),
  () => leaf(new Uint8Array(0)),
  (_, random) => leaf(random.pick(EDGE_BYTES)),
  (_, random) => leaf(random.pick(EDGE_BYTES)),
  ({ bytes }) => leaf(plus(bytes, 1)),
  ({ bytes }) => leaf(plus(bytes, 255)),
  ({ bytes }, random) => ({ kind: 'leaf', bytes, form: random.pick(LENGTH_FORMS) }),
  ({ bytes }, random) => leaf(Uint8Array.from({ length: bytes.length }, () => random.below(256))),
  (_, random) => leaf(new Uint8Array(random.below(80)).fill(1)),
  (same) => ({ kind: 'branch', items: [same] }),
  () => ({ kind: 'branch', items: [] }),
  (_same, _random, other) => other,
]

type BranchMutation = (branch: Branch, random: Random, other: Leaf) => Node

const BRANCH_MUTATIONS: readonly BranchMutation[] = [
  ({ items, ...same }, random) => ({ ...same, items: items.toSpliced(random.below(items.length), 1) }),
  ({ items, ...same }, random) => {
    const index = random.below(items.length)
    return { ...same, items: items.length === 0 ? items : items.toSpliced(index, 0, items[index] as Node) }
  },
  ({ items, ...same }, random) => {
    const [a, b] = [random.below(items.length), random.below(items.length)]
    return { ...same, items: items.length < 2 ? items : items.with(a, items[b] as Node).with(b, items[a] as Node) }
  },
  ({ items, ...same }) => ({ ...same, items: [...items, leaf(new Uint8Array(0))] }),
  ({ items, ...same }) => ({ ...same, items: [...items, { kind: 'branch', items: [] }] }),
  ({ items, ...same }, _random, other) => ({ ...same, items: [other, ...items] }),
  ({ items: _, ...same }) => ({ ...same, items: [] }),
  (same, random) => ({ ...same, form: random.pick(LENGTH_FORMS) }),
  (same) => leaf(encodeTree(same)),
  (same) => ({ kind: 'branch', items: [same] }),
  () => leaf(new Uint8Array(0)),
  ({ items, type = 0 }, random) => ({ kind: 'branch', items, type: (type + 1 + random.below(5)) % 256 }),
]

/** A tree that mutations are made of. It is changed in place and changed back: copying it would cost more than the rest. */
export class MutableTree {
  readonly root: Branch
  readonly #places: Place[]
  readonly #leaves: Leaf[]

  constructor(root: Branch) {
    this.root = root
    this.#places = placesOf(this.root)
    this.#leaves = this.#places.map(({ parent, index }) => parent.items[index] as Node).filter(isLeaf)
  }

  /**
   * Changes one node.
   *
   * @param finish called on the changed tree, to change what depends on it, too
   * @returns the bytes
   */
  mutate(random: Random, finish: (root: Branch) => void = () => {}): Uint8Array {
    const { parent, index } = random.pick(this.#places)
    const node = parent.items[index] as Node
    const other = random.pick(this.#leaves)
    const header = this.root.items[0] as Branch
    const fields = header.items
    parent.items[index] = isLeaf(node)
      ? random.pick(LEAF_MUTATIONS)(node, random, other)
      : random.pick(BRANCH_MUTATIONS)(node, random, other)
    try {
      finish(this.root)
      return encodeTree(this.root)
    } finally {
      // `finish` may have given the header another list: the node goes back where it was taken from.
      header.items = fields
      parent.items[index] = node
    }
  }
}

function isLeaf(node: Node): node is Leaf {
  return node.kind === 'leaf'
}

function leaf(bytes: Uint8Array): Leaf {
  return { kind: 'leaf', bytes }
}

/** The integer in the bytes and `difference`, modulo their length. */
function plus(bytes: Uint8Array, difference: number): Uint8Array {
  const out = bytes.slice()
  for (let at = out.length - 1, carry = difference; at >= 0 && carry > 0; at--) {
    const sum = (out[at] as number) + carry
    out[at] = sum & 255
    carry = sum >> 8
  }
  return out
}
