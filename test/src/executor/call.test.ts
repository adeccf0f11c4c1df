// Calls that change nothing: the transactions of a generated block as questions, with and without suppositions, against
// @ethereumjs/vm on a copy of the state.
import { createBlock, createBlockFromRLP } from '@ethereumjs/block'
import type { EVMMockBlockchainInterface } from '@ethereumjs/evm'
import { createTx } from '@ethereumjs/tx'
import { Address } from '@ethereumjs/util'
import { createVM, runTx } from '@ethereumjs/vm'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withSender } from '../../../src/block/transactions.js'
import type { FlatAccount } from '../../../src/blockFiles/index.js'
import {
  BlockExecutor,
  type CallRequest,
  type CallResult,
  memoryState,
  type ParallevmError,
  type StateOverride,
  type StateSource,
  witnessState,
} from '../../../src/index.js'
import { workloadCommon } from '../../../src/workloads/chain.js'
import { FlatState } from '../../../src/workloads/flatState.js'
import { generateWorkload } from '../../../src/workloads/index.js'
import { Random } from '../../../src/workloads/random.js'
import { hex } from '../../support/mapState.js'

const GAS = 2_000_000n
const {
  blockRlp,
  preState,
  parentHeaders = [],
  senders = [],
  number,
  blockHashes,
} = await generateWorkload({ kind: 'mainnet-mix', gas: 6_000_000 })
const flat = (await generateWorkload({ kind: 'mainnet-mix', gas: 6_000_000, withRoots: false })).preState as {
  accounts: FlatAccount[]
  codes: Uint8Array[]
}
if (preState.kind !== 'witness') throw new Error('a workload with roots has a witness')
const common = workloadCommon()
const block = createBlockFromRLP(blockRlp, { common })
const { timestamp, coinbase, mixHash, gasLimit } = block.header
const HASHES = [...blockHashes]
const SEEN = { number, timestamp, coinbase: coinbase.bytes, prevRandao: mixHash, gasLimit }

type Supposed = [address: Uint8Array, override: StateOverride & { slots?: [Uint8Array, Uint8Array][] }]
interface Case extends CallRequest {
  from: Uint8Array
  overrides: Supposed[]
}

const CASES: Case[] = block.transactions.map(({ to, data, value }, index) => ({
  from: senders[index] as Uint8Array,
  ...(to && { to: to.bytes }),
  data,
  value,
  gas: GAS,
  overrides: [],
}))

/** Something that the call is likely to read, otherwise than it is. */
function supposition(random: Random, { from, to }: Case): Supposed[] {
  const target = flat.accounts.find(({ address }) => hex(address) === hex((to as Uint8Array) ?? from)) as
    | FlatAccount
    | undefined
  // Not the sender: a transaction of an account with code would be refused (EIP-3607), a question is not.
  const other = random.pick(flat.accounts.filter(({ address }) => hex(address) !== hex(from)))
  const toItself = to === undefined || hex(to as Uint8Array) === hex(from)
  const word = (value: number) => new Uint8Array(32).fill(value, 31)
  const slots = (target?.storage ?? [])
    .filter(() => random.below(3) === 0)
    .map(([key]): [Uint8Array, Uint8Array] => [key, word(random.below(3))])
  const choices: (() => Supposed)[] = [
    () => [from, { balance: BigInt(random.below(2)) * 10n ** 20n, nonce: BigInt(random.below(9)) }],
    () => [target?.address ?? from, { stateDiff: slots, slots }],
    () => [target?.address ?? from, { state: slots, slots }],
    () => [
      toItself || target === undefined ? other.address : target.address,
      { code: flat.codes[random.below(flat.codes.length)] as Uint8Array },
    ],
    () => [other.address, { code: new Uint8Array(0), balance: 0n, nonce: 0n }],
    () => [new Uint8Array(20).map(() => random.below(256)), { balance: 1n, code: Uint8Array.of(0x30, 0x31, 0xff) }],
  ]
  // An address at most once.
  const made = new Map(
    Array.from({ length: 1 + random.below(3) }, () => random.pick(choices)()).map((one) => [hex(one[0]), one]),
  )
  return [...made.values()]
}

