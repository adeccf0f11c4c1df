// Whatever comes from outside wrongly is refused with a typed error that names it, at every entrance; the executor works on.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PATH, PATHS } from '../../../src/blockFiles/folders.js'
import type { Shape } from '../../../src/door/shape.js'
import { CALL_OPTIONS, CALLS } from '../../../src/executor/callShapes.js'
import { BLOCK, CREATE_OPTIONS, EXECUTE_OPTIONS } from '../../../src/executor/optionShapes.js'
import * as api from '../../../src/index.js'
import {
  type BaseWriter,
  BlockExecutor,
  dumpLines,
  genesisCommon,
  InvalidInputError,
  listCases,
  lmdbState,
  loadCase,
  memoryState,
  merkleState,
  rpcState,
  type StateSource,
  type StorageEngine,
  stateManagerState,
  stateOfDump,
  storeState,
  witnessState,
} from '../../../src/index.js'
import {
  ACCOUNTS,
  ADDRESS,
  BASE_ACCOUNT,
  CODE,
  CODES,
  HASH,
  NODES,
  SOURCE,
  STATE_MANAGER,
  WITNESS,
  WITNESS_WITH_ROOT,
  WORD,
} from '../../../src/sources/inputs.js'
import { RPC_OPTIONS } from '../../../src/sources/rpc.js'
import { LINES, STATE_STORE } from '../../../src/store/dump.js'
import { GENESIS } from '../../../src/store/genesis.js'
import { LMDB, OPEN, STORE } from '../../../src/store/lmdbState.js'
import { commonAt } from '../../support/engines.js'
import { A, B, build, rich } from '../../support/scenario.js'
import { wrongValues } from '../../support/wrongValues.js'

const scenario = { hardfork: 'cancun', accounts: rich, transactions: [{ from: A, to: B, value: 1n }] }
const { blockRlp, preState, senders } = build(scenario)
const state = (): StateSource => memoryState(preState.accounts, preState.codes)
const options = { engine: 'wasm', threads: 1, verify: 'none', common: commonAt('cancun') } as const

/** Puts something into the memory as a source of somebody's own would. */
const putting = (put: (writer: BaseWriter) => void): StateSource => ({ kind: 'memory', attach: put })
const account = { address: A, nonce: 1n, balance: 1n }
const witness = { nodes: [Uint8Array.of(0x80)], codes: [] }
const manager = Object.fromEntries(STATE_MANAGER.methods.map((name) => [name, async () => {}]))
const address20 = new Uint8Array(20)
const base = { nonce: 1n, balance: 1n }
const openMemory = async (): Promise<StorageEngine> => {
  throw new Error('never opened')
}

interface Entrance {
  shape: Shape<unknown>
  sample: unknown
  /** What the path in the error begins with. */
  root: string
  code: string
  enter(executor: BlockExecutor, value: never): unknown
}

const entrance = (
  code: string,
  root: string,
  shape: Shape<unknown>,
  sample: unknown,
  enter: Entrance['enter'],
): Entrance => ({
  shape,
  sample,
  root,
  code: `INVALID_${code}`,
  enter,
})

