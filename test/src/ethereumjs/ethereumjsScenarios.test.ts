// Hand-made blocks that cross the corners of the state: each must come out of the engine as out of plain @ethereumjs/vm.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OUTCOME_FAILED, OUTCOME_INVALID, OUTCOME_SUCCESS } from '../../../src/abi/core.generated.js'
import { EngineError, InvalidBlockError } from '../../../src/block/errors.js'
import { preStateReader } from '../../../src/reference/preState.js'
import { runEngine } from '../../support/blocks.js'
import { CALL_VALUE, call, ORIGIN_BALANCE, POP, push, SELFBALANCE, STOP, sstore } from '../../support/bytecode.js'
import { hex, unhex } from '../../support/mapState.js'
import { A, agree, B, build, COINBASE, CONTRACT, D, OTHER, rich, run, type Scenario } from '../../support/scenario.js'
import { CHILD, rebirth } from '../../support/scenarios/destruction.js'
import { FAMILIES } from '../../support/scenarios/index.js'
import { refused } from '../../support/scenarios/refused.js'

const scenarios = suite('scenarios')

for (const { name, forks, blocks } of FAMILIES) {
  for (const hardfork of forks) {
    scenarios(`${name} (${hardfork})`, async () => {
      for (const scenario of await blocks(hardfork)) await agree(scenario)
    })
  }
}

scenarios('of destruction and creation do what they say', async () => {
  const { engine, reference } = await agree(rebirth('shanghai'))
  assert.equal(
    engine.outcomes.slice(1, -1).map(({ kind }) => kind),
    new Array(7).fill(OUTCOME_SUCCESS),
  )
  const after = reference.stateDiff.find((account) => hex(account.address) === hex(CHILD))
  assert.equal(
    after?.storage.map(({ value }) => BigInt(`0x${hex(value)}`)),
    [9n, 5n],
  )
})

const reads = suite('reads')

reads('a balance that is asked for is read', async () => {
  const { engine } = await agree({
    hardfork: 'london',
    accounts: [
      ...rich,
      { address: CONTRACT, nonce: 1n, code: sstore(1, SELFBALANCE) + sstore(2, ORIGIN_BALANCE) + sstore(3, '4131') },
    ],
    transactions: [{ from: A, to: CONTRACT, value: 1n }],
  })
  assert.ok(engine.operations[1]!.some(([name, owner]) => name === 'balance' && owner === hex(COINBASE)))
})

reads('payments to one recipient read neither it nor the fee recipient', async () => {
  const { engine } = await agree({
    hardfork: 'cancun',
    accounts: [...rich, { address: D, balance: 1n }],
    transactions: [
      { from: A, to: D, value: 5n },
      { from: B, to: D, value: 6n },
    ],
  })
  for (const operations of engine.operations.slice(1, 3)) {
    const on = (owner: Uint8Array) => operations.filter(([, who]) => who === hex(owner)).map(([name]) => name)
    assert.equal(on(COINBASE), ['credit'])
    // The code decides whether the call runs anything.
    assert.equal(on(D), ['code', 'credit'])
  }
  const sender = engine.operations[1]!.filter(([, who]) => who === hex(A)).map(([name]) => name)
  assert.equal(sender, ['nonce', 'balance', 'codeHash', 'setBalance', 'setNonce'])
})

reads('a contract that is paid and calls without value does not read its balance', async () => {
  const { engine } = await agree({
    hardfork: 'cancun',
    accounts: [
      ...rich,
      { address: CONTRACT, nonce: 1n, balance: 9n, code: call(OTHER) + POP + sstore(1, CALL_VALUE) + STOP },
      { address: OTHER, nonce: 1n, code: sstore(1, CALL_VALUE) },
    ],
    transactions: [
      { from: A, to: CONTRACT, value: 5n },
      { from: B, to: CONTRACT, value: 6n },
    ],
  })
  for (const operations of engine.operations.slice(1, 3)) {
    const on = (owner: Uint8Array) => operations.filter(([, who]) => who === hex(owner)).map(([name]) => name)
    assert.equal(
      on(CONTRACT).filter((name) => name === 'balance'),
      [],
    )
    assert.ok(on(CONTRACT).includes('credit'))
    assert.equal(
      on(OTHER).filter((name) => name === 'balance'),
      [],
    )
  }
})

