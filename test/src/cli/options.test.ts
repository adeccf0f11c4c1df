import { InvalidArgumentError } from 'commander'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseCount, parseEngine, parseList } from '../../../src/cli/options.js'

test('counts are whole numbers within bounds', () => {
  assert.is(parseCount('63', 1, 63), 63)
  for (const text of ['0', '64', '-1', '1.5', '1e1', '', ' ', 'two', '0x2']) {
    assert.throws(
      () => parseCount(text, 1, 63),
      (error: unknown) => error instanceof InvalidArgumentError,
      text,
    )
  }
})

test('lists keep their order and drop repetitions', () => {
  assert.equal(
    parseList('4, 1,4,2', (item) => parseCount(item, 1, 63)),
    [4, 1, 2],
  )
  assert.throws(() => parseList('1,,2', (item) => parseCount(item, 1, 63)))
})

test('an engine that does not exist is refused with the names of those that do', () => {
  assert.is(parseEngine('ethereumjs'), 'ethereumjs')
  assert.throws(() => parseEngine('revm'), /no engine 'revm'; choose wasm or ethereumjs/)
})

test.run()
