// What calls touch and change, the gas that they need, and sequences of them, against @ethereumjs/vm on a copy of the state.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CallResult, ParallevmError, SimulationRequest, StateDiff } from '../../../src/index.js'
import type { FlatState } from '../../../src/workloads/flatState.js'
import { Random } from '../../../src/workloads/random.js'
import {
  CASES,
  type Case,
  HASHES,
  memory,
  plain,
  referenceOn,
  SEEN,
  senders,
  stateOf,
  strip,
  supposition,
  withExecutor,
} from '../../support/callCases.js'
import { hex } from '../../support/mapState.js'

const OPTIONS = { blockOverrides: SEEN, blockHashes: HASHES }
const random = new Random(2, 'details')
/** Enough for all kinds of calls; each costs the reference a state of its own. */
const SOME: Case[] = CASES.filter((_, index) => index % 4 === 0)
const SUPPOSED: Case[] = SOME.map((call) => ({ ...call, overrides: supposition(random, call) }))

/** What differs between two states, as the difference of a block is told; slots that are zero are none. */
function differenceOf(before: FlatState, after: FlatState): Map<string, string> {
  const lines = (state: FlatState): Map<string, string> =>
    new Map(
      state
        .flatAccounts()
        .flatMap(({ address, nonce, balance, codeHash, storage }) => [
          [hex(address), `${nonce} ${balance} ${hex(codeHash)}`] as const,
          ...storage
            .map(([key, value]) => [`${hex(address)} ${hex(key)}`, BigInt(`0x${hex(value)}`).toString()] as const)
            .filter(([, value]) => value !== '0'),
        ]),
    )
  const [old, now] = [lines(before), lines(after)]
  const changed = new Map<string, string>()
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    if (old.get(key) !== now.get(key)) changed.set(key, now.get(key) ?? (key.includes(' ') ? '0' : 'gone'))
  }
  return changed
}

function linesOf(diff: StateDiff, before: FlatState): Map<string, string> {
  const lines = new Map<string, string>()
  const known = new Map(
    before
      .flatAccounts()
      .map((account) => [hex(account.address), `${account.nonce} ${account.balance} ${hex(account.codeHash)}`]),
  )
  for (const { address, exists, nonce, balance, codeHash, storage } of diff) {
    const line = exists ? `${nonce} ${balance} ${hex(codeHash)}` : 'gone'
    if (known.get(hex(address)) !== line) lines.set(hex(address), line)
    for (const { key, value } of storage) {
      lines.set(`${hex(address)} ${hex(key)}`, BigInt(`0x${hex(value)}`).toString())
    }
  }
  return lines
}

const sorted = (map: Map<string, string>): string[] => [...map].map(([key, value]) => `${key}: ${value}`).sort()

test('what a call would change', async () => {
  const cases = [...SOME, ...SUPPOSED]
  const results = await withExecutor(memory(), 2, (executor) =>
    executor.call(strip(cases), { ...OPTIONS, stateDiff: true }),
  )
  let slots = 0
  for (const [index, call] of cases.entries()) {
    const [before, after] = [await stateOf(call.overrides), await stateOf(call.overrides)]
    const ran = await referenceOn(after, call)
    const { stateDiff, status } = results[index] as CallResult
    if (ran === 'refused') assert.is(status, 'refused')
    else {
      assert.equal(
        sorted(linesOf(stateDiff as StateDiff, before)),
        sorted(differenceOf(before, after)),
        `call ${index}`,
      )
      for (const { storage } of stateDiff as StateDiff) slots += storage.length
    }
  }
  assert.ok(slots > 10, `${slots} slots`)
})

test('what a call touches, as an access list with which it touches nothing else', async () => {
  await withExecutor(memory(), 2, async (executor) => {
    const calls = strip(SOME)
    const once = await executor.call(calls, { ...OPTIONS, accessList: true })
    const lists = await executor.createAccessList(calls, OPTIONS)
    const again = await executor.call(
      calls.map((call, index) => ({ ...call, accessList: lists[index]?.accessList ?? [] })),
      { ...OPTIONS, accessList: true },
    )
    let keys = 0
    for (const [index, call] of SOME.entries()) {
      const { result, accessList } = (await referenceOn(await stateOf([]), call)) as Exclude<
        Awaited<ReturnType<typeof referenceOn>>,
        'refused'
      >
      // Slots are the same; whose account is warm anyway is another question there.
      const wanted = accessList
        .flatMap(({ address, storageKeys }) => storageKeys.map((key) => `${address} ${key}`))
        .sort()
      const found = (once[index]?.accessList ?? [])
        .flatMap(({ address, storageKeys }) => storageKeys.map((key) => `0x${hex(address)} 0x${hex(key)}`))
        .sort()
      if (result.status === 'success') assert.equal(found, wanted, `call ${index}`)
      keys += found.length
      const { accessList: list, ...rest } = lists[index] as NonNullable<(typeof lists)[number]>
      assert.equal(again[index]?.accessList, list, `call ${index}`)
      assert.equal(plain(rest), plain(again[index] as CallResult), `call ${index}`)
      for (const { address, storageKeys } of list) {
        const warm = [call.from, call.to].some((one) => one !== undefined && hex(one as Uint8Array) === hex(address))
        assert.ok(!warm || storageKeys.length > 0)
      }
    }
    assert.ok(keys > 10, `${keys} keys`)
  })
})

