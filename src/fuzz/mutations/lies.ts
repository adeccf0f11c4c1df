// Block access lists (EIP-7928) that are not what a block touches: every kind of false claim that a list can make.
import { concatBytes } from '@noble/hashes/utils.js'
import { toBigInt, toBytes } from '../../bytes.js'
import type { Random } from '../../workloads/random.js'
import { MutableTree, mutateBytes } from './mutate.js'
import { type Branch, encodeTree, type Leaf, type Node, parseList } from './tree.js'

// Of an account: [address, [[slot, [[index, value] ...]] ...], [slot ...], balances, nonces, codes], the last three [[index, value] ...].
const CHANGED = 1
const READ = 2
const BALANCES = 3
const CODES = 5
/** Gas that an address or a slot of a list stands for. */
const ITEM_GAS = 2000n

/** Something that a list says, in the list that holds it. */
interface Claim {
  kind: 'account' | 'slot' | 'read' | 'change'
  parent: Branch
  index: number
}

/** Changes the list in place. @returns whether there was something to change */
type Lie = (list: Branch, random: Random, gasLimit: bigint) => boolean

const LIES = {
  missing: onClaim(({ parent, index }) => parent.items.splice(index, 1)),
  duplicate: onClaim(({ parent, index }) => parent.items.splice(index, 0, parent.items[index] as Node)),
  order(list, random) {
    const claim = pickClaim(list, random, ({ parent, index }) => index + 1 < parent.items.length)
    if (claim === undefined) return false
    const { parent, index } = claim
    parent.items.splice(index, 2, parent.items[index + 1] as Node, parent.items[index] as Node)
    return true
  },
  'surplus account'(list, random) {
    const empty = Array.from({ length: CODES }, () => branch([]))
    const near =
      random.below(2) === 0 ? plusOne(leafOf(random.pick(accountsOf(list)).items[0])) : randomBytes(random, 20)
    insert(list, branch([leaf(near), ...empty]), random)
    return true
  },
  'surplus read'(list, random) {
    insert(random.pick(accountsOf(list)).items[READ] as Branch, leaf(randomKey(random)), random)
    return true
  },
  'surplus slot'(list, random) {
    const change = branch([leaf(integer(BigInt(random.below(20)))), leaf(integer(BigInt(random.below(3))))])
    const slot = branch([leaf(randomKey(random)), branch([change])])
    insert(random.pick(accountsOf(list)).items[CHANGED] as Branch, slot, random)
    return true
  },
  'surplus change'(list, random) {
    const value = integer(BigInt(random.below(3)))
    insert(random.pick(changeLists(list)), branch([leaf(integer(BigInt(random.below(20)))), leaf(value)]), random)
    return true
  },
  /** The value of before once more, from a later index on. */
  'change of nothing': onChange(({ parent, index }) => {
    const [at, value] = (parent.items[index] as Branch).items as [Leaf, Leaf]
    parent.items.splice(index + 1, 0, branch([leaf(integer(toBigInt(at.bytes) + 1n)), value]))
  }),
  'write as read'(list, random) {
    const claim = pickClaim(list, random, ({ kind }) => kind === 'slot')
    if (claim === undefined) return false
    const [slot] = claim.parent.items.splice(claim.index, 1) as [Branch]
    insert(accountWith(list, claim.parent).items[READ] as Branch, slot.items[0] as Leaf, random)
    return true
  },
  'read as write'(list, random) {
    const claim = pickClaim(list, random, ({ kind }) => kind === 'read')
    if (claim === undefined) return false
    const [key] = claim.parent.items.splice(claim.index, 1) as [Leaf]
    const change = branch([leaf(integer(BigInt(1 + random.below(8)))), leaf(integer(BigInt(random.below(3))))])
    insert(accountWith(list, claim.parent).items[CHANGED] as Branch, branch([key, branch([change])]), random)
    return true
  },
  'both read and written'(list, random) {
    const claim = pickClaim(list, random, ({ kind }) => kind === 'slot')
    if (claim === undefined) return false
    const [key] = (claim.parent.items[claim.index] as Branch).items
    insert(accountWith(list, claim.parent).items[READ] as Branch, key as Leaf, random)
    return true
  },
  value: onChange(({ parent, index }, random, list) => {
    const [at, value] = (parent.items[index] as Branch).items as [Leaf, Leaf]
    const other = random.pick(random.pick(changeLists(list)).items) as Branch | undefined
    const values = [
      integer(toBigInt(value.bytes) + 1n),
      integer(toBigInt(value.bytes) - (value.bytes.length > 0 ? 1n : 0n)),
      integer(2n ** 256n - 1n),
      new Uint8Array(0),
      other === undefined ? randomBytes(random, 32) : leafOf(other.items[1]),
    ]
    parent.items[index] = branch([at, leaf(random.pick(values))])
  }),
  index: onChange(({ parent, index }, random) => {
    const [at, value] = (parent.items[index] as Branch).items as [Leaf, Leaf]
    const now = toBigInt(at.bytes)
    const others = [
      now + 1n,
      now > 0n ? now - 1n : 2n,
      0n,
      2n ** 16n - 1n,
      2n ** 16n,
      2n ** 32n,
      now + 2n ** 32n,
      2n ** 64n,
    ]
    parent.items[index] = branch([leaf(integer(random.pick(others))), value])
  }),
  /** Two transactions in each other's place, in all that the list says. */
  exchange(list, random) {
    const [a, b] = [BigInt(random.below(4)), BigInt(1 + random.below(8))]
    for (const changes of changeLists(list)) {
      for (const change of changes.items as Branch[]) {
        const at = toBigInt(leafOf(change.items[0]))
        if (at === a || at === b) change.items[0] = leaf(integer(at === a ? b : a))
      }
      changes.items.sort(byKey)
    }
    return true
  },
  /** What one account or slot becomes is said of another one. */
  'change elsewhere'(list, random) {
    const from = changeLists(list).filter(({ items }) => items.length > 0)
    if (from.length === 0) return false
    const { items } = random.pick(from)
    const [change] = items.splice(random.below(items.length), 1) as [Branch]
    insert(random.pick(changeLists(list)), change, random)
    return true
  },
  /** An integer with a zero before it, or zero as a byte. */
  integer: onChange(({ parent, index }, random) => {
    const { items } = parent.items[index] as Branch
    const which = random.below(2)
    parent.items[index] = branch(items.with(which, leaf(concatBytes(Uint8Array.of(0), leafOf(items[which])))))
  }),
  'integer of a key'(list, random) {
    const claim = pickClaim(list, random, ({ kind }) => kind === 'read' || kind === 'slot')
    if (claim === undefined) return false
    const item = claim.parent.items[claim.index] as Node
    const longer = leaf(concatBytes(Uint8Array.of(0), keyOf(item)))
    claim.parent.items[claim.index] = item.kind === 'leaf' ? longer : branch(item.items.with(0, longer))
    return true
  },
  address(list, random) {
    const account = random.pick(accountsOf(list))
    const bytes = leafOf(account.items[0])
    account.items[0] = leaf(random.pick([bytes.subarray(1), concatBytes(bytes, Uint8Array.of(0)), new Uint8Array(0)]))
    return true
  },
  /** One more than the gas limit has room for, otherwise in order. */
  'item limit'(list, random, gasLimit) {
    const count = Number(gasLimit / ITEM_GAS) + 1
    const reads = random.pick(accountsOf(list)).items[READ] as Branch
    for (let i = 0; i < count; i++) reads.items.push(leaf(integer(2n ** 200n + BigInt(i))))
    return true
  },
} satisfies Record<string, Lie>

