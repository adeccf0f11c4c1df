// Oracles of the fuzzer: the JSON of t8n, who is wrong, and runs against go-ethereum and the Python specification where
// they are installed (docs/oracles.md).
import { bytesToHex } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Refusal } from '../../../src/abi/core.generated.js'
import { ChainCommons } from '../../../src/block/common.js'
import { blockRlp, type FuzzBlock, FuzzWorld } from '../../../src/fuzz/blocks.js'
import { caseOf } from '../../../src/fuzz/case.js'
import { type Finding, Fuzzer } from '../../../src/fuzz/fuzzer.js'
import { difference } from '../../../src/fuzz/oracles/compare.js'
import { ethereumjsOracle } from '../../../src/fuzz/oracles/ethereumjs.js'
import { closeOracles, openOracles, parseOracle } from '../../../src/fuzz/oracles/find.js'
import { judge } from '../../../src/fuzz/oracles/judge.js'
import { type Answer, ORACLE_NAMES, type Oracle, type Outcome } from '../../../src/fuzz/oracles/oracle.js'
import { type T8nResponse, type T8nResult, t8nAnswer, t8nRequest } from '../../../src/fuzz/oracles/t8n.js'
import { shrink } from '../../../src/fuzz/shrink.js'
import { FORK_NAMES, forkOf, rulesOfNetwork } from '../../../src/spectests/forks.js'
import type { PlainState } from '../../../src/spectests/plainState.js'

function worldOf(fork: string, seed = 1): FuzzWorld {
  const rules = rulesOfNetwork(fork)
  return new FuzzWorld(seed, fork, rules, new ChainCommons(rules).at(1n, 1n), forkOf(fork).rules)
}

const hash = (byte: string) => `0x${byte.repeat(32)}` as const
const BLOOM = `0x${'00'.repeat(256)}` as const
const ADDRESS = `0x${'aa'.repeat(20)}` as const
const LOG = { address: ADDRESS, topics: [hash('01')], data: '0x0203' } as const
const RESULT: T8nResult = {
  stateRoot: hash('11'),
  receiptsRoot: hash('22'),
  logsBloom: BLOOM,
  gasUsed: '0x5208',
  receipts: [],
}
const GETH_RECEIPT = { status: '0x1', root: '0x', logsBloom: BLOOM, cumulativeGasUsed: '0x5208', logs: [LOG] } as const
const PYTHON_RECEIPT = { succeeded: true, bloom: BLOOM, cumulativeGasUsed: '0x5208', logs: [LOG] } as const
const withReceipt = (receipt: object): T8nResponse =>
  ({ alloc: {}, result: { ...RESULT, receipts: [receipt] } }) as unknown as T8nResponse

test('geth and the Python specification say the same in other words', () => {
  const { receipts } = t8nAnswer(withReceipt(GETH_RECEIPT)) as Outcome
  assert.equal(receipts, (t8nAnswer(withReceipt(PYTHON_RECEIPT)) as Outcome).receipts)
  assert.is(receipts[0]?.status, 1)
  assert.is('stateRoot' in receipts[0]!, false)
  assert.is(bytesToHex(receipts[0]!.logs[0]!.data), '0x0203')
  const failed = (receipt: object) => (t8nAnswer(withReceipt(receipt)) as Outcome).receipts[0]?.status
  assert.equal([failed({ ...GETH_RECEIPT, status: '0x0' }), failed({ ...PYTHON_RECEIPT, succeeded: false })], [0, 0])
  // Before Byzantium.
  const { succeeded: _, ...old } = PYTHON_RECEIPT
  for (const receipt of [
    { ...GETH_RECEIPT, root: hash('33'), status: '0x0' },
    { ...old, post_state: hash('33') },
  ]) {
    const [{ status, stateRoot } = {}] = (t8nAnswer(withReceipt(receipt)) as Outcome).receipts
    assert.equal([status, bytesToHex(stateRoot!)], [undefined, hash('33')])
  }
})