test('the gas that a call needs: with it it succeeds, with less it does not', async () => {
  await withExecutor(memory(), 2, async (executor) => {
    const calls = strip([...SOME, ...SUPPOSED]).map(({ gas: _, ...call }) => call)
    const exact = await executor.estimateGas(calls, { ...OPTIONS, errorRatio: 0 })
    const about = await executor.estimateGas(calls, OPTIONS)
    const at = (less: bigint) =>
      executor.call(
        calls.map((call, index) => ({ ...call, gas: (exact[index]?.gas ?? 0n) - less })),
        OPTIONS,
      )
    const [enough, short] = [await at(0n), await at(1n)]
    let found = 0
    for (const [index, { status, gas, error }] of exact.entries()) {
      if (status !== 'success') {
        assert.is(about[index]?.status, status)
        assert.equal(enough[index]?.error, error, `call ${index}`)
        continue
      }
      found++
      assert.is(enough[index]?.status, 'success', `call ${index}`)
      assert.is.not(short[index]?.status, 'success', `call ${index}`)
      const rough = about[index]?.gas ?? 0n
      assert.ok(rough >= gas && Number(rough) <= Number(gas) * 1.016, `call ${index}: ${rough} for ${gas}`)
    }
    assert.ok(found > 20, `${found} calls`)
    const [poor] = await executor.estimateGas(
      [{ from: senders[0] as Uint8Array, to: senders[1] as Uint8Array, value: 10n ** 40n, maxFeePerGas: 10n ** 10n }],
      OPTIONS,
    )
    assert.equal([poor?.status, poor?.refusal], ['refused', 'INSUFFICIENT_FUNDS'])
  })
})

test('errors of a contract of its own, and authorisations', async () => {
  await withExecutor(memory(), 1, async (executor) => {
    const [from, to, authority] = [senders[0] as Uint8Array, new Uint8Array(20).fill(9), new Uint8Array(20).fill(8)]
    // REVERT with 0x11223344 and a word of 7.
    const custom = `0x${`6311223344${'60e01b'}5f526007602452`}60445ffd`
    // RETURN of its own address.
    const self = '0x305f5260205ff3'
    const [reverts, delegated, none] = (await executor.call(
      [
        { from, to, overrides: [[to, { code: custom }]] },
        { from, to: authority, overrides: [[to, { code: self }]], authorizationList: [{ address: to, authority }] },
        {
          from,
          to: authority,
          overrides: [[to, { code: self }]],
          authorizationList: [{ address: to, authority, nonce: 1n }],
        },
      ],
      OPTIONS,
    )) as [CallResult, CallResult, CallResult]
    assert.is(reverts.status, 'reverted')
    assert.is(hex(reverts.customError?.selector as Uint8Array), '11223344')
    assert.is(BigInt(`0x${hex(reverts.customError?.data as Uint8Array)}`), 7n)
    assert.is(hex(delegated.returnData).slice(24), hex(authority))
    assert.is(none.returnData.length, 0)
    const bad = await executor
      .call([{ from, to, authorizationList: [{ address: to, r: 1n }] }], OPTIONS)
      .catch((error: ParallevmError) => error.message)
    assert.match(String(bad), /authorizationList\[0\]: expected either a signature/)
  })
})

/** Calls in the order of the block, each on what those before it left. */
async function inTurn(cases: readonly Case[]): Promise<(CallResult | 'refused')[]> {
  const state = await stateOf([])
  const results: (CallResult | 'refused')[] = []
  for (const call of cases) {
    const ran = await referenceOn(state, call)
    results.push(ran === 'refused' ? ran : ran.result)
  }
  return results
}

test('calls of a simulation see what those before them did; simulations know nothing of each other', async () => {
  const cases = CASES.slice(0, 40)
  const expected = await inTurn(cases)
  const calls = strip(cases).map(({ overrides: _, ...call }) => call)
  const one: SimulationRequest = { blockStateCalls: [{ blockOverrides: { ...SEEN }, calls }] }
  await withExecutor(memory(), 2, async (executor) => {
    const options = {
      blockOverrides: { number: SEEN.number - 1n, timestamp: SEEN.timestamp - 12n },
      blockHashes: HASHES,
    }
    const all = await executor.simulate([one, { blockStateCalls: [] }, one, { blockStateCalls: [{}, {}] }], options)
    assert.equal(
      all.map(({ blocks }) => blocks.length),
      [1, 0, 1, 2],
    )
    for (const { blocks, refused } of [all[0], all[2]] as typeof all) {
      assert.is(refused, undefined)
      for (const [index, result] of (blocks[0]?.calls ?? []).entries()) {
        const wanted = expected[index] as CallResult
        assert.is(result.status === 1, wanted.status === 'success', `call ${index}`)
        assert.is(result.gasUsed, wanted.gasUsed, `call ${index}`)
        assert.is(hex(result.returnData), hex(wanted.returnData), `call ${index}`)
        assert.equal(
          result.logs.map(({ data }) => hex(data)),
          wanted.logs.map(({ data }) => hex(data)),
          `call ${index}`,
        )
      }
    }
  })
})

