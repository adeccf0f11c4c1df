// Blocks read by the core against blocks read by the host: what one accepts the other does, with every field at the same place,
// and what is wrong with a block is told in the same words.
import { join } from 'node:path'
import { Common, Mainnet } from '@ethereumjs/common'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainCommons, rulesOf } from '../../../src/block/common.js'
import { formatOf } from '../../../src/block/format.js'
import { dataFolder, listCases, loadCase } from '../../../src/blockFiles/index.js'
import { FUZZ_FORKS } from '../../../src/fuzz/fuzzer.js'
import { MutableTree, mutateBytes } from '../../../src/fuzz/mutations/mutate.js'
import { type Branch, encodeTree, parseTree } from '../../../src/fuzz/mutations/tree.js'
import { Random } from '../../../src/workloads/random.js'
import { TwoReaders } from '../../support/blockParts.js'
import { mainnet } from '../../support/blocks.js'
import { mainnetCases } from '../../support/bundled.js'
import { newHost } from '../../support/stmCore.js'
import { strictBlock } from '../../support/strictBlocks.js'
import { leaf, strictCases } from '../../support/strictCases.js'

/** Changed blocks of each fork, or file. */
const CHANGES = Number(process.env.PARALLEVM_READ_CASES ?? 1000)
const readers = new TwoReaders(newHost().block)

/** Whether the core accepts, which it does if and only if the host does. */
function agree(bytes: Uint8Array, schedule: ChainCommons, name: string): boolean {
  const wanted = readers.host(bytes, schedule)
  assert.equal(readers.core(bytes, schedule), wanted, name)
  assert.is(readers.accepted, 'parts' in wanted, `${name}: the core ${readers.accepted ? 'accepts' : 'refuses'} it`)
  return readers.accepted
}

/** Changes of the bytes and of single fields. @returns how many blocks were accepted */
function change(valid: Uint8Array, schedule: ChainCommons, name: string, random: Random, count: number): number {
  let accepted = 0
  const tree = new MutableTree(parseTree(valid))
  for (let i = 0; i < count; i++) {
    const bytes = i % 2 ? mutateBytes(valid, random) : tree.mutate(random)
    if (agree(bytes, schedule, `${name}, change ${i}`)) accepted++
  }
  return accepted
}

for (const fork of new Set(FUZZ_FORKS)) {
  test(`every field of ${fork}, and changed bytes`, async () => {
    const random = new Random(23, fork)
    const valid = await strictBlock(fork)
    const schedule = new ChainCommons(valid.chain.rules)
    assert.ok(agree(valid.bytes, schedule, fork))
    const header = parseTree(valid.bytes).items[0] as Branch
    for (const { name, bytes } of strictCases(valid.tree, formatOf(valid.chain.common), header)) {
      agree(bytes, schedule, `${fork}, ${name}`)
    }
    const tree = parseTree(valid.bytes)
    ;(tree.items[2] as Branch).items.push(header, header)
    const withUncles = encodeTree(tree)
    assert.ok(agree(withUncles, schedule, `${fork}, with uncles`))
    const accepted = change(withUncles, schedule, fork, random, CHANGES)
    assert.ok(accepted > CHANGES / 20, `${accepted} changed blocks were accepted`)
    ;(tree.items[2] as Branch).items.push(header)
    agree(encodeTree(tree), schedule, `${fork}, three uncles`)
  })
}

test('an uncle of another hardfork than its block is read by the host', async () => {
  const { bytes } = await strictBlock('London')
  const tree = parseTree(bytes)
  const [header] = tree.items as [Branch]
  const uncle: Branch = { kind: 'branch', items: header.items.slice(0, 15) }
  const berlin = 12_964_999
  uncle.items[8] = leaf(Uint8Array.of(berlin >> 16, (berlin >> 8) & 255, berlin & 255))
  const london = berlin + 1
  header.items[8] = leaf(Uint8Array.of(london >> 16, (london >> 8) & 255, london & 255))
  header.items[11] = leaf(Uint8Array.of(0x61, 0x0b, 0, 0))
  uncle.items[11] = header.items[11]
  ;(tree.items[2] as Branch).items.push(uncle)
  const schedule = new ChainCommons(rulesOf(new Common({ chain: Mainnet })))
  const block = encodeTree(tree)
  const wanted = readers.host(block, schedule)
  assert.ok('parts' in wanted, 'code' in wanted ? wanted.message : '')
  assert.equal(readers.core(block, schedule), wanted)
  assert.not(readers.accepted)
  // With the fields of its block it is of no hardfork.
  uncle.items = header.items.with(8, uncle.items[8] as never)
  const refused = readers.host(encodeTree(tree), schedule)
  assert.is('code' in refused && refused.code, 'INVALID_HEADER')
  assert.equal(readers.core(encodeTree(tree), schedule), refused)
})

test('bundled and real blocks, and changes of them', () => {
  const data = dataFolder()
  if (data === undefined) console.log('real blocks are skipped: set PARALLEVM_FIXTURES to the folder with mainnet')
  for (const path of [...mainnetCases(), ...(data === undefined ? [] : listCases([join(data, 'mainnet')]))]) {
    const { blockRlp } = loadCase(path)
    const bytes = new Uint8Array(blockRlp)
    assert.ok(agree(bytes, mainnet, path), path)
    change(bytes, mainnet, path, new Random(24, path), CHANGES / 100)
  }
})

test('bytes that are no block', () => {
  const random = new Random(25, 'junk')
  for (let i = 0; i < CHANGES; i++) {
    const bytes = Uint8Array.from({ length: 1 + random.below(60) }, () => random.below(256))
    agree(bytes, mainnet, `junk ${i}: ${Buffer.from(bytes).toString('hex')}`)
  }
})

test.run()
