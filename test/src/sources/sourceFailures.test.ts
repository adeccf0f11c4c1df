// Whatever fails while a block is executed over a source that keeps its own state: afterwards it is as if the block had
// never been given. Another block is right, and the same block can be given again.
import { Common, type StateManagerInterface } from '@ethereumjs/common'
import { Caches, MerkleStateManager, SimpleStateManager } from '@ethereumjs/statemanager'
import { Address, hexToBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor } from '../../../src/executor/blockExecutor.js'
import { blockRlp, type FuzzBlock, hashesBefore } from '../../../src/fuzz/blocks.js'
import { caseOf } from '../../../src/fuzz/case.js'
import { fill } from '../../../src/fuzz/subjects.js'
import {
  type BaseAccount,
  memoryState,
  OutOfSpaceError,
  ParallevmError,
  type StateSource,
  stateManagerState,
} from '../../../src/index.js'
import { rulesOfNetwork } from '../../../src/spectests/forks.js'
import type { Hex } from '../../../src/spectests/json.js'
import type { PlainState } from '../../../src/spectests/plainState.js'
import type { BlockResult } from '../../../src/types.js'
import { plainAddress } from '../../../src/workloads/wallet.js'
import { selfdestruct, sload, sstore } from '../../support/bytecode.js'
import { SmallChain } from '../../support/smallChain.js'

const NOBODY = plainAddress(1, 'nobody', 0)
const BOMB = plainAddress(1, 'bomb', 0)
const COUNTER = plainAddress(1, 'counter', 0)
const FORK = 'Shanghai'
const ENGINES = ['wasm', 'ethereumjs'] as const
const common = new Common({ chain: rulesOfNetwork(FORK).chain })

/** The block that fails first, one that could come instead of it, and one that follows it. */
function blocks() {
  const chain = new SmallChain(FORK)
  chain.deploy(BOMB, selfdestruct(NOBODY), { 1: 5 })
  chain.deploy(COUNTER, sstore(1, `${sload(1)}600101`), { 1: 1 })
  const call = (to: Uint8Array, value = 0n) => ({ type: 2 as const, to, value })
  const block = chain.next({ transactions: [call(BOMB), call(BOMB, 7n), call(COUNTER)] })
  const last = chain.next({ transactions: [call(COUNTER), call(BOMB, 1n)] })
  chain.sender.nonce = 0n
  const other = chain.next({ transactions: [call(COUNTER), call(COUNTER, 3n)] })
  return { state: chain.state, block, other, last }
}

interface Kind {
  manager(): StateManagerInterface
  root: boolean
}

const KINDS: Record<string, Kind> = {
  merkle: { manager: () => new MerkleStateManager({ common }), root: true },
  'merkle with caches': { manager: () => new MerkleStateManager({ common, caches: new Caches() }), root: true },
  'merkle, no root': { manager: () => new MerkleStateManager({ common, caches: new Caches() }), root: false },
  simple: { manager: () => new SimpleStateManager({ common }), root: false },
}

/** Where it fails once. */
interface Point {
  code?: string
  /** Only with roots. */
  root?: boolean
  arm?: (source: StateSource) => StateSource
  wrap?: (manager: StateManagerInterface) => StateManagerInterface
}

const fail = async (): Promise<never> => {
  throw new Error('disk on fire')
}

/** The method of the source answers wrongly once. */
function once<K extends 'account' | 'storage' | 'root' | 'stage'>(
  method: K,
  wrong: (right: () => Promise<unknown>) => unknown,
  skip = 0,
): NonNullable<Point['arm']> {
  return (source) => {
    const right = source[method] as unknown as ((...parameters: unknown[]) => Promise<unknown>) | undefined
    let left = skip
    const replaced = (...parameters: unknown[]): unknown => {
      const ask = () => (right as (...all: unknown[]) => Promise<unknown>)(...parameters)
      return left-- === 0 ? wrong(ask) : ask()
    }
    return right === undefined ? source : { ...source, [method]: replaced }
  }
}