test('blocks of a simulation: numbers, suppositions, transient and destroyed storage, gas, transfers', async () => {
  await withExecutor(memory(), 2, async (executor) => {
    const options = { blockOverrides: SEEN, blockHashes: HASHES }
    const [from, other] = [senders[0] as Uint8Array, new Uint8Array(20).fill(7)]
    const to = new Uint8Array(20).fill(9)
    // Slot 0 and transient slot 0 are counted up; returns both, NUMBER and TIMESTAMP.
    const counter = '0x5f54600101805f555f525f5c600101805f5d60205243604052426060526080 5ff3'.replaceAll(' ', '')
    const words = (bytes: Uint8Array | undefined) =>
      [0, 32, 64, 96].map((at) => BigInt(`0x${hex((bytes as Uint8Array).slice(at, at + 32))}`))
    const ask = { from, to }
    const [first] = await executor.simulate(
      [
        {
          blockStateCalls: [
            { stateOverrides: [[to, { code: counter, stateDiff: { '0x00': '0x05' } }]] },
            { calls: [ask, ask] },
            { blockOverrides: { number: SEEN.number + 5n }, stateOverrides: [[to, { state: {} }]], calls: [ask] },
          ],
          returnFullTransactions: true,
        },
      ],
      options,
    )
    const blocks = first?.blocks ?? []
    assert.equal(
      blocks.map(({ number, calls }) => [number - SEEN.number, calls.length]),
      [1, 2, 3, 4, 5].map((n) => [BigInt(n), n === 2 ? 2 : n === 5 ? 1 : 0]),
    )
    assert.equal(
      blocks.flatMap(({ calls }) => calls.map(({ returnData }) => words(returnData))),
      [
        [6n, 1n, SEEN.number + 2n, SEEN.timestamp + 24n],
        [7n, 1n, SEEN.number + 2n, SEEN.timestamp + 24n],
        [1n, 1n, SEEN.number + 5n, SEEN.timestamp + 60n],
      ],
    )
    assert.is(blocks[1]?.transactions?.length, 2)
    const [moved, refused, wild] = await executor.simulate(
      [
        { blockStateCalls: [{ calls: [{ from, to: other, value: 5n }] }], traceTransfers: true },
        { blockStateCalls: [{ calls: [ask, { ...ask, nonce: 99n, gas: 30_000n }] }], validation: true },
        { blockStateCalls: [{ calls: [{ ...ask, gas: SEEN.gasLimit + 1n }] }] },
      ],
      options,
    )
    const [log] = moved?.blocks[0]?.calls[0]?.logs ?? []
    assert.is(hex(log?.address as Uint8Array), 'ee'.repeat(20))
    assert.is(hex(log?.topics[2] as Uint8Array).slice(24), hex(other))
    assert.equal([refused?.refused?.call, refused?.refused?.code], [1, -38010])
    assert.equal([wild?.refused?.refusal, wild?.refused?.code], ['NO_ROOM_LEFT', -38015])
    for (const [bad, message] of [
      [[{ blockOverrides: { number: 1n } }], /blockStateCalls\[0\]\.blockOverrides\.number: 1 is not after/],
      [[{ blockOverrides: { timestamp: 1n } }], /timestamp: 1 is not after/],
    ] as const) {
      const error = await executor.simulate([{ blockStateCalls: bad }], options).catch((error: Error) => error.message)
      assert.match(String(error), message)
    }
  })
})

test('what is made and destroyed within a simulation', async () => {
  const [from, looker, heir] = [senders[0] as Uint8Array, new Uint8Array(20).fill(0x55), new Uint8Array(20).fill(0x66)]
  await withExecutor(memory(), 1, async (executor) => {
    // Returns the balance of the account that it is given.
    const looks = '0x5f35315f5260205ff3'
    // A creation that sends what it has to the heir and goes away.
    const dies = { from, data: `0x73${hex(heir)}ff`, value: 3n }
    const asks = { from, to: looker, data: `0x${'00'.repeat(12)}${hex(heir)}` }
    const calls = [asks, dies, asks, dies, asks]
    const request = { blockStateCalls: [{ stateOverrides: [[looker, { code: looks }]] as const, calls }] }
    const [done] = await executor.simulate([request], OPTIONS)
    const balances = (done?.blocks[0]?.calls ?? []).filter((_, index) => index % 2 === 0)
    assert.equal(
      balances.map(({ returnData }) => BigInt(`0x${hex(returnData)}`)),
      [0n, 3n, 6n],
    )
  })
})

test.run()
