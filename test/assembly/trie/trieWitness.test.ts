import { createMerkleProof, createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Core } from '../../../src/wasm/core.js'
import { keccak256 } from '../../../src/wasm/keccak.js'
import { MalformedNodeError, MissingNodeError } from '../../../src/wasm/trieErrors.js'
import { RandomBytes, toHex } from '../../support/bytes.js'
import { Trie, type TrieEntry } from '../../support/trie.js'
import { EMPTY_ROOT } from '../../support/trieVectors.js'

/** A trie with `count` random keys of `keyLength` bytes. */
async function build(random: RandomBytes, count: number, keyLength: number, valueLength: number) {
  const mpt = await createMPT()
  const keys: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    const key = random.bytes(keyLength)
    keys.push(key)
    await mpt.put(key, random.bytes(1 + random.below(valueLength)))
  }
  return { mpt, keys }
}

async function witness(mpt: MerklePatriciaTrie, keys: Uint8Array[]): Promise<Map<string, Uint8Array>> {
  const nodes = new Map<string, Uint8Array>()
  for (const key of keys) for (const node of await createMerkleProof(mpt, key)) nodes.set(toHex(keccak256(node)), node)
  return nodes
}

test('updates over a witness give the root of the full trie, and no other root without a node', async () => {
  let missing = 0
  for (const [seed, keyLength, valueLength] of [
    [1, 32, 100],
    [2, 32, 33],
    [3, 2, 60],
    [4, 2, 2],
    [5, 3, 5],
  ] as const) {
    const random = new RandomBytes(seed)
    const { mpt, keys } = await build(random, 400, keyLength, valueLength)
    for (let round = 0; round < 6; round++) {
      const touched = Array.from({ length: 20 }, () => keys[random.below(keys.length)]!)
      const entries: TrieEntry[] = touched.map((key) => [key, random.below(3) === 0 ? undefined : random.bytes(40)])
      for (let i = 0; i < 10; i++) entries.push([random.bytes(keyLength), random.bytes(1 + random.below(40))])
      const before = mpt.root()
      const nodes = await witness(
        mpt,
        entries.map(([key]) => key),
      )
      for (const [key, value] of entries) await (value === undefined ? mpt.del(key) : mpt.put(key, value))
      const want = toHex(mpt.root())

      // A deletion may need a sibling that no proof contains: the error says which, as long as one is lacking.
      const core = Core.create({ maxBytes: 64 * 2 ** 20 })
      const full = mpt.database()
      for (let attempt = 0; ; attempt++) {
        assert.ok(attempt < 50)
        const trie = Trie.fromWitness(before, nodes.values(), { core })
        try {
          assert.is(toHex(trie.update(entries).root()), want)
          break
        } catch (error) {
          if (!(error instanceof MissingNodeError)) throw error
          const raw = (await full.db.get(error.hash.slice(2))) as Uint8Array | string | undefined
          assert.ok(raw !== undefined, `${error.hash} is a node of the full trie`)
          nodes.set(error.hash.slice(2), typeof raw === 'string' ? new Uint8Array(Buffer.from(raw, 'hex')) : raw!)
        }
      }

      // Drop one needed node at a time: either an error that names it, or the right root (it was not needed).
      for (const [hash] of [...nodes].slice(0, 25)) {
        const partial = new Map(nodes)
        partial.delete(hash)
        const trie = Trie.fromWitness(before, partial.values(), { core: Core.create({ maxBytes: 32 * 2 ** 20 }) })
        try {
          assert.is(toHex(trie.update(entries).root()), want, 'a node that was not needed')
        } catch (error) {
          if (!(error instanceof MissingNodeError)) throw error
          missing++
          assert.is(error.hash, `0x${hash}`)
          assert.is(error.code, 'MISSING_NODE')
          assert.is(await hashAt(before, nodes, error.path), hash, 'the path leads to the node')
        }
      }
    }
  }
  assert.ok(missing > 300, `only ${missing} nodes were missed`)
})

/** Hash of the node at `path`, found by walking the RLP. */
async function hashAt(root: Uint8Array, nodes: Map<string, Uint8Array>, path: string): Promise<string> {
  let at: Uint8Array | unknown[] = root
  let rest = path
  while (rest.length > 0) {
    const node = (at instanceof Uint8Array ? RLP.decode(nodes.get(toHex(at))!) : at) as Uint8Array[]
    if (node.length === 17) {
      at = node[Number.parseInt(rest[0]!, 16)]!
      rest = rest.slice(1)
    } else {
      const prefix = toHex(node[0]!)
      const nibbles = prefix.slice(prefix[0] === '1' ? 1 : 2)
      assert.is(rest.slice(0, nibbles.length), nibbles)
      at = node[1]!
      rest = rest.slice(nibbles.length)
    }
  }
  assert.instance(at, Uint8Array)
  return toHex(at as Uint8Array)
}