test('an answer that refuses names the first transaction', () => {
  const answer = (result: Partial<T8nResult>) => t8nAnswer({ alloc: {}, result: { ...RESULT, ...result } })
  const rejected = [
    { index: 4, error: 'type' },
    { index: 2, error: 'nonce' },
    { index: 3, error: 'balance' },
  ]
  assert.equal(answer({ rejected }), { kind: 'refused', transaction: 2, reason: 'nonce' })
  assert.equal(answer({ blockException: 'requests' }), { kind: 'refused', reason: 'requests' })
  for (const none of [[], null, undefined])
    assert.is(answer(none === undefined ? {} : { rejected: none }).kind, 'outcome')
  const { requests } = answer({ requests: ['0x00', '0x0102'] }) as Outcome
  assert.equal(requests?.map(bytesToHex), ['0x0102'])
})

test('a state in either spelling is the state that was sent', async () => {
  const { state } = worldOf('Osaka')
  const alloc = state.toTest()
  const short = Object.fromEntries(
    Object.entries(alloc).map(([address, { nonce, balance, code, storage }]) => [
      address,
      {
        ...(BigInt(nonce) > 0n && { nonce }),
        ...(BigInt(balance) > 0n && { balance }),
        ...(code !== '0x' && { code }),
        storage: Object.fromEntries(Object.entries(storage).map(([k, v]) => [k, `0x${BigInt(v).toString(16)}`])),
      },
    ]),
  )
  const root = bytesToHex(await state.root())
  for (const each of [alloc, short]) {
    const { change } = t8nAnswer({ alloc: each, result: RESULT } as T8nResponse) as Outcome
    assert.is('state' in change && bytesToHex(await change.state.root()), root)
  }
})

test('the environment says what the rules of the fork want, and nothing that they do not have', () => {
  const since: Record<string, string> = {
    currentRandom: 'Paris',
    currentBaseFee: 'London',
    withdrawals: 'Shanghai',
    currentExcessBlobGas: 'Cancun',
    parentBeaconBlockRoot: 'Cancun',
  }
  for (const fork of FORK_NAMES.filter((name) => name !== 'Dao')) {
    const world = worldOf(fork)
    world.next()
    const { env } = t8nRequest(world.state, world.next())
    for (const [field, first] of Object.entries(since)) {
      assert.is(field in env, forkOf(fork).rules >= forkOf(first).rules, `${field} of ${fork}`)
    }
    assert.is('currentDifficulty' in env, forkOf(fork).rules < forkOf('Paris').rules, fork)
    assert.is(env.currentNumber, '0x2')
    assert.equal(Object.keys(env.blockHashes as object), ['0x1', '0x0'])
  }
})

test('the difference names account and slot, and who says what', async () => {
  const world = worldOf('Cancun')
  const block = validBlock(world)
  const right = (await ethereumjsOracle.run(world.state, block)) as Outcome
  assert.is('diff' in right.change, true)
  const state = world.state.copy()
  if ('diff' in right.change) state.apply(right.change.diff)
  const told = (change: (state: PlainState) => void): string | undefined => {
    const other = state.copy()
    change(other)
    const { exact: _, ...rest } = right
    const answer: Answer = { ...rest, change: { state: other } }
    return difference(world.state, { name: 'one', answer: right }, { name: 'other', answer })
  }
  assert.is(
    told(() => {}),
    undefined,
  )
  const [address, account] = [...state.accounts].find(([, { storage }]) => storage.size > 0)!
  const [slot, value] = [...account.storage][0]!
  const gone = told((other) => other.accounts.get(address)?.storage.delete(slot))
  assert.is(gone, `storage ${slot} of ${address}: ${value} by one, nothing by other`)
  assert.match(told((other) => other.accounts.delete(address))!, `existence of ${address}: true by one, false by other`)
  assert.match(told((other) => void other.accounts.get(address)!.balance++)!, new RegExp(`^balance of ${address}`))
  assert.match(told((other) => other.set(new Uint8Array(20).fill(9), {}))!, /^existence of 0x0909/)
})

/** A block that may be. */
function validBlock(world: FuzzWorld): FuzzBlock {
  for (;;) {
    const block = world.next()
    if (block.fault === undefined) return block
  }
}