const ENTRANCES: Record<string, Entrance> = {
  'BlockExecutor.create': entrance('OPTIONS', 'options', CREATE_OPTIONS, { state: state() }, async (_, value) => {
    const executor = await BlockExecutor.create(value)
    await executor.close()
  }),
  execute: entrance('INPUT', 'block', BLOCK, blockRlp, (executor, value) => executor.execute(value)),
  'options of execute': entrance('OPTIONS', 'options', EXECUTE_OPTIONS, {}, (executor, value) =>
    executor.execute(blockRlp, value),
  ),
  setState: entrance('STATE', 'source', SOURCE, state(), (executor, value) => executor.setState(value)),
  memoryState: entrance('STATE', 'accounts', ACCOUNTS, [{ ...account, address: B }, account], (executor, value) =>
    executor.setState(memoryState(value)),
  ),
  'codes of memoryState': entrance('STATE', 'codes', CODES, [A, B], (executor, value) =>
    executor.setState(memoryState([], value)),
  ),
  witnessState: entrance('STATE', 'witness', WITNESS_WITH_ROOT, { ...witness, root: new Uint8Array(32) }, (_, value) =>
    witnessState(value),
  ),
  'witnessState.add': entrance('STATE', 'witness', WITNESS, witness, async (executor, value) => {
    const source = witnessState({ ...witness, root: new Uint8Array(32) })
    await executor.setState(source)
    source.add(value)
  }),
  stateManagerState: entrance('STATE', 'stateManager', STATE_MANAGER, manager, (_, value) => stateManagerState(value)),
  merkleState: entrance('STATE', 'stateManager', STATE_MANAGER, manager, (_, value) => merkleState(value as never)),
  'address of getAccount': entrance('INPUT', 'address', ADDRESS, address20, (executor, value) =>
    executor.getAccount(value),
  ),
  'key of getStorage': entrance('INPUT', 'key', WORD, A, (executor, value) => executor.getStorage(address20, value)),
  'address of getProof': entrance('INPUT', 'address', ADDRESS, address20, (executor, value) =>
    executor.getProof(value),
  ),
  'address of putAccount': entrance('STATE', 'address', ADDRESS, address20, (executor, value) =>
    executor.setState(putting((writer) => writer.putAccount(value, base))),
  ),
  putAccount: entrance('STATE', 'account', BASE_ACCOUNT, base, (executor, value) =>
    executor.setState(putting((writer) => writer.putAccount(A, value))),
  ),
  'address of putStorage': entrance('STATE', 'address', ADDRESS, address20, (executor, value) =>
    executor.setState(putting((writer) => writer.putStorage(value, A, A))),
  ),
  'key of putStorage': entrance('STATE', 'key', WORD, A, (executor, value) =>
    executor.setState(putting((writer) => writer.putStorage(A, value, A))),
  ),
  'value of putStorage': entrance('STATE', 'value', WORD, A, (executor, value) =>
    executor.setState(putting((writer) => writer.putStorage(A, A, value))),
  ),
  putCode: entrance('STATE', 'code', CODE, A, (executor, value) =>
    executor.setState(putting((writer) => writer.putCode(value))),
  ),
  putTrieNodes: entrance('STATE', 'nodes', NODES, [A, B], (executor, value) =>
    executor.setState(putting((writer) => writer.putTrieNodes(value))),
  ),
  setTrieRoot: entrance('STATE', 'root', HASH, new Uint8Array(32), (executor, value) =>
    executor.setState(putting((writer) => writer.setTrieRoot(value))),
  ),
  rpcState: entrance('STATE', 'options', RPC_OPTIONS, { url: 'http://127.0.0.1:1' }, (_, value) => rpcState(value)),
  lmdbState: entrance('STATE', 'options', LMDB, { path: 'x' }, (_, value) => lmdbState(value)),
  storeState: entrance('STATE', 'open', OPEN, openMemory, (_, value) => storeState(value)),
  'options of storeState': entrance('STATE', 'options', STORE, {}, (_, value) => storeState(openMemory, value)),
  dumpLines: entrance('STATE', 'state', STATE_STORE, storeState(openMemory), (_, value) => dumpLines(value)),
  stateOfDump: entrance(
    'STATE',
    'lines',
    LINES,
    () => [],
    (_, value) => stateOfDump(value),
  ),
  genesisCommon: entrance('STATE', 'genesis', GENESIS, { config: {}, alloc: {} }, (_, value) => genesisCommon(value)),
  'calls of call': entrance('INPUT', 'calls', CALLS, [{ to: address20 }], (executor, value) => executor.call(value)),
  'options of call': entrance('OPTIONS', 'options', CALL_OPTIONS, {}, (executor, value) => executor.call([], value)),
  loadCase: entrance('INPUT', 'path', PATH, 'x', (_, value) => loadCase(value)),
  listCases: entrance('INPUT', 'paths', PATHS, [], (_, value) => listCases(value)),
}

/** Entrances whose parameter has a default. */
const MAY_BE_LEFT_OUT = new Set([
  'options of execute',
  'codes of memoryState',
  'options of storeState',
  'options of call',
])

