// Root of the trie from RLP(index) to a value: transactions, receipts and withdrawals of a block. Built at once from
// the sorted keys, so no node is made twice.
import { RLP } from '@ethereumjs/rlp'
import type { Keccak256 } from '../../src/block/bloom.js'
import type { OrderedRoot } from '../../src/block/checks.js'

type Item = { path: number[]; value: Uint8Array }
type Node = (Uint8Array | Node)[]

const EMPTY = new Uint8Array(0)

export function orderedRootWith(keccak256: Keccak256): OrderedRoot {
  /** A node is embedded in its parent when its RLP is shorter than a hash (Yellow Paper, appendix D). */
  const reference = (node: Node): Uint8Array | Node => {
    const rlp = RLP.encode(node)
    return rlp.length < 32 ? node : keccak256(rlp)
  }

  const build = (items: readonly Item[], depth: number): Node => {
    const first = items[0]!
    if (items.length === 1) return [compact(first.path.slice(depth), true), first.value]
    const last = items.at(-1)!
    let shared = depth
    while (shared < first.path.length && first.path[shared] === last.path[shared]) shared++
    if (shared > depth) return [compact(first.path.slice(depth, shared), false), reference(build(items, shared))]
    const branch: Node = new Array(17).fill(EMPTY)
    for (let start = 0; start < items.length; ) {
      const nibble = items[start]!.path[depth]!
      let end = start + 1
      while (end < items.length && items[end]!.path[depth] === nibble) end++
      branch[nibble] = reference(build(items.slice(start, end), depth + 1))
      start = end
    }
    return branch
  }

  return (values) => {
    if (values.length === 0) return keccak256(RLP.encode(EMPTY))
    const items = values.map((value, index) => ({ path: nibblesOf(RLP.encode(index)), value }))
    items.sort((a, b) => compare(a.path, b.path))
    return keccak256(RLP.encode(build(items, 0)))
  }
}

function nibblesOf(bytes: Uint8Array): number[] {
  const nibbles: number[] = []
  for (const byte of bytes) nibbles.push(byte >> 4, byte & 15)
  return nibbles
}

// No key is a prefix of another: RLP of integers is prefix-free.
function compare(a: number[], b: number[]): number {
  let i = 0
  while (a[i] === b[i] && i < a.length) i++
  return a[i]! - b[i]!
}

/** Hex-prefix encoding (Yellow Paper, appendix C). */
function compact(nibbles: number[], leaf: boolean): Uint8Array {
  const odd = nibbles.length & 1
  const out = new Uint8Array(1 + (nibbles.length >> 1))
  out[0] = (leaf ? 0x20 : 0) | (odd ? 0x10 | nibbles[0]! : 0)
  for (let i = odd; i < nibbles.length; i += 2) out[1 + (i >> 1)] = (nibbles[i]! << 4) | nibbles[i + 1]!
  return out
}