reads('a value transfer to an account that may not exist asks only whether it is empty', async () => {
  const { engine } = await agree({
    hardfork: 'cancun',
    accounts: [...rich, { address: CONTRACT, nonce: 1n, balance: 9n, code: call(D, 1) + STOP }],
    transactions: [{ from: A, to: CONTRACT }],
  })
  const on = engine.operations[1]!.filter(([, who]) => who === hex(D)).map(([name]) => name)
  assert.equal(on, ['isEmpty', 'credit'])
})

reads('nothing is written that did not change', async () => {
  const { engine } = await agree({
    hardfork: 'cancun',
    accounts: [
      ...rich,
      { address: CONTRACT, nonce: 1n, code: sstore(1, push(2)) + sstore(1, push(1)), storage: { 1: 1n } },
    ],
    transactions: [{ from: A, to: CONTRACT }],
  })
  const on = engine.operations[1]!.filter(([, who]) => who === hex(CONTRACT)).map(([name]) => name)
  assert.equal(on, ['code', 'storage'])
})

const work = suite('block work')

work('the DAO fork moves balances', async () => {
  const dao = unhex('bb9bc244d798123fde783fcc1c72d3bb8c189413')
  const { reference } = await agree({
    hardfork: 'homestead',
    accounts: [{ address: dao, balance: 5n }],
    transactions: [],
  })
  // Not the fork's block: nothing moves. The real one is among the mainnet blocks.
  assert.not.ok(reference.stateDiff.some(({ address: changed }) => hex(changed) === hex(dao)))
})

work('a block hash that nobody supplied is an error that says so', async () => {
  const scenario: Scenario = {
    hardfork: 'prague',
    accounts: [...rich, { address: CONTRACT, nonce: 1n, code: sstore(1, `${push(999)}40`) }],
    transactions: [{ from: A, to: CONTRACT }],
  }
  await run(scenario).then(
    () => assert.unreachable(),
    (error) => {
      assert.instance(error, EngineError)
      assert.is(error.code, 'BLOCK_HASH_MISSING')
    },
  )
})

const refusals = suite('refused transactions')

for (const { rule, scenario } of refused('osaka')) {
  refusals(rule, async () => {
    const { block, preState, rules } = build(scenario)
    const { outcomes, operations } = await runEngine(block, preStateReader(preState), rules)
    const [, , second, next] = outcomes
    assert.is(second!.kind, OUTCOME_INVALID)
    if (second!.kind === OUTCOME_INVALID) assert.is(second!.rule, rule)
    assert.not.ok(operations[2]!.some(([name]) => name.startsWith('set') || name === 'credit'))
    assert.is(next!.kind, OUTCOME_SUCCESS)
    await run(scenario).then(
      () => assert.unreachable('the reference accepts it'),
      (error) => {
        // What cannot be decoded is refused by @ethereumjs/tx itself.
        if (error instanceof InvalidBlockError) assert.is(error.transaction, 1)
        else assert.match((error as Error).message, /EIP-7825|initcode/)
      },
    )
  })
}

refusals('a block without the contracts of EIP-7002 is refused', async () => {
  const { block, preState, rules } = build({ hardfork: 'prague', accounts: rich, transactions: [] })
  preState.accounts = preState.accounts.filter(({ nonce }) => nonce === 0n)
  const { outcomes } = await runEngine(block, preStateReader(preState), rules)
  const last = outcomes.at(-1)!
  assert.is(last.kind, OUTCOME_INVALID)
  if (last.kind === OUTCOME_INVALID) assert.is(last.rule, 'SYSTEM_CALL_FAILED')
})

refusals('what fails while running is no refusal', async () => {
  const { engine } = await agree({ hardfork: 'cancun', accounts: rich, transactions: [{ from: A, data: 'fe' }] })
  assert.is(engine.outcomes[1]!.kind, OUTCOME_FAILED)
})

for (const each of [scenarios, reads, work, refusals]) each.run()
