// Precompiled contracts of a chain's own: the same in both engines, and in plain @ethereumjs/vm, on one thread and on several.
import { type ChainConfig, Common } from '@ethereumjs/common'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Op } from '../../../src/abi/registry.js'
import {
  BlockExecutor,
  type BlockResult,
  memoryState,
  type ParallevmError,
  PrecompileError,
} from '../../../src/index.js'
import { call, callWith, hexOf, pushAddress, sload, sstore } from '../../support/bytecode.js'
import { assertEqual, commonAt } from '../../support/engines.js'
import { unhex } from '../../support/mapState.js'
import { COUNTER, DEAR, REVERSER, SUCCESSOR } from '../../support/precompileSetup.js'
import { A, B, build, C, CONTRACT, OTHER, rich, type Scenario } from '../../support/scenario.js'

const workerSetup = new URL('../../support/precompileSetup.js', import.meta.url)
const chainOf = (common: Common): ChainConfig => (common as unknown as { _chainParams: ChainConfig })._chainParams
const bytes = (address: string): Uint8Array => unhex(address.slice(2))
const op = (...codes: number[]): string => codes.map((code) => code.toString(16).padStart(2, '0')).join('')
const byte = (value: number): string => op(Op.PUSH1, value)
const mstore = (offset: number, value: string): string => value + byte(offset) + op(Op.MSTORE)
const mload = (offset: number): string => byte(offset) + op(Op.MLOAD)

/** A call of a kind without value, 64 bytes at 0 in, 64 bytes at 64 out; leaves the result. */
const plainCall = (kind: number, to: string, gas = op(Op.GAS)): string =>
  byte(64) + byte(64) + byte(64) + byte(0) + pushAddress(bytes(to)) + gas + op(kind)
/** Gas of what comes between, of this opcode and of one push, in slot `key`. */
const metered = (key: number, code: string): string =>
  `${mstore(160, op(Op.GAS))}${code}${op(Op.POP)}${sstore(key, `${op(Op.GAS)}${mload(160)}${op(Op.SUB)}`)}`

/** Every kind of call, cold and warm, with too little gas, and one that fails. */
const CALLER = [
  // All memory at once, so that no call pays for it.
  mstore(160, byte(0)),
  mstore(0, op(Op.CALLDATASIZE)),
  mstore(32, op(Op.CALLER)),
  metered(1, plainCall(Op.STATICCALL, REVERSER)),
  sstore(2, mload(64)),
  sstore(3, op(Op.RETURNDATASIZE)),
  metered(4, plainCall(Op.DELEGATECALL, REVERSER)),
  metered(5, call(bytes(REVERSER), 7)),
  sstore(6, plainCall(Op.STATICCALL, REVERSER, byte(200))),
  sstore(7, op(Op.RETURNDATASIZE)),
  mstore(0, op(Op.PUSH1, 0) + op(Op.NOT)),
  metered(8, plainCall(Op.STATICCALL, REVERSER, op(Op.PUSH2, 0x10, 0))),
  sstore(9, plainCall(Op.STATICCALL, DEAR, op(Op.PUSH2, 0x10, 0))),
  sstore(10, plainCall(Op.STATICCALL, COUNTER) + op(Op.POP) + mload(64)),
  // EXTCODESIZE and BALANCE: an account like another one.
  metered(11, pushAddress(bytes(SUCCESSOR)) + op(Op.BALANCE)),
  op(Op.STOP),
].join('')

/** Counts with the contract: slot 0 is its own successor. It throws where it is called before somebody began to count. */
const COUNTS = [mstore(0, sload(0)), callWith(bytes(SUCCESSOR), 32), op(Op.POP), sstore(0, mload(0)), op(Op.STOP)].join(
  '',
)
/** Begins to count where there is calldata. */
const COUNTING = ((begins) => {
  const jump = (to: number): string => `${op(Op.CALLDATASIZE)}${byte(to)}${op(Op.JUMPI)}`
  return `${jump(jump(0).length / 2 + COUNTS.length / 2)}${COUNTS}${begins}`
})(`${op(Op.JUMPDEST)}${sstore(0, byte(1))}${op(Op.STOP)}`)

function scene(hardfork: string): Scenario {
  return {
    hardfork,
    accounts: [
      ...rich,
      { address: CONTRACT, code: CALLER, balance: 100n },
      { address: OTHER, code: COUNTING },
      { address: bytes(REVERSER), balance: 3n },
    ],
    transactions: [
      { from: A, to: CONTRACT, data: '0102' },
      // To the contract itself: an output, a failure that takes all gas, too little gas, value.
      { from: A, to: bytes(REVERSER), data: '010203', value: 5n },
      { from: A, to: bytes(REVERSER), data: 'ff0203', value: 5n, gas: 60_000n },
      { from: A, to: bytes(REVERSER), data: '01'.repeat(4), gas: 21_165n },
      { from: A, to: bytes(COUNTER), data: '01'.repeat(7) },
      { from: A, to: bytes(DEAR), data: '01' },
      { from: B, to: OTHER, data: '01' },
      ...Array.from({ length: 12 }, (_, i) => ({ from: i % 2 === 0 ? B : C, to: OTHER })),
      { from: C, to: CONTRACT, data: '01' },
    ],
  }
}