/** The method of the state manager rejects, the first time after so many. What the manager itself calls does not. */
function managerOnce(method: keyof StateManagerInterface, skip = 0): NonNullable<Point['wrap']> {
  return (manager) => {
    let left = skip
    return new Proxy(manager, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...parameters: unknown[]) =>
          name === method && left-- === 0 ? fail() : value.apply(target, parameters)
      },
    })
  }
}

const account = (change: (account: BaseAccount) => unknown, skip = 0): NonNullable<Point['arm']> =>
  once('account', async (right) => change((await right()) as BaseAccount), skip)

const POINTS: Record<string, Point> = {
  'account throws': {
    arm: once('account', () => {
      throw new Error('not even a promise')
    }),
  },
  'account rejects': { arm: once('account', fail) },
  'account rejects later': { arm: once('account', fail, 3) },
  'account is null': { arm: account(() => null) },
  'account is a number': { arm: account(() => 7) },
  'nonce is a number': { arm: account((right) => ({ ...right, nonce: 0 })) },
  'nonce is negative': { arm: account((right) => ({ ...right, nonce: -1n })) },
  'nonce is too large': { arm: account((right) => ({ ...right, nonce: 2n ** 64n })) },
  'balance is missing': { arm: account(({ nonce }) => ({ nonce })) },
  'balance is too large': { arm: account((right) => ({ ...right, balance: 2n ** 256n })) },
  'codeHash is short': { arm: account((right) => ({ ...right, codeHash: new Uint8Array(31) })) },
  'codeHash is hex': { arm: account((right) => ({ ...right, codeHash: '0x00' })) },
  'storageRoot is short': { arm: account((right) => ({ ...right, storageRoot: new Uint8Array(20) })) },
  'code is hex': { arm: account((right) => ({ ...right, code: '0x00' })) },
  'code without codeHash': { arm: account(({ nonce, balance }) => ({ nonce, balance, code: Uint8Array.of(1) })) },
  'code of another hash': { arm: account((right) => ({ ...right, code: Uint8Array.of(1) })) },
  'storage rejects': { arm: once('storage', fail) },
  'storage is too long': { arm: once('storage', async () => new Uint8Array(33)) },
  'storage is a bigint': { arm: once('storage', async () => 5n) },
  'storage is undefined': { arm: once('storage', async () => undefined) },
  'root rejects': { root: true, arm: once('root', fail) },
  'root rejects before staging': { root: true, arm: once('root', fail, 1) },
  'root is short': { root: true, arm: once('root', async () => new Uint8Array(31)) },
  'root is zero': { root: true, arm: once('root', async () => new Uint8Array(32)) },
  'stage throws': {
    arm: once('stage', () => {
      throw new Error('not even a promise')
    }),
  },
  'stage without root': {
    root: true,
    arm: once('stage', async (right) => ({ ...((await right()) as object), root: undefined })),
  },
  'stage without keep': { arm: once('stage', async (right) => ({ ...((await right()) as object), keep: undefined })) },
  'stage without anything': { code: 'STATE_UNKNOWN', arm: once('stage', async () => undefined) },
  'keep rejects': { arm: once('stage', async (right) => ({ ...((await right()) as object), keep: fail })) },
  'keep and drop reject': {
    code: 'STATE_UNKNOWN',
    arm: once('stage', async (right) => ({ ...((await right()) as object), keep: fail, drop: fail })),
  },
  'checkpoint rejects': { code: 'STATE_SOURCE_FAILED', wrap: managerOnce('checkpoint') },
  'keep rejects, then the root': {
    root: true,
    arm: (source) => once('root', fail, 2)(POINTS['keep rejects']?.arm?.(source) ?? source),
  },
  'putAccount rejects': { wrap: managerOnce('putAccount') },
  'putAccount rejects later': { wrap: managerOnce('putAccount', 2) },
  'putStorage rejects': { wrap: managerOnce('putStorage') },
  'clearStorage rejects': { wrap: managerOnce('clearStorage') },
  'putCode rejects': { wrap: managerOnce('putCode') },
  'getStateRoot rejects at once': { root: true, wrap: managerOnce('getStateRoot') },
  'getStateRoot rejects with the difference': { root: true, wrap: managerOnce('getStateRoot', 2) },
  'commit rejects': { code: 'STATE_UNKNOWN', wrap: managerOnce('commit') },
  'putAccount and revert reject': {
    code: 'STATE_UNKNOWN',
    wrap: (manager) => managerOnce('revert')(managerOnce('putAccount', 1)(manager)),
  },
}

