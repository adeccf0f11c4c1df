// A read that cannot be answered stops a transaction anywhere. It must leave as it came, write nothing, and leave the
// engine fit to run the same transaction again.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EngineError } from '../../../src/block/errors.js'
import { EthereumjsEngine } from '../../../src/ethereumjs/engine.js'
import { preStateReader } from '../../../src/reference/preState.js'
import { Suspended } from '../../../src/wasm/txStatePort.js'
import {
  call,
  create2Address,
  factory,
  initCode,
  POP,
  push,
  REVERT,
  STOP,
  selfdestruct,
  sstore,
} from '../../support/bytecode.js'
import { hex, MapState } from '../../support/mapState.js'
import { A, B, build, CONTRACT, D, ETHER, OTHER, type Scenario } from '../../support/scenario.js'

const TSTORE = `${push(5)}${push(1)}5d`
const TLOAD = `${push(1)}5c`

function scenario(hardfork: string): Scenario {
  const transient = hardfork === 'cancun' || hardfork === 'prague'
  const init = initCode(selfdestruct(D), sstore(1, push(9)))
  const child = create2Address(CONTRACT, init)
  const noted = transient ? sstore(7, TLOAD) + TSTORE : ''
  return {
    hardfork,
    accounts: [
      { address: A, balance: ETHER },
      { address: B, balance: ETHER },
      {
        address: CONTRACT,
        nonce: 1n,
        balance: 50n,
        code: noted + factory(call(child, 3) + POP + call(OTHER, 4) + POP + call(D, 1) + POP + sstore(3, '47') + STOP),
        storage: { 7: 3n },
      },
      {
        address: OTHER,
        nonce: 1n,
        balance: 5n,
        code: sstore(1, '4731') + call(D, 2) + POP + REVERT,
        storage: { 1: 4n },
      },
    ],
    transactions: [{ from: A, to: CONTRACT, value: 7n, data: init }],
  }
}

for (const hardfork of ['istanbul', 'london', 'cancun', 'prague']) {
  test(`at every read of a transaction (${hardfork})`, async () => {
    const { block, preState, rules } = build(scenario(hardfork))
    const base = preStateReader(preState)
    const runAll = async (engine: EthereumjsEngine, state: MapState, index: number) => {
      state.begin()
      const bytes = await engine.execute(state, index)
      return { bytes: hex(bytes), operations: state.operations }
    }
    for (const index of [0, 1, 2]) {
      const fresh = new EthereumjsEngine(rules)
      await fresh.beginBlock(block)
      const wanted = await runAll(fresh, new MapState(base), index)

      const engine = new EthereumjsEngine(rules)
      await engine.beginBlock(block)
      const state = new MapState(base)
      const reads = wanted.operations.filter(([name]) => !/^(set|credit)/.test(name)).length
      if (index === 1) assert.ok(reads > 8, 'the transaction reads enough to be worth it')
      for (let at = 0; at < reads; at++) {
        const failure = new Suspended(at % 2 === 0 ? 'blocked' : 'missing')
        state.failAt = at
        state.failure = failure
        state.begin()
        await engine.execute(state, index).then(
          () => assert.unreachable(`read ${at} failed and the transaction went on`),
          (error) => assert.is(error, failure, `read ${at}: ${error?.stack}`),
        )
        assert.not.ok(
          state.operations.some(([name]) => /^(set|credit)/.test(name)),
          `wrote after read ${at} failed`,
        )
        state.rewind()
        assert.equal(await runAll(engine, state, index), wanted, `again after read ${at} failed`)
        state.rewind()
      }
    }
  })
}

test('an index that is not there, and an engine without a block', async () => {
  const { block, rules } = build(scenario('cancun'))
  const engine = new EthereumjsEngine(rules)
  const state = new MapState({
    account: () => undefined,
    storage: () => new Uint8Array(0),
    hasStorage: () => false,
    code: () => new Uint8Array(0),
  })
  const refused = (index: number) =>
    engine.execute(state, index).then(
      () => assert.unreachable(),
      (error) => {
        assert.instance(error, EngineError)
        assert.is(error.code, 'NO_SUCH_TRANSACTION')
      },
    )
  await refused(0)
  await engine.beginBlock(block)
  await refused(3)
  await refused(-1)
})

test('rules that are not supported', async () => {
  const { block, rules } = build(scenario('cancun'))
  for (const [hardfork, code] of [
    ['amsterdam', 'UNSUPPORTED_EIP'],
    ['atlantis', 'UNKNOWN_HARDFORK'],
  ] as const) {
    await new EthereumjsEngine(rules).beginBlock({ ...block, hardfork }).then(
      () => assert.unreachable(),
      (error) => assert.is(error.code, code),
    )
  }
})

test.run()