async function results(scenario: Scenario): Promise<BlockResult[]> {
  const built = build(scenario)
  const all: BlockResult[] = []
  // Before EIP-2929 the core alone, beside the library.
  for (const engine of scenario.hardfork === 'prague' ? (['wasm', 'ethereumjs'] as const) : (['wasm'] as const)) {
    for (const threads of [1, 3]) {
      const executor = await BlockExecutor.create({
        common: commonAt(scenario.hardfork),
        engine,
        threads,
        verify: 'none',
        state: memoryState(built.preState.accounts, built.preState.codes),
        workerSetup,
      })
      try {
        const given = {
          senders: built.senders,
          mode: threads === 1 ? 'sequential' : 'parallel',
          advance: false,
        } as const
        // The library's own run once a fork is enough.
        const verify = engine === 'wasm' && threads === 3 ? 'ethereumjs' : 'none'
        const result = await executor.execute(built.blockRlp, { ...given, verify, generate: true, outputs: true })
        assert.is(result.stats.engine, engine)
        assert.is(result.stats.fallback, undefined)
        all.push(result)
      } finally {
        await executor.close()
      }
    }
  }
  return all
}

for (const hardfork of ['istanbul', 'prague']) {
  test(`${hardfork}: both engines, one thread and three, and the library agree`, async () => {
    const [first, ...others] = await results(scene(hardfork))
    for (const other of others) assertEqual(other, first as BlockResult)
    const { receipts, stateDiff } = first as BlockResult
    assert.equal(
      receipts.slice(0, 7).map(({ status }) => status),
      [1, 1, 0, 0, 1, 0, 1],
    )
    assert.is(hexOf(receipts[1]?.output?.returnData as Uint8Array), '030201')
    assert.is(receipts[2]?.gasUsed, 60_000n)
    assert.is(receipts[3]?.gasUsed, 21_165n)
    const slotsOf = (address: Uint8Array): Map<bigint, bigint> => {
      const account = stateDiff.find((changed) => hexOf(changed.address) === hexOf(address))
      const word = (value: Uint8Array): bigint => BigInt(`0x${hexOf(value) || '0'}`)
      return new Map(account?.storage.map(({ key, value }) => [word(key), word(value)]))
    }
    // Begun with 1, and counted twelve times.
    assert.is(slotsOf(OTHER).get(0n), 13n)
    const slots = slotsOf(CONTRACT)
    assert.is(slots.get(2n), BigInt(`0x${hexOf(Uint8Array.from([...new Uint8Array(12), ...C]).reverse())}`))
    assert.is(slots.get(3n), 64n)
    assert.is(slots.get(10n), 64n)
    // Warm from the start (EIP-2929), as MODEXP is: the first call costs what the next one does.
    assert.is(slots.get(1n), slots.get(4n))
  })
}

test('a contract that throws fails the block with an error that names it, in both engines', async () => {
  const built = build({ ...scene('prague'), transactions: [{ from: A, to: bytes(REVERSER), data: 'ee' }] })
  const bad = build({ ...scene('prague'), transactions: [{ from: A, to: bytes(REVERSER), data: 'dd' }] })
  const noGas = build({ ...scene('prague'), transactions: [{ from: A, to: bytes(DEAR) }] })
  const good = build({ ...scene('prague'), transactions: [{ from: A, to: bytes(REVERSER), data: '01' }] })
  for (const engine of ['wasm', 'ethereumjs'] as const) {
    const executor = await BlockExecutor.create({
      common: commonAt('prague'),
      engine,
      threads: 2,
      verify: 'none',
      state: memoryState(built.preState.accounts, built.preState.codes),
      workerSetup,
    })
    for (const [block, message] of [
      [built, `the custom precompiled contract at ${REVERSER}: run threw: 0xee is too much`],
      [bad, `the custom precompiled contract at ${REVERSER}: run gave string`],
      [noGas, `the custom precompiled contract at ${DEAR}: gas gave 1`],
    ] as const) {
      const error = await executor.execute(block.blockRlp, { senders: block.senders }).then(
        () => undefined,
        (thrown: ParallevmError) => thrown,
      )
      assert.instance(error, PrecompileError)
      assert.is(error?.code, 'PRECOMPILE_THREW')
      assert.ok(error?.message.includes(message), error?.message)
    }
    // The state is as before, and the executor goes on.
    const { receipts } = await executor.execute(good.blockRlp, { senders: good.senders })
    assert.is(receipts[0]?.status, 1)
    await executor.close()
  }
})