const executors = new Map<string, BlockExecutor>()

test.after(async () => {
  for (const executor of executors.values()) await executor.close()
})

async function executorOf(engine: (typeof ENGINES)[number], state: StateSource): Promise<BlockExecutor> {
  let executor = executors.get(engine)
  if (executor === undefined) {
    executor = await BlockExecutor.create({ common, engine, fallback: false, threads: 2, verify: 'none', state })
    executors.set(engine, executor)
  } else await executor.setState(state)
  return executor
}

function execute(executor: BlockExecutor, block: FuzzBlock, root: boolean, advance = true): Promise<BlockResult> {
  const blockHashes = new Map(hashesBefore(block))
  return executor.execute(blockRlp(block), { senders: block.senders, blockHashes, root, advance })
}

async function failureOf(promise: Promise<unknown>): Promise<ParallevmError> {
  const error = await promise.then(
    () => assert.unreachable('it did not fail'),
    (thrown: unknown) => thrown,
  )
  assert.instance(error, ParallevmError)
  return error as ParallevmError
}

async function managerWith({ manager }: Kind, state: PlainState): Promise<StateManagerInterface> {
  const made = manager()
  await fill(made, state)
  return made
}

for (const engine of ENGINES) {
  for (const [kindName, kind] of Object.entries(KINDS)) {
    test(`a block fails, another one is right, and the same one is then: ${engine}, ${kindName}`, async () => {
      const { state, block, other, last } = blocks()
      const executor = await executorOf(engine, state.source())
      const right = { other: await execute(executor, other, true, false), block: await execute(executor, block, true) }
      const rightLast = await execute(executor, last, true)
      const same = (result: BlockResult, expected: BlockResult, what: string): void => {
        assert.equal(result.stateDiff, expected.stateDiff, what)
        assert.equal(result.receipts, expected.receipts, what)
        if (kind.root) assert.equal(result.stateRoot, expected.stateRoot, what)
      }
      for (const [name, point] of Object.entries(POINTS)) {
        const { code = 'STATE_SOURCE_FAILED', root, arm, wrap } = point
        if (root && !kind.root) continue
        let manager = await managerWith(kind, state)
        const source = stateManagerState(wrap?.(manager) ?? manager)
        await executor.setState(arm?.(source) ?? source)
        const error = await failureOf(execute(executor, block, kind.root))
        assert.is(error.code, code, `${name}: ${error.message}`)
        if (code === 'STATE_UNKNOWN') {
          assert.is((await failureOf(execute(executor, block, kind.root))).code, code, name)
          manager = await managerWith(kind, state)
          await executor.setState(stateManagerState(manager))
        }
        same(await execute(executor, other, kind.root, false), right.other, `${name}: other`)
        same(await execute(executor, block, kind.root), right.block, `${name}: again`)
        same(await execute(executor, last, kind.root), rightLast, `${name}: last`)
        if (kind.root) assert.equal(await manager.getStateRoot(), rightLast.stateRoot)
      }
    })
  }
}

