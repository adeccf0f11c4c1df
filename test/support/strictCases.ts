// What a block must not be, made from the format of its hardfork: every field with each thing that can be wrong about it.
import type { BlockFormat, Format, RecordFormat } from '../../src/block/format.js'
import { WITHDRAWAL } from '../../src/block/format.js'
import { type Branch, encodeTree, type Leaf, type Node } from '../../src/fuzz/mutations/tree.js'
import { SECP256K1_ORDER } from '../../src/fuzz/transactions.js'

export interface StrictCase {
  name: string
  bytes: Uint8Array
  /** Of the InvalidBlockError; undefined: the format allows it. */
  code: string | undefined
  /** In the error's message. */
  says: string
}

/** A node with what its format is. */
interface Spot {
  parent: Branch
  index: number
  format: Format
  path: string
  /** The parent is a record, in which nothing may lack. */
  isField: boolean
}

type Change = [what: string, node: Node | undefined]

export const leaf = (bytes: Uint8Array): Leaf => ({ kind: 'leaf', bytes })
export const list = (...items: Node[]): Branch => ({ kind: 'branch', items })

/** Without leading zeros. */
export function integerBytes(value: bigint): Uint8Array {
  const hex = value.toString(16)
  return value === 0n ? new Uint8Array(0) : Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

function ones(length: number): Uint8Array {
  return new Uint8Array(length).fill(1)
}

/** Each change of a node that its format does not allow, and the bounds that it does. */
function changesOf(format: Format, node: Node, path: string, old: BlockFormat): { bad: Change[]; good: Change[] } {
  if (format.kind === 'list' || format.kind === 'record') {
    const bad: Change[] = [
      ['an empty string', leaf(new Uint8Array(0))],
      ['a string for a list', leaf(encodeTree(node))],
    ]
    if (format.kind === 'list') return { bad, good: [] }
    const { items } = node as Branch
    bad.push(['an extra field', { ...(node as Branch), items: [...items, leaf(new Uint8Array(0))] }])
    bad.push(['an extra list', { ...(node as Branch), items: [...items, list()] }])
    bad.push(['without its last field', { ...(node as Branch), items: items.slice(0, -1) }])
    bad.push(['without fields', { ...(node as Branch), items: [] }])
    return { bad, good: [] }
  }
  const bad: Change[] = [
    ['an empty list', list()],
    ['a list around it', list(node)],
    ['a length with a leading zero', { ...(node as Leaf), form: 'zero' }],
  ]
  if (format.kind === 'bytes') {
    const { length, orEmpty = false } = format
    if (length === undefined) return { bad, good: [['65 bytes', leaf(ones(65))]] }
    bad.push(['too long', leaf(ones(length + 1))], ['too short', leaf(ones(length - 1))])
    if (!orEmpty) bad.push(['empty', leaf(new Uint8Array(0))])
    return { bad, good: orEmpty ? [['empty', leaf(new Uint8Array(0))]] : [] }
  }
  const { length } = format
  bad.push(
    ['zero as a byte', leaf(Uint8Array.of(0))],
    ['a leading zero', leaf(Uint8Array.of(0, 1).slice(0, 1 + (length > 1 ? 1 : 0)))],
  )
  bad.push(['too long', leaf(ones(length + 1))])
  const { allowed, refused } = boundsOf(format, path, old)
  for (const value of refused) bad.push([`${value}`, leaf(integerBytes(value))])
  return { bad, good: allowed.map((value) => [`${value}`, leaf(integerBytes(value))]) }
}

/** Values beside the edges of what is allowed. */
function boundsOf(format: Extract<Format, { kind: 'integer' }>, path: string, { lowS, replayProtection }: BlockFormat) {
  const most = format.most === undefined ? 2n ** BigInt(8 * format.length) - 1n : BigInt(format.most)
  const field = /^transaction \d+\.(r|s|v)$/.exec(path)?.[1]
  if (field === 'v') {
    const old = { allowed: [27n, 28n], refused: [1n, 26n, 29n, 34n] }
    const chained = [35n, 36n, 2n ** 64n - 1n]
    return replayProtection
      ? { allowed: [...old.allowed, ...chained], refused: [0n, ...old.refused] }
      : { allowed: old.allowed, refused: [0n, ...old.refused, ...chained] }
  }
  if (field !== undefined) {
    // Yellow Paper, appendix F; EIP-2.
    const highest = field === 's' && lowS ? SECP256K1_ORDER / 2n : SECP256K1_ORDER - 1n
    return { allowed: [1n, highest], refused: [0n, highest + 1n, SECP256K1_ORDER, most] }
  }
  return { allowed: [0n, most], refused: [most + 1n] }
}

function spotsOf(format: Format, node: Node, path: string, spots: Spot[]): void {
  if (node.kind === 'leaf' || format.kind === 'bytes' || format.kind === 'integer') return
  for (const [index, item] of node.items.entries()) {
    const isField = format.kind === 'record'
    const of = isField ? format.fields[index]?.format : format.of
    if (of === undefined) throw new Error(`${path} has more fields than its format`)
    const step = isField ? `.${format.fields[index]?.name}` : `[${index}]`
    spots.push({ parent: node, index, format: of, path: path + step, isField })
    spotsOf(of, item, path + step, spots)
  }
}

interface Part {
  name: string
  parent: Branch
  index: number
  format: RecordFormat
  code: string
}

/** Every case of a valid block's tree, which is changed in place and changed back. `uncle`: a header to be one. */
export function* strictCases(block: Branch, format: BlockFormat, uncle: Branch): Generator<StrictCase> {
  const [header, transactions, uncles, withdrawals] = block.items as [Branch, Branch, Branch, Branch?]
  uncles.items.push(uncle)
  const parts: Part[] = [
    { name: 'header', parent: block, index: 0, format: format.header, code: 'INVALID_HEADER' },
    { name: 'uncle 0', parent: uncles, index: 0, format: format.header, code: 'INVALID_HEADER' },
    ...transactions.items.map((item, index) => ({
      ...{ name: `transaction ${index}`, parent: transactions, index, code: 'INVALID_TRANSACTION' },
      format: format.transactions[(item as Branch).type ?? 0] as RecordFormat,
    })),
    ...(withdrawals?.items ?? []).map((_, index) => ({
      ...{ name: `withdrawal ${index}`, parent: withdrawals as Branch, index, code: 'MALFORMED_BLOCK' },
      format: WITHDRAWAL,
    })),
  ]
  if (header.items.length !== format.header.fields.length) throw new Error('the header is not of the format')
  for (const part of parts) yield* casesOf(part, block, format)
  uncles.items.pop()
}

function* casesOf({ name, parent, index, format, code }: Part, block: Branch, of: BlockFormat): Generator<StrictCase> {
  const node = parent.items[index] as Node
  const isPart = /header|uncle/.test(name) ? 'MALFORMED_BLOCK' : code
  const spots: Spot[] = []
  spotsOf(format, node, name, spots)
  const whole: Spot = { parent, index, format, path: name, isField: false }
  for (const spot of [whole, ...spots]) {
    const old = spot.parent.items
    const changed = (items: Node[]): Uint8Array => {
      spot.parent.items = items
      const bytes = encodeTree(block)
      spot.parent.items = old
      return bytes
    }
    const { bad, good } = changesOf(spot.format, old[spot.index] as Node, spot.path, of)
    // The field is named, but where the list around it is what is wrong.
    const field = spot === whole ? '' : (spot.path.split('.').at(-1) as string).replace(/\[\d+\]$/, '')
    for (const [what, replacement] of bad) {
      const bytes = changed(old.with(spot.index, replacement as Node))
      const isString = spot === whole && replacement?.kind === 'leaf'
      yield { name: `${spot.path}: ${what}`, bytes, code: isString ? isPart : code, says: isString ? '' : field }
    }
    for (const [what, replacement] of good) {
      const bytes = changed(old.with(spot.index, replacement as Node))
      yield { name: `${spot.path}: ${what}`, bytes, code: undefined, says: '' }
    }
    if (spot.isField)
      yield { name: `${spot.path}: missing`, bytes: changed(old.toSpliced(spot.index, 1)), code, says: '' }
  }
}
