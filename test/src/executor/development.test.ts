// A state changed by hand and taken back, against a copy of it in plain maps that goes through the same.
import { Caches, MerkleStateManager } from '@ethereumjs/statemanager'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainCommons } from '../../../src/block/common.js'
import { InvalidBlockError } from '../../../src/block/errors.js'
import { ParallevmError } from '../../../src/errors.js'
import { BlockExecutor } from '../../../src/executor/blockExecutor.js'
import { blockRlp, FuzzWorld } from '../../../src/fuzz/blocks.js'
import { type SourceName, SUBJECTS } from '../../../src/fuzz/subjects.js'
import type { StateOverride } from '../../../src/index.js'
import { forkOf, rulesOfNetwork } from '../../../src/spectests/forks.js'
import type { Hex } from '../../../src/spectests/json.js'
import type { PlainState } from '../../../src/spectests/plainState.js'
import { Random } from '../../../src/workloads/random.js'

const word = (value: number) => `0x${value.toString(16).padStart(64, '0')}` as Hex

interface Trial {
  executor: BlockExecutor
  world: FuzzWorld
  random: Random
  /** Every account and slot there ever was. */
  seen: Map<string, Set<string>>
}

/** What the executor holds, all of it that anybody could know of. */
async function assertHolds({ executor, seen }: Trial, state: PlainState, root: boolean): Promise<void> {
  for (const [address, { storage }] of state.accounts) {
    const keys = seen.get(address) ?? new Set()
    for (const key of storage.keys()) keys.add(key)
    seen.set(address, keys)
  }
  for (const [name, keys] of seen) {
    const address = hexToBytes(name as Hex)
    const [account, wanted] = [await executor.getAccount(address), state.accounts.get(name)]
    const plain = wanted && { nonce: wanted.nonce, balance: wanted.balance, codeHash: wanted.codeHash }
    assert.equal(account && { ...account, codeHash: new Uint8Array(account.codeHash) }, plain, name)
    assert.equal(bytesToHex(await executor.getCode(address)), bytesToHex(wanted?.code ?? new Uint8Array(0)), name)
    for (const key of keys) {
      const value = wanted?.storage.get(key) ?? word(0)
      assert.is(bytesToHex(await executor.getStorage(address, hexToBytes(key as Hex))), value, `${name} ${key}`)
    }
  }
  if (!root) return
  const { accountProof } = await executor.getProof(hexToBytes([...state.accounts.keys()][0] as Hex))
  assert.is(bytesToHex(keccak_256(hexToBytes(accountProof[0] as Hex))), bytesToHex(await state.root()))
}

/** The next random block, as it goes through both. */
async function runBlock({ executor, world }: Trial, root: boolean): Promise<void> {
  const block = world.next()
  const result = await executor
    .execute(blockRlp(block), { verify: 'none', root, findBlockHash: () => word(7) })
    .catch((error: unknown) => {
      // What was changed by hand may not pay for a transaction.
      if (!(error instanceof InvalidBlockError)) throw error
    })
  if (result) world.state.apply(result.stateDiff)
}

/** Some fields of some accounts, in both. `clears`: storages and accounts may go, which not every state can bring back. */
async function change({ executor, world: { state }, random }: Trial, clears: boolean): Promise<void> {
  const names = [...state.accounts.keys(), `0x${'ee'.repeat(20)}`]
  const changes = new Map<string, StateOverride>()
  for (let count = 1 + random.below(3); count > 0; count--) {
    const slots = { [word(random.below(6))]: word(random.below(3)), [word(100)]: word(1) }
    const kind = random.below(clears ? 6 : 5)
    changes.set(random.pick(names), {
      ...(kind !== 1 && { balance: BigInt(random.below(3) + (clears ? 0 : 1)) * 10n ** 24n }),
      ...(kind === 2 && { nonce: BigInt(random.below(3)) }),
      ...(kind >= 3 && {
        code: random.below(3) === 0 ? '0x' : `0x60${random.below(256).toString(16).padStart(2, '0')}00`,
      }),
      ...(kind === 4 && { stateDiff: slots }),
      ...(kind === 5 && { state: slots }),
    })
  }
  await executor.setAccounts(changes)
  for (const [name, override] of changes) apply(state, name, override)
}

function apply(
  state: PlainState,
  name: string,
  { balance, nonce, code, state: whole, stateDiff }: StateOverride,
): void {
  const before = state.accounts.get(name)
  const after = state.set(hexToBytes(name as Hex), {
    nonce: (nonce as bigint | undefined) ?? before?.nonce ?? 0n,
    balance: (balance as bigint | undefined) ?? before?.balance ?? 0n,
    code: code === undefined ? (before?.code ?? new Uint8Array(0)) : hexToBytes(code as Hex),
  })
  if (after.nonce === 0n && after.balance === 0n && after.code.length === 0) {
    state.accounts.delete(name)
    return
  }
  if (whole === undefined) for (const [key, value] of before?.storage ?? []) after.storage.set(key, value)
  for (const [key, value] of Object.entries((whole ?? stateDiff ?? {}) as Record<string, string>)) {
    if (value === word(0)) after.storage.delete(key)
    else after.storage.set(key, value)
  }
}