test('a source that answers with a codeHash but without the code is asked for it once', async () => {
  for (const engine of ENGINES) {
    const { state, block } = blocks()
    const source = stateManagerState(await managerWith(KINDS.merkle as Kind, state))
    const asked: string[] = []
    const { account } = source
    const executor = await executorOf(engine, {
      ...source,
      async account(address): Promise<BaseAccount | undefined> {
        asked.push(Buffer.from(address).toString('hex'))
        const found = await account?.(address)
        if (found === undefined) return undefined
        const { code: _, ...rest } = found
        return rest
      },
    })
    const error = await failureOf(execute(executor, block, true))
    assert.is(error.code, 'STATE_SOURCE_FAILED')
    assert.match(error.message, 'without the code')
    for (const address of new Set(asked)) assert.ok(asked.filter((each) => each === address).length <= 2)
  }
})

test('a state manager without roots says so, and is not asked for one with root: false', async () => {
  for (const engine of ENGINES) {
    const { state, block } = blocks()
    const executor = await executorOf(engine, stateManagerState(await managerWith(KINDS.simple as Kind, state)))
    const error = await failureOf(execute(executor, block, true))
    assert.is(error.code, 'STATE_SOURCE_FAILED')
    assert.match(error.message, 'root: false')
    await execute(executor, block, false)
  }
})

test('a state changed behind the executor is named as that', async () => {
  for (const engine of ENGINES) {
    const { state, block, last } = blocks()
    const manager = await managerWith(KINDS.merkle as Kind, state)
    const sender = new Address(block.senders[0] as Uint8Array)
    const setNonce = (nonce: bigint): Promise<void> => manager.modifyAccountFields(sender, { nonce })
    const refused = async (executor: BlockExecutor, each: FuzzBlock, expected: Uint8Array): Promise<void> => {
      // The second time the state is as it was, and values of the other one may be in memory.
      for (const nonce of [each === block ? 0n : 3n, undefined]) {
        const error = await failureOf(execute(executor, each, true))
        assert.is(error.code, 'STATE_CHANGED')
        assert.equal((error as { expected?: Uint8Array }).expected, expected)
        if (nonce !== undefined) await setNonce(nonce)
      }
    }
    // Between two blocks.
    const root = await manager.getStateRoot()
    const executor = await executorOf(engine, stateManagerState(manager))
    await execute(executor, block, true, false)
    await setNonce(9n)
    await refused(executor, block, root)
    await executor.setState(stateManagerState(manager))
    const { stateRoot } = await execute(executor, block, true)

    // In the middle of a block, which looks invalid then.
    const source = stateManagerState(manager)
    let asked = 0
    await executor.setState({
      ...source,
      async account(address) {
        if (asked++ === 0) await setNonce(9n)
        return await source.account?.(address)
      },
    })
    await refused(executor, last, stateRoot as Uint8Array)
    await executor.setState(stateManagerState(manager))
    await execute(executor, last, true)
  }
})

test('close ends a block whose source never answers, and setState to a source that never attaches', async () => {
  for (const engine of ENGINES) {
    for (const hangs of ['account', 'storage', 'root', 'attach'] as const) {
      const { state, block } = blocks()
      const source = stateManagerState(await managerWith(KINDS.merkle as Kind, state))
      const hanging: StateSource = { ...source, [hangs]: () => new Promise(() => {}) }
      const first = hangs === 'attach' ? source : hanging
      const executor = await BlockExecutor.create({ common, engine, threads: 1, verify: 'none', state: first })
      const running = failureOf(hangs === 'attach' ? executor.setState(hanging) : execute(executor, block, true))
      await new Promise((resolve) => setTimeout(resolve, 200))
      await executor.close()
      assert.is((await running).code, 'EXECUTOR_CLOSED', `${engine}, ${hangs}`)
    }
  }
})

