import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CHECKED_FIELDS, differences, judge, type Outcome } from '../../../src/cli/check.js'

const outcome = (over: Partial<Outcome> = {}): Outcome => ({
  gasUsed: 21000n,
  logsBloom: new Uint8Array(256),
  receiptsRoot: new Uint8Array(32).fill(1),
  stateRoot: new Uint8Array(32).fill(2),
  blockAccessListHash: new Uint8Array(32).fill(5),
  ...over,
})

test('equal outcomes have no differences, whatever object they are', () => {
  assert.equal(differences('7', 'wasm', outcome(), 'the header', outcome()), [])
})

test('each field alone is noticed and named together with the block, both values and their source', () => {
  const wrong: Required<Outcome> = {
    gasUsed: 21001n,
    logsBloom: new Uint8Array(256).fill(1, 255),
    receiptsRoot: new Uint8Array(32).fill(3),
    stateRoot: new Uint8Array(32).fill(4),
    blockAccessListHash: new Uint8Array(32).fill(6),
  }
  for (const field of CHECKED_FIELDS) {
    const lines = differences('15537394', 'wasm x2', outcome({ [field]: wrong[field] }), 'the header', outcome())
    assert.is(lines.length, 1, field)
    assert.match(lines[0]!, new RegExp(`^block 15537394: ${field} of wasm x2 is .+, but the header has `))
  }
})

test('a root that one side does not know is neither right nor wrong', () => {
  assert.is(judge('stateRoot', outcome(), outcome({ stateRoot: undefined })), 'unknown')
  assert.is(judge('stateRoot', outcome({ stateRoot: undefined }), outcome()), 'unknown')
  assert.is(judge('receiptsRoot', outcome(), outcome()), 'yes')
})

test.run()