async function trial(
  source: SourceName,
  fork: string,
  seed: number,
  run: (trial: Trial) => Promise<void>,
): Promise<void> {
  const rules = rulesOfNetwork(fork)
  const common = new ChainCommons(rules).at(1n, 12n)
  const world = new FuzzWorld(seed, fork, rules, common, forkOf(fork).rules)
  const random = new Random(seed, 'development')
  const held = await SUBJECTS[source].hold(world.state, common, random)
  const executor = await BlockExecutor.create({ common, hardfork: common.hardfork(), state: held.source, threads: 2 })
  try {
    await run({ executor, world, random, seen: new Map() })
  } finally {
    await executor.close()
  }
}

for (const [source, fork] of [
  ['memory', 'Osaka'],
  // SELFDESTRUCT clears storage that was there before.
  ['memory', 'Istanbul'],
  ['simple', 'Cancun'],
  ['merkle', 'Prague'],
  ['merkle-tries', 'Osaka'],
  ['witness', 'Osaka'],
] as const) {
  test(`random changes, blocks and snapshots over ${source}, ${fork}`, async () => {
    await trial(source, fork, 11, async (trial) => {
      const { executor, world, random } = trial
      const rooted = source !== 'simple' && source !== 'merkle'
      const snapshots: { id: number; state: PlainState }[] = []
      for (let step = 0; step < 24; step++) {
        const kind = random.below(6)
        if (kind === 0) snapshots.push({ id: await executor.snapshot(), state: world.state.copy() })
        else if (kind === 1 && snapshots.length > 0) {
          const at = random.below(snapshots.length)
          const [{ id, state }] = snapshots.splice(at) as [(typeof snapshots)[number]]
          await executor.revertTo(id)
          world.state.become(state)
        } else if (kind < 4) await change(trial, source === 'memory')
        else await runBlock(trial, source !== 'simple')
        if (kind === 1 || step % 6 === 5) await assertHolds(trial, world.state, rooted && step % 12 === 11)
      }
      for (const { id, state } of snapshots.reverse()) {
        await executor.revertTo(id)
        await assertHolds(trial, state, rooted)
      }
    })
  })
}

test('a destroyed contract comes back with all of its storage, where the state knows it', async () => {
  await trial('memory', 'Istanbul', 3, async (trial) => {
    const { executor, world } = trial
    const [contract] = [...world.state.accounts].find(([, { storage }]) => storage.size > 2) as [string, unknown]
    const before = world.state.copy()
    const id = await executor.snapshot()
    await executor.setAccounts({ [contract]: { balance: 0n, nonce: 0n, code: '0x' } })
    assert.is(await executor.getAccount(contract), undefined)
    await executor.setAccounts({ [contract]: { balance: 1n, stateDiff: { [word(55)]: word(1) } } })
    await executor.revertTo(id)
    trial.seen.set(contract, new Set([word(55)]))
    await assertHolds(trial, before, true)
  })
})

test('a snapshot is gone with the one before it, and with the state', async () => {
  await trial('memory', 'Osaka', 5, async ({ executor, world }) => {
    const [first, second] = [await executor.snapshot(), await executor.snapshot()]
    await executor.revertTo(first)
    for (const id of [first, second, 99]) await assertCode(executor.revertTo(id), 'CANNOT_REVERT')
    const third = await executor.snapshot()
    await executor.setState(world.state.source())
    await assertCode(executor.revertTo(third), 'CANNOT_REVERT')
    await assertCode(executor.revertTo(-1), 'INVALID_INPUT')
    await assertCode(executor.setAccounts({ '0x12': {} }), 'INVALID_INPUT')
  })
})

test('what a witness does not know of a storage that was cleared cannot come back, and a store is not changed by hand', async () => {
  await trial('witness', 'Osaka', 3, async (trial) => {
    const { executor, world } = trial
    const [contract] = [...world.state.accounts].find(([, { storage }]) => storage.size > 2) as [string, unknown]
    const id = await executor.snapshot()
    await executor.setAccounts({ [contract]: { state: {} } })
    await assertCode(executor.revertTo(id), 'CANNOT_REVERT')
    // It is still as it was before the attempt.
    assert.is(bytesToHex(await executor.getStorage(contract, 1)), word(0))
  })
  await trial('rows', 'Osaka', 3, async ({ executor, world }) => {
    const [[name]] = [...world.state.accounts] as [[string, unknown]]
    await assertCode(executor.setAccounts({ [name]: { balance: 1n } }), 'UNSUPPORTED')
    await assertCode(executor.snapshot(), 'UNSUPPORTED')
  })
})

test('a source that cannot keep a change leaves the state as it was', async () => {
  const manager = new MerkleStateManager({ caches: new Caches() })
  const { stateManagerState } = await import('../../../src/index.js')
  const executor = await BlockExecutor.create({
    chain: 'mainnet',
    hardfork: 'osaka',
    state: stateManagerState(manager),
    threads: 1,
  })
  try {
    const address = `0x${'ab'.repeat(20)}`
    await executor.setAccounts({ [address]: { balance: 5n } })
    manager.putAccount = () => Promise.reject(new Error('the disk is full'))
    await assertCode(executor.setAccounts({ [address]: { balance: 6n } }), 'STATE_SOURCE_FAILED')
    assert.is((await executor.getAccount(address))?.balance, 5n)
  } finally {
    await executor.close()
  }
})

async function assertCode(run: Promise<unknown>, code: string): Promise<void> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.instance(error, ParallevmError)
  assert.is((error as ParallevmError).code, code)
}

test.run()