test('close waits for a difference that is being written, and takes it back', async () => {
  const { state, block } = blocks()
  const manager = await managerWith(KINDS.merkle as Kind, state)
  const root = await manager.getStateRoot()
  const source = stateManagerState(manager)
  let staging = (): void => {}
  const begun = new Promise<void>((resolve) => {
    staging = resolve
  })
  const slow: StateSource = {
    ...source,
    async stage(diff, options) {
      staging()
      await new Promise((resolve) => setTimeout(resolve, 100))
      return (await source.stage?.(diff, options)) as never
    },
  }
  const executor = await BlockExecutor.create({ common, engine: 'wasm', threads: 1, verify: 'none', state: slow })
  const running = failureOf(execute(executor, block, true))
  await begun
  await executor.close()
  assert.is((await running).code, 'EXECUTOR_CLOSED')
  assert.equal(await manager.getStateRoot(), root)
})

test('a source that does not attach leaves the state before it', async () => {
  const { state, block } = blocks()
  for (const engine of ENGINES) {
    const executor = await executorOf(engine, state.source())
    const expected = await execute(executor, block, true, false)
    for (const attach of [
      fail,
      () => {
        throw new TypeError('at once')
      },
    ]) {
      await executor.setState({ kind: 'memory', attach }).then(
        () => assert.unreachable(),
        () => {},
      )
      assert.equal((await execute(executor, block, true, false)).stateRoot, expected.stateRoot)
    }
  }
})

test('a state that leaves the workers no room leaves the state before it', async () => {
  const { state, block } = blocks()
  const options = { common, engine: 'wasm', threads: 2, verify: 'none', maxMemory: 2 ** 25 } as const
  const executor = await BlockExecutor.create({ ...options, state: state.source() })
  try {
    const expected = await execute(executor, block, true, false)
    // Of so many accounts some states fit, some do not, and some only without the workers.
    let failedInWorkers = 0
    for (let count = 60_000; count <= 90_000; count += 5_000) {
      const accounts = Array.from({ length: count }, (_, i) => ({
        address: hexToBytes(`0x${i.toString(16).padStart(40, '0')}`),
        nonce: 0n,
        balance: 1n,
      }))
      const error = await executor.setState(memoryState(accounts)).catch((thrown: unknown) => thrown as ParallevmError)
      if (error === undefined) await executor.setState(state.source())
      else assert.is(error.code, 'OUT_OF_SPACE')
      if (error !== undefined && !(error instanceof OutOfSpaceError)) failedInWorkers++
      assert.equal((await execute(executor, block, true, false)).stateDiff, expected.stateDiff, `${count} accounts`)
    }
    assert.ok(failedInWorkers > 0)
  } finally {
    await executor.close()
  }
})

test('whatever verifies: a wrong header is refused over a state manager, and the right block accepted', async () => {
  const { state, block } = blocks()
  const saved = await caseOf({ state, block })
  const rlp = hexToBytes(saved.blocks[0]?.rlp as Hex)
  const wrong = rlp.slice()
  const at = Buffer.from(rlp).indexOf(Buffer.from(await rootAfter(state, block)))
  wrong[at] = (wrong[at] as number) ^ 1
  for (const engine of ENGINES) {
    for (const verify of ['header', 'sequential', 'ethereumjs'] as const) {
      for (const kind of ['merkle', 'merkle with caches'] as const) {
        const source = stateManagerState(await managerWith(KINDS[kind] as Kind, state))
        const executor = await BlockExecutor.create({ common, engine, threads: 2, verify, state: source })
        try {
          const options = { senders: block.senders }
          assert.is((await failureOf(executor.execute(wrong, options))).code, 'INVALID_STATE_ROOT')
          const { stats } = await executor.execute(rlp, options)
          const { total, ...stages } = stats.ms
          const sum = Object.values(stages).reduce((all, ms) => all + ms, 0)
          assert.ok(Math.abs(sum - total) < 1e-6, `${sum} is not ${total}`)
        } finally {
          await executor.close()
        }
      }
    }
  }
})

async function rootAfter(state: PlainState, block: FuzzBlock): Promise<Uint8Array> {
  const executor = await executorOf('wasm', state.source())
  return (await execute(executor, block, true)).stateRoot as Uint8Array
}

test.run()