let executor: BlockExecutor

test.before(async () => {
  executor = await BlockExecutor.create({ ...options, state: state() })
})
test.after(() => executor.close())

/** A block that is right is executed as if nothing had been. */
async function worksOn(): Promise<void> {
  const result = await executor.execute(blockRlp, { senders, advance: false, root: false })
  assert.is(result.receipts.length, 1)
}

for (const [name, { shape, sample, root, code, enter }] of Object.entries(ENTRANCES)) {
  test(`${name}: every field refuses what is wrong`, async () => {
    const wrong = wrongValues(shape, sample)
    if (!MAY_BE_LEFT_OUT.has(name)) wrong.push({ value: undefined, path: '' })
    for (const { value, path } of wrong) {
      const error = await attempt(() => enter(executor, value as never))
      const where = `${root}${path}, ${JSON.stringify(error instanceof Error ? error.message : error)}`
      assert.instance(error, InvalidInputError, where)
      const refusal = error as InvalidInputError
      assert.is(refusal.field, root + path, where)
      assert.is(refusal.code, code, where)
      assert.match(refusal.message, /expected .+, got .+|unknown (option|property)|is missing; expected /, where)
    }
    assert.ok(wrong.length > 5)
    await executor.setState(state())
    await worksOn()
  })
}

test('after each refusal of options the next block is executed', async () => {
  for (const { value } of wrongValues(EXECUTE_OPTIONS, {})) {
    assert.instance(await attempt(() => executor.execute(blockRlp, value as never)), InvalidInputError)
    await worksOn()
  }
})

test('every function of the package that takes something is an entrance here', () => {
  const functions = Object.entries(api).filter(
    ([, value]) => typeof value === 'function' && !/^class/.test(String(value)),
  )
  const untested = functions.map(([name]) => name).filter((name) => name !== 'bundledCases' && !(name in ENTRANCES))
  assert.equal(untested, [])
})

test('messages name the field, the value and what is expected', async () => {
  const messages: [unknown, string][] = [
    [
      () => BlockExecutor.create({ ...options, state: state(), thread: 2 } as never),
      'options.thread: unknown option; did you mean `threads`?',
    ],
    [
      () => BlockExecutor.create({ state: undefined } as never),
      'options.state: this option is missing; expected a state source',
    ],
    [
      () => BlockExecutor.create({ ...options, state: state(), verify: 'yes' } as never),
      "options.verify: expected 'none', 'result', 'header', 'sequential' or 'ethereumjs', got 'yes'",
    ],
    [
      () => BlockExecutor.create({ ...options, state: state(), hardfork: 'shangai' }),
      "got 'shangai'; did you mean `shanghai`?",
    ],
    [
      () => executor.execute(blockRlp, { mode: 'paralel' } as never),
      "expected 'auto', 'parallel' or 'sequential', got 'paralel'; did you mean `parallel`?",
    ],
    [
      () => executor.execute(blockRlp, { senders: [A, A, A, new Uint8Array(19)] }),
      'options.senders[3]: expected 20 bytes, got 19 bytes (0x0000000000000000…)',
    ],
    [
      () => executor.execute('hello'),
      "block: expected the RLP of a block, or a Block of @ethereumjs/block (a Uint8Array, or hex after 0x), got 'hello'",
    ],
    [
      () => executor.setState(memoryState([{ ...account, balance: 2n ** 256n }])),
      'accounts[0].balance: expected a whole number from 0 to 2^256 - 1, got 115792',
    ],
    [
      () => executor.setState(memoryState([{ ...account, nonce: -1 }])),
      'accounts[0].nonce: expected a whole number from 0 to 2^64 - 1, got -1',
    ],
  ]
  for (const [enter, message] of messages) {
    const error = await attempt(enter as () => unknown)
    assert.ok((error as Error).message.includes(message), `${(error as Error).message} should have: ${message}`)
  }
})

async function attempt(enter: () => unknown): Promise<unknown> {
  try {
    return await enter()
  } catch (error) {
    return error
  }
}

test.run()
