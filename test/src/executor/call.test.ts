// Calls that change nothing: the transactions of a generated block as questions, with and without suppositions, against
// @ethereumjs/vm on a copy of the state.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type CallRequest,
  type CallResult,
  type ParallevmError,
  type StateSource,
  witnessState,
} from '../../../src/index.js'
import { Random } from '../../../src/workloads/random.js'
import {
  block,
  blockRlp,
  CASES,
  flat,
  HASHES,
  memory,
  number,
  parentHeaders,
  plain,
  reference,
  SEEN,
  senders,
  strip,
  supposition,
  timestamp,
  withExecutor,
  witness,
} from '../../support/callCases.js'
import { hex } from '../../support/mapState.js'

test('output, gas and logs, on one thread and several', async () => {
  const random = new Random(1, 'calls')
  const cases = [...CASES, ...CASES.map((call) => ({ ...call, overrides: supposition(random, call) }))]
  const expected = []
  for (const call of cases) expected.push(await reference(call))
  for (const threads of [1, 3]) {
    const results = await withExecutor(memory(), threads, (executor) =>
      executor.call(strip(cases), { blockOverrides: SEEN, blockHashes: HASHES }),
    )
    for (const [index, result] of results.entries()) {
      const wanted = expected[index] as CallResult | 'refused'
      const label = `call ${index}, ${threads} threads`
      if (wanted === 'refused') assert.is(result.status, 'refused', label)
      else assert.equal(plain(result), plain(wanted), label)
    }
    const kinds = new Set(results.map(({ status }) => status))
    assert.equal([...kinds].sort(), ['failed', 'refused', 'reverted', 'success'])
  }
})

test('nothing is changed: the block comes to the same before and after', async () => {
  const { root, nodes, codes } = witness
  await withExecutor(witnessState({ root, nodes, codes }), 2, async (executor) => {
    const options = { parentHeaders, advance: false }
    const before = await executor.execute(blockRlp, options)
    const calls = strip(CASES)
    const all = await executor.call(calls, { blockOverrides: SEEN, blockHashes: HASHES })
    assert.equal([...new Set(all.map(({ refusal }) => refusal))], [undefined])
    const after = await executor.execute(blockRlp, options)
    assert.equal([after.stateRoot, after.receipts.toString()], [before.stateRoot, before.receipts.toString()])
    // One alone comes to the same as among many.
    for (const index of [0, 7, calls.length - 1]) {
      const [alone] = await executor.call([calls[index] as CallRequest], { blockOverrides: SEEN, blockHashes: HASHES })
      assert.equal(alone, all[index])
    }
  })
})

test('the state after the last block, and the block itself, where nothing else is said', async () => {
  await withExecutor(memory(), 2, async (executor) => {
    const sender = senders[0] as Uint8Array
    // NUMBER, TIMESTAMP, BASEFEE and the caller's balance.
    const code = Uint8Array.from([
      0x43, 0x5f, 0x52, 0x42, 0x60, 32, 0x52, 0x48, 0x60, 64, 0x52, 0x33, 0x31, 0x60, 96, 0x52, 0x60, 128, 0x5f, 0xf3,
    ])
    const asks = {
      from: sender,
      to: new Uint8Array(20).fill(9),
      overrides: [[new Uint8Array(20).fill(9), { code }]],
    } as CallRequest
    const words = ({ returnData }: CallResult) =>
      [0, 32, 64, 96].map((at) => BigInt(`0x${hex(returnData.slice(at, at + 32))}`))
    const none = await executor.call([asks]).catch((error: ParallevmError) => error)
    assert.match(String(none), /options\.block: no block was executed on this state/)
    const { stateDiff } = await executor.execute(blockRlp, { parentHeaders, root: false })
    const balance = [...stateDiff].find(({ address }) => hex(address) === hex(sender))?.balance
    const [free] = (await executor.call([asks])) as [CallResult]
    assert.equal(words(free), [number, timestamp, 0n, balance])
    const price = block.header.baseFeePerGas as bigint
    const [both, paid] = (await executor.call([asks, { ...asks, maxFeePerGas: price, gas: 100_000n }])) as [
      CallResult,
      CallResult,
    ]
    assert.equal(words(both), [number, timestamp, 0n, balance])
    // What it may cost is taken off first.
    assert.equal(words(paid), [number, timestamp, price, (balance as bigint) - price * 100_000n])
    const [later] = (await executor.call([asks], { blockOverrides: { number: 24_000_000n } })) as [CallResult]
    assert.is(words(later)[0], 24_000_000n)
  })
})