test('reads over a witness: present, provably absent, unknown', async () => {
  const random = new RandomBytes(9)
  const { mpt, keys } = await build(random, 500, 32, 50)
  const known = keys.slice(0, 10)
  const absent = Array.from({ length: 10 }, () => random.bytes(32))
  const nodes = await witness(mpt, [...known, ...absent])
  const trie = Trie.fromWitness(mpt.root(), nodes.values(), { core: Core.create() })
  for (const key of known) assert.equal(trie.get(key), (await mpt.get(key))!)
  for (const key of absent) assert.is(trie.get(key), undefined)
  let unknown = 0
  for (const key of keys.slice(10)) {
    try {
      assert.equal(trie.get(key), (await mpt.get(key))!)
    } catch (error) {
      if (!(error instanceof MissingNodeError)) throw error
      assert.ok(toHex(key).startsWith(error.path))
      unknown++
    }
  }
  assert.ok(unknown > 300, `only ${unknown} unknown`)
  assert.is(toHex(trie.root()), toHex(mpt.root()))
})

test('the root itself missing; the witness with the node 0x80', () => {
  const core = Core.create()
  const root = keccak256(Uint8Array.of(1, 2, 3))
  const trie = Trie.fromWitness(root, [Uint8Array.of(0x80)], { core })
  try {
    trie.get(new Uint8Array(32))
    assert.unreachable()
  } catch (error) {
    assert.instance(error, MissingNodeError)
    assert.is((error as MissingNodeError).path, '')
    assert.is((error as MissingNodeError).hash, `0x${toHex(root)}`)
  }
  const empty = Trie.fromWitness(new Uint8Array(Buffer.from(EMPTY_ROOT.slice(2), 'hex')), [Uint8Array.of(0x80)], {
    core,
  })
  assert.is(empty.get(new Uint8Array(32)), undefined)
  assert.is(toHex(empty.root()), EMPTY_ROOT.slice(2))
})

test('a witness without nodes', () => {
  const trie = Trie.fromWitness(keccak256(Uint8Array.of(9)), [], { core: Core.create() })
  assert.throws(
    () => trie.get(new Uint8Array(32)),
    (error: unknown) => error instanceof MissingNodeError,
  )
})

test('nodes that are no trie nodes are refused', () => {
  const string = (length: number) => new Uint8Array(length).fill(7)
  const malformed: [string, Uint8Array][] = [
    ['not RLP', Uint8Array.of(0xc1)],
    ['a string', RLP.encode(string(40))],
    ['a list of three', RLP.encode([string(20), string(20), string(20)])],
    ['a list of 16', RLP.encode(Array(16).fill(string(32)))],
    ['bytes after the list', Uint8Array.of(...RLP.encode([Uint8Array.of(0x20), string(40)]), 0)],
    ['an empty path', RLP.encode([string(0), string(40)])],
    ['a path with flag 4', RLP.encode([Uint8Array.of(0x40), string(40)])],
    ['an even path with a padding nibble', RLP.encode([Uint8Array.of(0x21), string(40)])],
    ['a path that is a list', RLP.encode([[], string(40)])],
    ['an extension over nothing', RLP.encode([Uint8Array.of(0x00), string(32)])],
    ['an extension to a hash of 31 bytes', RLP.encode([Uint8Array.of(0x00, 1), string(31)])],
    ['a leaf without value', RLP.encode([Uint8Array.of(0x20, ...string(40)), string(0)])],
    ['a leaf whose value is a list', RLP.encode([Uint8Array.of(0x20, ...string(40)), []])],
    ['a branch with a child of 5 bytes', RLP.encode([string(5), ...Array(16).fill(string(0))])],
    ['a hash that ends behind its branch', Uint8Array.of(0xc0 + 48, ...Array(16).fill(0x80), 0xa0, ...string(31))],
    ['a branch with a list as value', RLP.encode([...Array(16).fill(string(32)), []])],
    [
      'an embedded child of 32 bytes and more',
      RLP.encode([[Uint8Array.of(0x20), string(40)], ...Array(16).fill(string(0))]),
    ],
    ['a malformed embedded child', RLP.encode([[Uint8Array.of(0x40), string(4)], ...Array(16).fill(string(0))])],
  ]
  for (const [why, node] of malformed) {
    const hash = keccak256(node)
    const trie = Trie.fromWitness(hash, [node], { core: Core.create({ maxBytes: 16 * 2 ** 20 }) })
    const key = new Uint8Array(32)
    for (const act of [() => trie.get(key), () => trie.update([[key, Uint8Array.of(1)]])]) {
      try {
        act()
        assert.unreachable(why)
      } catch (error) {
        assert.instance(error, MalformedNodeError, why)
        assert.is((error as MalformedNodeError).hash, `0x${toHex(hash)}`, why)
      }
    }
  }
})

test('leaves and extensions of odd alignment are no keys, and do not break updates', () => {
  // A leaf with a path of 63 nibbles at the root: no key of whole bytes ends there.
  const node = RLP.encode([Uint8Array.of(0x37, ...new Uint8Array(31).fill(0x11)), new Uint8Array(40).fill(1)])
  const trie = Trie.fromWitness(keccak256(node), [node], { core: Core.create() })
  const key = new Uint8Array(32).fill(0x71)
  assert.is(trie.get(key), undefined)
  const next = trie.update([[key, Uint8Array.of(5)]])
  assert.equal(next.get(key), Uint8Array.of(5))
  assert.is(toHex(next.update([[key, undefined]]).root()), toHex(keccak256(node)))
})

test.run()
