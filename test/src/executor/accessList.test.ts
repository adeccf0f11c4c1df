// Amsterdam: what a block touched (EIP-7928), said to the letter, and held to its header; rules as data.
import { Common, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { hexToBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { requestsHash } from '../../../src/block/requests.js'
import { hex } from '../../../src/bytes.js'
import {
  BlockExecutor,
  type BlockResult,
  type CallOptions,
  type ExecuteOptions,
  memoryState,
} from '../../../src/index.js'
import { BUILDER_CONTRACTS, systemCode, systemContract } from '../../../src/workloads/systemContracts.js'
import { signTransaction, type TransactionFields } from '../../../src/workloads/transaction.js'
import { plainAddress, wallet } from '../../../src/workloads/wallet.js'
import { orderedRootWith } from '../../support/orderedRoot.js'

const accessList = suite('access lists')

const GAS_LIMIT = 30_000_000n
const BASE_FEE = 7n
const TIMESTAMP = 1000n
const PRICES = { maxFee: 10n, priorityFee: 3n, maxFeePerBlobGas: 1n }
const COINBASE = plainAddress(1, 'coinbase', 0)
const RECIPIENT = plainAddress(1, 'recipient', 0)
const ETHER = 10n ** 18n
const NONE = new Uint8Array(32)

/** SSTORE(0, 1), SSTORE(1, SLOAD(2)), SSTORE(3, 9) and back to 0. */
const CONTRACT = plainAddress(1, 'contract', 0)
const CODE = hexToBytes('0x60015f55600254600155600960035560006003550000')
/** Slot 5 is set, then all of it reverted. */
const REVERTING = plainAddress(1, 'reverting', 0)
const REVERTING_CODE = hexToBytes('0x600160055560006000fd')

const sender = (index: number) => wallet(1, 'sender', index)

function state() {
  const account = (address: Uint8Array, code: Uint8Array) => ({
    address,
    nonce: 1n,
    balance: 0n,
    codeHash: keccak_256(code),
  })
  const system = ([4788, 2935, 7002, 7251] as const).map((eip) => ({
    address: systemContract(eip),
    code: systemCode(eip),
  }))
  const contracts = [...system, ...BUILDER_CONTRACTS, { address: CONTRACT, code: CODE }]
  contracts.push({ address: REVERTING, code: REVERTING_CODE })
  const senders = [0, 1, 2, 3].map((index) => ({
    ...account(sender(index).address, new Uint8Array(0)),
    nonce: 0n,
    balance: ETHER,
  }))
  const accounts = [...senders, ...contracts.map(({ address, code }) => account(address, code))]
  return memoryState(
    accounts,
    contracts.map(({ code }) => code),
  )
}

interface Sealed {
  result?: BlockResult
  list?: Uint8Array
  gasLimit?: bigint
}

/** RLP of block 1; with a result its header says what came out. */
function blockOf(
  transactions: readonly (Uint8Array | unknown[])[],
  { result, list, gasLimit = GAS_LIMIT }: Sealed = {},
) {
  const roots = orderedRootWith(keccak_256)
  const encoded = transactions.map((tx) => (tx instanceof Uint8Array ? tx : RLP.encode(tx as never)))
  const header = [
    ...[NONE, keccak_256(RLP.encode([])), COINBASE, result?.stateRoot ?? NONE, roots(encoded)],
    ...[result?.receiptsRoot ?? NONE, result?.logsBloom ?? new Uint8Array(256), 0n, 1n, gasLimit],
    ...[
      result?.gasUsed ?? 0n,
      TIMESTAMP,
      new Uint8Array(0),
      NONE,
      new Uint8Array(8),
      BASE_FEE,
      roots([]),
      0n,
      0n,
      NONE,
    ],
    ...[requestsHash(result?.requests ?? []), keccak_256(list ?? new Uint8Array(0)), 77n],
  ]
  return RLP.encode([header, [...transactions], [], []] as never)
}

const signed = (index: number, fields: Partial<TransactionFields> = {}) =>
  signTransaction(1n, sender(index), { type: 2, gasLimit: 1_000_000n, to: RECIPIENT, ...fields }, PRICES) as never

async function withExecutor<T>(
  options: { threads?: number; hardfork?: string; verify?: 'none' | 'header' },
  run: (executor: BlockExecutor) => Promise<T>,
): Promise<T> {
  const executor = await BlockExecutor.create({
    ...{ common: new Common({ chain: Mainnet }), hardfork: 'amsterdam', state: state(), fallback: false, ...options },
  })
  try {
    return await run(executor)
  } finally {
    await executor.close()
  }
}

const executed = (block: Uint8Array, options: ExecuteOptions & { threads?: number; hardfork?: string } = {}) => {
  const { threads = 1, hardfork = 'amsterdam', ...own } = options
  return withExecutor({ threads, hardfork, verify: 'none' }, (executor) => executor.execute(block, own))
}

const TRANSACTIONS = () => [
  signed(0, { value: 5n }),
  signed(1, { to: CONTRACT }),
  signed(2, { to: REVERTING }),
  signed(3, { to: RECIPIENT, accessList: [[plainAddress(1, 'listed', 0), [NONE]]] }),
]

accessList('says what each transaction touched, and nothing else', async () => {
  const { blockAccessList, receipts } = await executed(blockOf(TRANSACTIONS()))
  const { accounts, rlp, hash, items } = blockAccessList!
  assert.equal(hash, keccak_256(rlp))
  assert.is(
    items,
    accounts.reduce((sum, a) => sum + 1 + a.storageChanges.length + a.storageReads.length, 0),
  )
  const of = (address: Uint8Array) => accounts.find((account) => hex(account.address) === hex(address))!
  const addresses = accounts.map(({ address }) => hex(address))
  assert.equal(addresses, [...addresses].sort())
  const slot = (n: number) => hex(Uint8Array.from([...new Uint8Array(31), n]))

  const recipient = of(RECIPIENT)
  assert.equal(recipient.balanceChanges, [{ index: 1, balance: 5n }])
  assert.equal(recipient.nonceChanges, [])

  const contract = of(CONTRACT)
  assert.equal(
    contract.storageChanges.map(({ key }) => hex(key)),
    [slot(0)],
  )
  assert.equal(
    contract.storageChanges[0]!.changes.map(({ index, value }) => [index, hex(value)]),
    [[2, slot(1)]],
  )
  // Slot 1 was set to what it was, slot 3 got its value back.
  assert.equal(contract.storageReads.map(hex), [slot(1), slot(2), slot(3)])

  // What was undone was looked at.
  assert.equal(of(REVERTING).storageChanges, [])
  assert.equal(of(REVERTING).storageReads.map(hex), [slot(5)])

  // An entry of a transaction's access list that nobody asked for is no access.
  assert.is(of(plainAddress(1, 'listed', 0)), undefined)
  for (const index of [0, 1, 2, 3]) {
    const { balanceChanges, nonceChanges } = of(sender(index).address)
    assert.equal(nonceChanges, [{ index: index + 1, nonce: 1n }])
    assert.is(balanceChanges.length, 1)
  }
  const tips = receipts.map(({ gasUsed }) => gasUsed * 3n)
  const sums = tips.map((_, index) => tips.slice(0, index + 1).reduce((sum, tip) => sum + tip, 0n))
  assert.equal(
    of(COINBASE).balanceChanges,
    sums.map((balance, i) => ({ index: i + 1, balance })),
  )

  // The block's own work: index 0 before, 5 after; the request queues are only read.
  const history = of(systemContract(2935))
  assert.equal(history.storageReads.length + history.storageChanges.length, 1)
  assert.equal(
    of(systemContract(4788)).storageChanges[0]!.changes.map(({ index }) => index),
    [0],
  )
  assert.equal(of(BUILDER_CONTRACTS[0]!.address).storageReads.length, 4)
})

accessList('of an empty block has neither fee recipient nor system address', async () => {
  const { blockAccessList } = await executed(blockOf([]))
  assert.is(blockAccessList!.accounts.length, 6)
  assert.not.ok(blockAccessList!.accounts.some(({ address }) => hex(address) === hex(COINBASE)))
})

accessList('is the same on two threads, and of a zero tip the fee recipient alone', async () => {
  const transactions = Array.from({ length: 12 }, (_, i) => {
    const from = { ...sender(i % 4), nonce: BigInt(Math.floor(i / 4)) }
    const fields: TransactionFields = {
      type: 2,
      gasLimit: 1_000_000n,
      to: i % 3 === 0 ? CONTRACT : RECIPIENT,
      value: BigInt(i),
    }
    return signTransaction(1n, from, fields, { ...PRICES, priorityFee: 0n }) as never
  })
  const [one, two] = [
    await executed(blockOf(transactions), { mode: 'sequential' }),
    await executed(blockOf(transactions), { threads: 2, mode: 'parallel' }),
  ]
  assert.equal(one.blockAccessList!.rlp, two.blockAccessList!.rlp)
  const coinbase = one.blockAccessList!.accounts.find(({ address }) => hex(address) === hex(COINBASE))!
  assert.equal(coinbase.balanceChanges, [])
})

accessList('rules of a call are those of the block that it sees, whatever tells the block', async () => {
  // The call writes a slot that was zero: what that costs is among the parameters of the hardfork.
  const gas = 1_000_000n
  const of = (hardfork: string, options: (header: Uint8Array) => CallOptions) =>
    withExecutor({ hardfork }, async (executor) => {
      const [header] = RLP.decode(blockOf([])) as unknown as [Uint8Array[]]
      const [result] = await executor.call([{ to: CONTRACT, gas }], options(RLP.encode(header)))
      return result!.gasUsed
    })
  const blockOverrides = { number: 1n, timestamp: TIMESTAMP, gasLimit: GAS_LIMIT }
  const { receipts } = await executed(blockOf([signed(1, { to: CONTRACT })]))
  for (const options of [() => ({ blockOverrides }), (block: Uint8Array) => ({ block })])
    assert.is(await of('amsterdam', options), receipts[0]!.gasUsed)
  // An earlier EIP-8037: the price of state followed the gas limit, that of the override.
  const priced = 'amsterdam@bal-5.7.0'
  const [low, high] = [GAS_LIMIT, 4n * GAS_LIMIT]
  const raised = await of(priced, (block) => ({ block, blockOverrides: { gasLimit: high } }))
  assert.is(raised, await of(priced, () => ({ blockOverrides: { ...blockOverrides, gasLimit: high } })))
  assert.ok(raised > (await of(priced, () => ({ blockOverrides: { ...blockOverrides, gasLimit: low } }))))
})

accessList('is what the header says, or the block is refused with the first wrong claim', async () => {
  const transactions = TRANSACTIONS()
  const result = await executed(blockOf(transactions))
  const { rlp, accounts } = result.blockAccessList!
  const sealed = (list: Uint8Array) => blockOf(transactions, { result, list })
  // In parallel it is executed from the list.
  const given = (list: Uint8Array, options: ExecuteOptions, mode: 'sequential' | 'parallel') =>
    withExecutor({ verify: 'header', threads: 2 }, async (executor) => {
      const error = await executor.execute(sealed(list), { ...options, mode }).catch((thrown: unknown) => thrown)
      // Whatever came of it, the true list is still one of this state.
      const right = { blockAccessList: rlp, mode: 'parallel', advance: false } as const
      if (error instanceof Error) assert.is((await executor.execute(sealed(rlp), right)).stats.mode, 'list')
      return error
    })
  const refusal = async (list: Uint8Array, options: ExecuteOptions, pattern: RegExp) => {
    for (const mode of ['sequential', 'parallel'] as const) {
      const error = (await given(list, options, mode)) as { code: string; message: string }
      assert.is(error.code, 'INVALID_BLOCK_ACCESS_LIST')
      assert.match(error.message, pattern)
    }
  }
  for (const [mode, as] of [
    ['sequential', 'sequential'],
    ['parallel', 'list'],
  ] as const) {
    const right = (await given(rlp, { blockAccessList: rlp }, mode)) as BlockResult
    assert.equal(right.stateRoot, result.stateRoot)
    assert.equal(right.blockAccessList, result.blockAccessList)
    assert.is(right.stats.mode, as)
  }

  const fields = RLP.decode(rlp) as unknown as [Uint8Array, ...unknown[]][]
  const at = accounts.findIndex(({ address }) => hex(address) === hex(RECIPIENT))
  const changed = (change: (account: unknown[]) => unknown[]): Uint8Array =>
    RLP.encode(fields.map((account, index) => (index === at ? change([...account]) : account)) as never)
  const who = `0x${hex(RECIPIENT)}`
  const wrong = changed((account) => account.with(3, [[1n, 6n]]))
  await refusal(wrong, {}, /the header says/)
  await refusal(
    wrong,
    { blockAccessList: wrong },
    new RegExp(`${who} has balance 6 .* should say .*${who} has balance 5`),
  )
  const missing = RLP.encode(fields.filter((_, index) => index !== at) as never)
  await refusal(missing, { blockAccessList: missing }, new RegExp(`should say account ${who} is touched`))
  const surplus = changed((account) => account.with(2, [1n]))
  await refusal(surplus, { blockAccessList: surplus }, /slot 0x0+1 is read/)
  const late = changed((account) => account.with(3, [[2n, 5n]]))
  await refusal(late, { blockAccessList: late }, /from index 2 on where it should say .*from index 1 on/)
  const nonsense = Uint8Array.of(0xc1)
  await refusal(nonsense, { blockAccessList: nonsense }, /does not decode/)
  await refusal(rlp, { blockAccessList: wrong }, /the list given has hash/)
})

accessList('has at most a 2,000th of the gas limit in addresses and slots', async () => {
  const gasLimit = 48_000n
  const result = await executed(blockOf([], { gasLimit }))
  const list = result.blockAccessList!.rlp
  const error = await withExecutor({ verify: 'header' }, (executor) =>
    executor.execute(blockOf([], { result, list, gasLimit })).catch((thrown: unknown) => thrown),
  )
  assert.is((error as { code: string }).code, 'BLOCK_ACCESS_LIST_TOO_LONG')
})

accessList('rules are data: the same block under an earlier rule set', async () => {
  // EIP-2780: a recipient that begins to exist is paid for, one that gets nothing is cheaper.
  const [newest, earlier] = [
    await executed(blockOf(TRANSACTIONS())),
    await executed(blockOf(TRANSACTIONS()), { hardfork: 'amsterdam@bal-5.7.0' }),
  ]
  assert.is(newest.receipts[0]!.gasUsed, 21_000n + 120n * 1530n)
  assert.is(earlier.receipts[0]!.gasUsed, 21_000n)
  assert.is(newest.receipts[3]!.gasUsed, 15_000n + 4180n + 4048n)
  assert.is(earlier.receipts[3]!.gasUsed, 21_000n + 3680n + 3948n)
})

accessList('is no rule of hardforks without, and the other engine refuses those with', async () => {
  const block = blockOf([])
  const failing = async (options: object, own: ExecuteOptions = {}) => {
    const executor = await BlockExecutor.create({ common: new Common({ chain: Mainnet }), state: state(), ...options })
    const error = await executor.execute(block, own).catch((thrown: unknown) => thrown)
    await executor.close()
    return (error as { code: string }).code
  }
  assert.is(await failing({ hardfork: 'amsterdam', engine: 'ethereumjs' }), 'ENGINE_UNAVAILABLE')
  const osaka = RLP.decode(block) as unknown as Uint8Array[][]
  osaka[0] = osaka[0]!.slice(0, 21)
  const executor = await BlockExecutor.create({
    ...{ common: new Common({ chain: Mainnet }), hardfork: 'osaka', state: state(), threads: 1, verify: 'none' },
  })
  try {
    const bytes = RLP.encode(osaka as never)
    // There it may help, and what it says is nobody's rule.
    const guess = { blockAccessList: block, advance: false }
    assert.is((await executor.execute(bytes, guess)).blockAccessList, undefined)
    assert.is((await executor.execute(bytes, { advance: false })).blockAccessList, undefined)
    // As a report: whatever the hardfork.
    const { blockAccessList } = await executor.execute(bytes, { accessList: true })
    assert.is(blockAccessList!.accounts.length, 4)
  } finally {
    await executor.close()
  }
})

accessList.run()