test('who is wrong', async () => {
  const world = worldOf('Osaka', 3)
  const block = validBlock(world)
  const right = (await ethereumjsOracle.run(world.state, block)) as Outcome
  assert.is(right.kind, 'outcome')
  const { exact: _, ...plain } = right
  const wrong: Answer = { ...plain, gasUsed: right.gasUsed + 1n }
  const other: Answer = { ...plain, gasUsed: right.gasUsed + 2n }
  const refuses: Answer = { kind: 'refused', transaction: 1, reason: 'nonce' }
  const crash: Answer = { kind: 'crash', reason: 'out of memory' }
  const told = (ours: Answer, theirs: Record<string, Answer>, of = block) => {
    const sides = Object.entries(theirs).map(([name, answer]) => ({ name, answer }))
    const { verdict, readings } = judge(world.state, of, { name: 'the executor', answer: ours }, sides)
    return [verdict?.kind, verdict?.against, readings.length]
  }
  const agree = [undefined, undefined, 0]
  assert.equal(told(right, { geth: plain, eels: plain }), agree)
  assert.equal(told(wrong, { geth: plain }), ['executor', 'geth', 0])
  assert.equal(told(wrong, { geth: plain, eels: plain }), ['executor', 'geth, eels', 0])
  assert.equal(told(right, { geth: wrong, eels: plain }), ['oracles', 'geth', 0])
  assert.equal(told(right, { geth: wrong, eels: other }), ['oracles', 'geth, eels', 0])
  assert.equal(told(right, { geth: refuses, eels: plain }), ['oracles', 'geth', 0])
  assert.equal(told(right, { geth: crash, eels: plain }), ['oracles', 'geth', 0])
  assert.equal(told(refuses, { geth: refuses, eels: { ...refuses, reason: 'in other words' } }), agree)
  assert.equal(told(refuses, { geth: { ...refuses, transaction: 2 } }), ['executor', 'geth', 0])
  // The other looks at what needs no state first.
  const planned: FuzzBlock = { ...block, fault: { index: 2, refusal: Refusal.NO_BLOBS } }
  assert.equal(told(refuses, { geth: { ...refuses, transaction: 2 } }, planned), agree)
  assert.equal(told(right, { geth: plain }, planned), ['executor', 'geth', 0])
})

test('a known fault of an oracle counts for nothing, and only where it is one', async () => {
  const world = worldOf('Osaka', 3)
  const block = validBlock(world)
  const typed = block.transactions.findIndex((tx) => tx instanceof Uint8Array)
  assert.ok(typed >= 0)
  const accepts = await ethereumjsOracle.run(world.state, block)
  const refuses: Answer = { kind: 'refused', transaction: typed, reason: 'chain' }
  const told = (name: string, refusal: number, answer: Answer) => {
    const of: FuzzBlock = { ...block, fault: { index: typed, refusal } }
    const { verdict, readings } = judge(world.state, of, { name: 'the executor', answer: refuses }, [{ name, answer }])
    return [verdict?.kind, ...readings]
  }
  assert.equal(told('eels', Refusal.WRONG_CHAIN, accepts), [
    undefined,
    'eels accepts a typed transaction of another chain',
  ])
  assert.equal(told('geth', Refusal.WRONG_CHAIN, accepts), ['executor'])
  assert.equal(told('eels', Refusal.NONCE_TOO_LOW, accepts), ['executor'])
  const crash = (reason: string): Answer => ({ kind: 'crash', reason })
  const modexp = 'ethereum/forks/prague/vm/precompiled_contracts/modexp.py:36'
  const numbers = 'ethereum_types/numeric.py:59, /lib/ethereum_types/numeric.py:39'
  for (const [reason, expected] of [
    [`OverflowError() at /lib/${modexp}, /lib/${numbers}`, [undefined, 'eels crashes in MODEXP']],
    [`OverflowError() at /lib/${modexp}, /lib/ethereum/vm/interpreter.py:7`, ['oracles']],
    [`RecursionError() at /lib/${modexp}, /lib/${numbers}`, ['oracles']],
    [`OverflowError() at /lib/${numbers}`, ['oracles']],
  ] as const) {
    assert.equal(told('eels', Refusal.NONCE_TOO_LOW, crash(reason)), expected, reason)
  }
})

