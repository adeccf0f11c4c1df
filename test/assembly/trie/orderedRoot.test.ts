import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { orderedRoot } from '../../../src/wasm/orderedRoot.js'
import { RandomBytes, toHex } from '../../support/bytes.js'
import { EMPTY_ROOT } from '../../support/trieVectors.js'

test('the ordered root equals the reference for every kind of count', async () => {
  const random = new RandomBytes(1)
  for (const count of [1, 2, 15, 16, 17, 127, 128, 129, 255, 256, 257, 700]) {
    for (const length of [1, 40, 900]) {
      const values = Array.from({ length: count }, () => random.bytes(1 + random.below(length)))
      const mpt = await createMPT()
      for (const [index, value] of values.entries()) await mpt.put(RLP.encode(index), value)
      assert.is(toHex(orderedRoot(values)), toHex(mpt.root()), `${count} values`)
    }
  }
})

test('no values', () => {
  assert.is(toHex(orderedRoot([])), EMPTY_ROOT.slice(2))
})

test('a value of a megabyte', async () => {
  const value = new RandomBytes(2).bytes(1 << 20)
  const mpt = await createMPT()
  await mpt.put(RLP.encode(0), value)
  assert.is(toHex(orderedRoot([value])), toHex(mpt.root()))
})

test.run()