test('reasons: refused by a rule, reverted with a text, failed', async () => {
  await withExecutor(memory(), 1, async (executor) => {
    const options = { blockOverrides: SEEN, blockHashes: HASHES }
    const [from, to] = [senders[0] as Uint8Array, new Uint8Array(20).fill(9)]
    const coded = (code: string): CallRequest => ({ from, to, overrides: [[to, { code: `0x${code}` }]] })
    const panic = `7f4e487b71${'0'.repeat(56)}5f526011600452602460${'00'}fd`
    const text = `7f08c379a0${'0'.repeat(56)}5f5260206004526003602452623a2d2960e81b60445260645ffd`
    const results = await executor.call(
      [
        { from, to, value: 10n ** 30n },
        { from, to, gas: 20_999n },
        coded(panic),
        coded(text),
        coded('fe'),
        { from, data: `0x${'00'.repeat(49_153)}`, gas: 10_000_000n },
      ],
      options,
    )
    const said = results.map(({ status, refusal, error, revertReason }) => [status, refusal ?? error, revertReason])
    assert.equal(said, [
      ['refused', 'INSUFFICIENT_FUNDS', undefined],
      ['refused', 'INTRINSIC_GAS_TOO_LOW', undefined],
      ['reverted', 'revert', 'arithmetic underflow or overflow'],
      ['reverted', 'revert', ':-)'],
      ['failed', 'invalid opcode', undefined],
      ['refused', 'INIT_CODE_TOO_LARGE', undefined],
    ])
    const strict = await executor.call(
      [
        { from, to, nonce: 99n, gas: 30_000n },
        { from, to, gas: 17_000_000n },
      ],
      { ...options, validation: true },
    )
    assert.equal(
      strict.map(({ refusal }) => refusal),
      ['NONCE_MISMATCH', 'TRANSACTION_GAS_LIMIT_TOO_HIGH'],
    )
  })
})

test('what is missing, and what is given wrongly, is named; then it goes on', async () => {
  const { root, nodes } = witness
  await withExecutor(witnessState({ root, nodes, codes: [] }), 2, async (executor) => {
    const options = { blockOverrides: SEEN, blockHashes: HASHES }
    const codeOf = (calls: unknown, more: object = options) =>
      executor.call(calls as CallRequest[], more).then(
        () => 'fine',
        (error: ParallevmError) => `${error.code} ${error.message}`,
      )
    assert.match(await codeOf(strip(CASES)), /^MISSING_STATE the code 0x/, 'code')
    assert.match(await codeOf([{ to: new Uint8Array(20).fill(0xee) }]), /^(fine|MISSING_NODE)/)
    assert.match(await codeOf([{ from: '0x12' }]), /^INVALID_INPUT calls\[0\]\.from: expected 20 bytes/)
    assert.match(await codeOf([{ gasPrice: 1n, maxFeePerGas: 1n }]), /calls\[0\]: expected either gasPrice/)
    assert.match(await codeOf([{ overrides: [[new Uint8Array(20), { state: [], stateDiff: [] }]] }]), /either state/)
    assert.match(await codeOf([], { block: '0x00' }), /^INVALID_HEADER/)
    assert.is(await codeOf([]), 'fine')
    const [fine] = await executor.call(
      [{ from: senders[0] as Uint8Array, to: senders[1] as Uint8Array, value: 1n }],
      options,
    )
    assert.is(fine?.status, 'success')
  })
})

test('values that come later park a call', async () => {
  const accounts = new Map(flat.accounts.map((account) => [hex(account.address), account]))
  const codes = new Map(CASES.length ? flat.codes.map((code) => [code, code]) : [])
  const source: StateSource = {
    kind: 'async',
    attach() {},
    async account(address) {
      const account = accounts.get(hex(address))
      if (account === undefined) return undefined
      const { nonce, balance, codeHash } = account
      const [code] = [...codes.keys()].filter((bytes) => hex(keccak_256(bytes)) === hex(codeHash))
      return { nonce, balance, codeHash, ...(code && { code }) }
    },
    async storage(address, key) {
      return accounts.get(hex(address))?.storage.find(([slot]) => hex(slot) === hex(key))?.[1] ?? new Uint8Array(32)
    },
  }
  const direct = await withExecutor(memory(), 1, (executor) =>
    executor.call(strip(CASES), { blockOverrides: SEEN, blockHashes: HASHES }),
  )
  const parked = await withExecutor(source, 2, (executor) =>
    executor.call(strip(CASES), { blockOverrides: SEEN, blockHashes: HASHES }),
  )
  assert.equal(parked.map(plain), direct.map(plain))
})

test.run()