test('calls, traces and blocks that are built have them', async () => {
  const built = build({ ...scene('prague'), transactions: [{ from: A, to: CONTRACT, data: '0102' }] })
  const executor = await BlockExecutor.create({
    common: commonAt('prague'),
    threads: 2,
    verify: 'none',
    state: memoryState(built.preState.accounts, built.preState.codes),
    workerSetup,
  })
  const block = { blockOverrides: { number: 1000n, timestamp: 1_000_000n } }
  const [reversed, failed, threw, counted] = await executor.call(
    [
      { to: REVERSER, data: '0x010203' },
      { to: REVERSER, data: '0xff', gas: 50_000n },
      { to: REVERSER, data: '0xee' },
      { to: COUNTER, data: '0x0102' },
    ],
    block,
  )
  assert.is(hexOf(reversed?.returnData as Uint8Array), '030201')
  assert.equal([failed?.status, failed?.gasUsed], ['failed', 50_000n])
  assert.equal([threw?.status, threw?.refusal], ['refused', 'PRECOMPILE_THREW'])
  assert.is(BigInt(`0x${hexOf(counted?.returnData as Uint8Array)}`), 2n)
  // What is warm needs no entry.
  const [list] = await executor.createAccessList([{ to: REVERSER, data: '0x01' }], block)
  assert.equal(list?.accessList, [])
  const [estimate] = await executor.estimateGas([{ to: REVERSER, data: '0x01' }], { ...block, errorRatio: 0 })
  assert.is(estimate?.gas, 21_016n + 103n)
  const calls: string[] = []
  for await (const { result } of executor.trace(built.blockRlp, { tracer: 'callTracer', senders: built.senders })) {
    for (const { to, error } of result.calls ?? []) calls.push(`${to} ${error ?? ''}`.trim())
  }
  assert.equal(calls, [
    REVERSER,
    REVERSER,
    REVERSER,
    `${REVERSER} out of gas`,
    `${REVERSER} execution failed`,
    `${DEAR} out of gas`,
    COUNTER,
  ])
  await executor.close()
})

test('a chain with an id of its own runs in the core; with parameters of its own the other engine has the same contracts', async () => {
  const built = build({
    ...scene('prague'),
    transactions: [
      { from: A, to: CONTRACT, data: '0102', accessList: [] },
      { from: B, to: bytes(REVERSER), data: '0102' },
    ],
  })
  const chain = { chainId: 1n, ...JSON.parse(JSON.stringify(chainOf(commonAt('prague')))) }
  const opened = async (common: Common): Promise<BlockResult> => {
    const state = memoryState(built.preState.accounts, built.preState.codes)
    const executor = await BlockExecutor.create({ common, threads: 2, verify: 'none', state, workerSetup })
    const result = await executor.execute(built.blockRlp, { senders: built.senders, generate: true })
    await executor.close()
    return result
  }
  const core = await opened(new Common({ chain, hardfork: 'prague' }))
  const other = await opened(new Common({ chain, hardfork: 'prague', params: { 1: { blake2bRoundGas: 2 } } }))
  assert.equal([core.stats.engine, other.stats.engine], ['wasm', 'ethereumjs'])
  assert.match(other.stats.fallback ?? '', /blake2bRoundGas/)
  assertEqual(core, other)
  // Signed for chain 1: nothing for a chain with another id, which type 1 names.
  const elsewhere = opened(new Common({ chain: { ...chain, chainId: 424_242 }, hardfork: 'prague' }))
  assert.is(
    await elsewhere.then(
      () => '',
      ({ code }: ParallevmError) => code,
    ),
    'INVALID_TRANSACTION',
  )
})

test('a module that exports none, or none that can be, is a typed error', async () => {
  const support = (name: string): URL => new URL(`../../support/${name}.js`, import.meta.url)
  const state = memoryState([], [])
  const opened = (url: URL): Promise<BlockExecutor> => BlockExecutor.create({ state, workerSetup: url })
  const messageOf = (url: URL) =>
    opened(url).then(
      () => '',
      ({ code, message }: ParallevmError) => `${code} ${message}`,
    )
  assert.match(await messageOf(support('words')), /^WORKER_SETUP_FAILED .*must export/)
  assert.match(
    await messageOf(support('sameTwice')),
    /^WORKER_SETUP_FAILED .*customPrecompiles\[1\]: there are two at 0x77/,
  )
})

test.run()
