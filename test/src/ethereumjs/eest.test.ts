// The official execution-spec-tests (state tests). PARALLEVM_EEST names the unpacked folder; one file in
// PARALLEVM_EEST_EVERY (default 100) is run, 1 runs all of them.

import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OUTCOME_INVALID, OUTCOME_WORK } from '../../../src/abi/core.generated.js'
import { preStateReader } from '../../../src/reference/preState.js'
import { runReference } from '../../../src/reference/reference.js'
import { assertSame, runEngine } from '../../support/blocks.js'
import { type StateTest, stateTests, testFiles } from '../../support/eest.js'
import { hex } from '../../support/mapState.js'

const folder = process.env.PARALLEVM_EEST
const every = Number(process.env.PARALLEVM_EEST_EVERY ?? 100)
const files = folder === undefined ? [] : testFiles(folder).filter((_, index) => index % every === 0)
if (folder === undefined) {
  console.log('set PARALLEVM_EEST to a folder of state tests to run the official tests')
  test.skip('official state tests', () => {})
}

async function check(each: StateTest): Promise<void> {
  const { block, blockRlp, preState, rules, name } = each
  const { blockHashes } = block
  const base = preStateReader(preState)
  const senders = [block.senders.at(0)!]
  const run = await runEngine(block, base, rules)
  const outcome = run.outcomes[1]!
  if (outcome.kind === OUTCOME_INVALID) {
    assert.ok(each.refused, `${name}: refused, but it is valid: ${outcome.message}`)
    return
  }
  // More gas than the block has is the one refusal that the host makes, not the engine.
  if (each.refused !== undefined) {
    assert.match(each.refused, /GAS_ALLOWANCE_EXCEEDED/, `${name}: accepted, but breaks ${each.refused}`)
    return
  }
  assertSame(run, await runReference(blockRlp, base, { rules, senders, blockHashes }))
  if (outcome.kind === OUTCOME_WORK) throw new Error('the outcome of a transaction is that of block work')
  assert.is(hex(keccak_256(RLP.encode(outcome.logs as never))), each.logs, name)
  assert.is(each.wrong?.(run.state.difference()), undefined, name)
}

for (const file of files) {
  test(file.slice(folder!.length + 1), async () => {
    for (const each of stateTests(file)) await check(each)
  })
}

test.run()