/** Kinds that take the bytes, or any node of the tree, whatever it means. */
const BLIND = ['bytes', 'tree', 'truncated', 'extended'] as const

export type LieName = keyof typeof LIES | (typeof BLIND)[number]
export const LIE_NAMES = [...(Object.keys(LIES) as (keyof typeof LIES)[]), ...BLIND] as readonly LieName[]
/** As rare as it is long. */
const ITEM_LIMIT_EVERY = 40

/** Makes false lists of the right one of a block. */
export class Liar {
  readonly #right: Uint8Array
  readonly #tree: MutableTree
  readonly #random: Random
  readonly #gasLimit: bigint

  constructor(right: Uint8Array, gasLimit: bigint, random: Random) {
    this.#right = right
    this.#tree = new MutableTree(parseList(right))
    this.#random = random
    this.#gasLimit = gasLimit
  }

  /** Bytes that may be those of the right list, and what was done to them. */
  lie(): { name: LieName; bytes: Uint8Array } {
    for (;;) {
      const name = this.#random.pick(LIE_NAMES)
      if (name === 'item limit' && this.#random.below(ITEM_LIMIT_EVERY) > 0) continue
      const bytes = this.#make(name)
      if (bytes !== undefined) return { name, bytes }
    }
  }

  #make(name: LieName): Uint8Array | undefined {
    const random = this.#random
    if (name === 'bytes') return mutateBytes(this.#right, random)
    if (name === 'tree') return this.#tree.mutate(random)
    if (name === 'truncated') return this.#right.slice(0, random.below(this.#right.length))
    if (name === 'extended') return concatBytes(this.#right, randomBytes(random, 1 + random.below(40)))
    const list = parseList(this.#right)
    const lie: Lie = LIES[name]
    return lie(list, random, this.#gasLimit) ? encodeTree(list) : undefined
  }
}

function onClaim(change: (claim: Claim) => unknown): Lie {
  return (list, random) => {
    const claim = pickClaim(list, random, () => true)
    if (claim !== undefined) change(claim)
    return claim !== undefined
  }
}

function onChange(change: (claim: Claim, random: Random, list: Branch) => void): Lie {
  return (list, random) => {
    const claim = pickClaim(list, random, ({ kind }) => kind === 'change')
    if (claim !== undefined) change(claim, random, list)
    return claim !== undefined
  }
}

function pickClaim(list: Branch, random: Random, wanted: (claim: Claim) => boolean): Claim | undefined {
  const claims = claimsOf(list).filter(wanted)
  return claims.length === 0 ? undefined : random.pick(claims)
}

function claimsOf(list: Branch): Claim[] {
  const all = (kind: Claim['kind'], parent: Branch): Claim[] =>
    parent.items.map((_, index) => ({ kind, parent, index }))
  return [
    ...all('account', list),
    ...accountsOf(list).flatMap(({ items }) => [
      ...all('slot', items[CHANGED] as Branch),
      ...all('read', items[READ] as Branch),
    ]),
    ...changeLists(list).flatMap((changes) => all('change', changes)),
  ]
}

function accountsOf(list: Branch): Branch[] {
  return list.items as Branch[]
}

/** Balances, nonces and codes of each account, and the values of each slot that it changed. */
function changeLists(list: Branch): Branch[] {
  return accountsOf(list).flatMap(({ items }) => [
    ...(items.slice(BALANCES) as Branch[]),
    ...((items[CHANGED] as Branch).items as Branch[]).map((slot) => slot.items[1] as Branch),
  ])
}

function accountWith(list: Branch, part: Branch): Branch {
  return accountsOf(list).find(({ items }) => items.includes(part)) as Branch
}

/** Where it belongs; now and then anywhere. */
function insert(into: Branch, node: Node, random: Random): void {
  const place = into.items.findIndex((item) => byKey(item, node) > 0)
  const sorted = place < 0 ? into.items.length : place
  into.items.splice(random.below(8) === 0 ? random.below(into.items.length + 1) : sorted, 0, node)
}

/** By address, slot or index: all are integers. */
function byKey(a: Node, b: Node): number {
  const [one, other] = [toBigInt(keyOf(a)), toBigInt(keyOf(b))]
  return one < other ? -1 : one > other ? 1 : 0
}

function keyOf(node: Node): Uint8Array {
  return leafOf(node.kind === 'leaf' ? node : node.items[0])
}

function leafOf(node: Node | undefined): Uint8Array {
  return (node as Leaf).bytes
}

function leaf(bytes: Uint8Array): Leaf {
  return { kind: 'leaf', bytes }
}

function branch(items: Node[]): Branch {
  return { kind: 'branch', items }
}

function integer(value: bigint): Uint8Array {
  return value === 0n ? new Uint8Array(0) : toBytes(value, Math.ceil(value.toString(16).length / 2))
}

function plusOne(address: Uint8Array): Uint8Array {
  return toBytes((toBigInt(address) + 1n) % 2n ** 160n, 20)
}

function randomKey(random: Random): Uint8Array {
  return integer(random.below(2) === 0 ? BigInt(random.below(12)) : toBigInt(randomBytes(random, 32)))
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}