test('oracles are chosen by name, with a place or without', async () => {
  assert.equal(parseOracle('geth'), { name: 'geth' })
  assert.equal(parseOracle('eels:/venv/bin/python'), { name: 'eels', path: '/venv/bin/python' })
  for (const wrong of ['', 'gethh', 'geth:', 'ethereumjs:x', ':geth', 'Geth']) assert.is(parseOracle(wrong), undefined)
  // No such program, and programs that are something else.
  for (const name of ORACLE_NAMES.filter((each) => each !== 'ethereumjs')) {
    for (const path of ['/no/such/program', process.execPath, 'false']) {
      const opened = await openOracles([{ name: 'ethereumjs' }, { name, path }]).catch((error: unknown) => error)
      assert.is((opened as { code?: string }).code, 'ORACLE_MISSING', `${name}:${path}`)
      assert.match((opened as Error).message, /docs\/oracles\.md/)
    }
  }
})

test('a block on which only oracles disagree is made small and saved with the results of the others', async () => {
  // Wrong about every block with a contract creation.
  const liar: Oracle = {
    ...ethereumjsOracle,
    name: 'geth',
    async run(state, block) {
      const answer = await ethereumjsOracle.run(state, block)
      if (answer.kind !== 'outcome' || !answer.exact?.receipts.some((each) => each.contractAddress)) return answer
      const { exact: _, ...rest } = answer
      return { ...rest, gasUsed: answer.gasUsed + 1n }
    },
  }
  const oracles = [liar, { ...ethereumjsOracle, name: 'eels' as const }]
  const fuzzer = new Fuzzer({ engine: 'wasm', threads: 1, seed: 5, forks: ['Berlin'], oracles })
  try {
    let finding: Finding | undefined
    for (let i = 0; finding === undefined && i < 20; i++) finding = await fuzzer.episode()
    assert.ok(finding)
    assert.equal([finding.kind, finding.against], ['oracles', 'geth'])
    const small = await shrink(fuzzer, finding)
    assert.equal([small.kind, small.against, small.block.transactions.length], ['oracles', 'geth', 1])
    assert.is(fuzzer.witness(small).name, 'eels')
    const saved = await caseOf(small, fuzzer.witness(small))
    assert.is(saved.blocks[0]?.rlp, (await caseOf(small)).blocks[0]?.rlp)
    assert.not.equal(saved.blocks[0]?.rlp, bytesToHex(blockRlp(small.block)))
  } finally {
    await fuzzer.close()
  }
})

/** One for each set of rules that a tool has code of its own for. */
const LIVE_FORKS = ['Osaka', 'Prague', 'Cancun', 'Paris', 'Istanbul', 'Frontier']

for (const name of ['geth', 'eels'] as const) {
  test(`random blocks as ${name} executes them`, async () => {
    const oracles = await openOracles([{ name }]).catch((error: { code?: string; message: string }) => {
      if (error.code !== 'ORACLE_MISSING') throw error
      console.log(`skipped: not installed: ${error.message}`)
      return undefined
    })
    if (oracles === undefined) return
    try {
      for (const fork of LIVE_FORKS) {
        const world = worldOf(fork, 7)
        for (let i = 0; i < 2; i++) {
          const block = world.next()
          const [theirs, reference] = await Promise.all(
            [oracles[0]!, ethereumjsOracle].map((oracle) => oracle.run(world.state, block)),
          )
          const sides = [
            { name: 'ethereumjs', answer: reference! },
            { name, answer: theirs! },
          ] as const
          assert.is(difference(world.state, ...sides, block.fault?.index), undefined, `block ${i} of ${fork}`)
          if (reference?.kind === 'outcome' && 'diff' in reference.change) world.state.apply(reference.change.diff)
        }
      }
    } finally {
      await closeOracles(oracles)
    }
  })
}

test.run()