async function stateOf(overrides: Supposed[]): Promise<FlatState> {
  const state = new FlatState()
  const codes = new Map(flat.codes.map((code) => [code, code]))
  for (const code of codes.keys()) await state.putCode(new Address(new Uint8Array(20)), code)
  await state.deleteAccount(new Address(new Uint8Array(20)))
  for (const { address, nonce, balance, codeHash, storage } of flat.accounts) {
    state.set(address, { nonce, balance })
    await state.modifyAccountFields(new Address(address), { codeHash })
    for (const [key, value] of storage) state.setSlot(address, key, value)
  }
  for (const [address, { nonce, balance, code, state: whole, slots = [] }] of overrides) {
    state.set(address, {
      ...(nonce !== undefined && { nonce: nonce as bigint }),
      ...(balance !== undefined && { balance: balance as bigint }),
      ...(code !== undefined && { code: code as Uint8Array }),
    })
    if (whole !== undefined) await state.clearStorage(new Address(address))
    for (const [key, value] of slots) state.setSlot(address, key, value)
  }
  return state
}

const BLOCKCHAIN: EVMMockBlockchainInterface = {
  async getBlock(wanted) {
    return { hash: () => new Map(HASHES).get(BigInt(wanted as number)) as Uint8Array }
  },
  async putBlock() {},
  shallowCopy: () => BLOCKCHAIN,
}

async function reference({ from, to, data, value, overrides }: Case): Promise<CallResult | 'refused'> {
  const vm = await createVM({ common, stateManager: await stateOf(overrides), blockchain: BLOCKCHAIN })
  const fields = {
    type: 0,
    gasLimit: GAS,
    gasPrice: 0n,
    ...(to && { to: new Address(to as Uint8Array) }),
    data: data as Uint8Array,
    value: value as bigint,
  }
  const nonce = (await vm.stateManager.getAccount(new Address(from)))?.nonce ?? 0n
  const tx = withSender(createTx({ ...fields, nonce }, { common, freeze: false }) as never, from)
  tx.isSigned = () => true
  const header = {
    ...block.header.toJSON(),
    number,
    timestamp,
    coinbase,
    mixHash,
    gasLimit,
    baseFeePerGas: 0n,
  } as never
  const seen = createBlock({ header }, { common, skipConsensusFormatValidation: true })
  try {
    const { execResult, totalGasSpent, receipt, createdAddress } = await runTx(vm, {
      tx,
      block: seen,
      skipHardForkValidation: true,
      skipBlockGasLimitValidation: true,
    })
    const error = execResult.exceptionError?.error
    return {
      status: error === undefined ? 'success' : error === 'revert' ? 'reverted' : 'failed',
      returnData: execResult.returnValue,
      gasUsed: totalGasSpent,
      logs: receipt.logs.map(([address, topics, data]) => ({ address, topics, data })),
      ...(createdAddress && error === undefined && { createdAddress: createdAddress.bytes }),
    }
  } catch {
    return 'refused'
  }
}

function plain({ status, returnData, gasUsed, logs, createdAddress }: CallResult) {
  const text = (bytes: Uint8Array) => hex(bytes)
  return {
    status,
    returnData: text(returnData),
    gasUsed,
    logs: logs.map(({ address, topics, data }) => [text(address), topics.map(text), text(data)]),
    created: createdAddress && text(createdAddress),
  }
}

async function withExecutor<T>(
  state: StateSource,
  threads: number,
  use: (executor: BlockExecutor) => Promise<T>,
): Promise<T> {
  const executor = await BlockExecutor.create({ state, threads })
  try {
    return await use(executor)
  } finally {
    await executor.close()
  }
}

const memory = () => memoryState(flat.accounts, flat.codes)
const strip = (calls: Case[]): CallRequest[] =>
  calls.map(({ overrides, ...call }) => ({
    ...call,
    overrides: overrides.map(([address, { slots: _, ...override }]): [Uint8Array, StateOverride] => [
      address,
      override,
    ]),
  }))

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
  const { root, nodes, codes } = preState
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
  const { root, nodes } = preState
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
