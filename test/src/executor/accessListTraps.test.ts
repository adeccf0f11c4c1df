// What implementations of block access lists (EIP-7928) got wrong, one by one. Where go-ethereum's evm is there
// (PARALLEVM_GETH_EVM), it makes the same list of each block, byte for byte.
import { Common } from '@ethereumjs/common'
import { hexToBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hex, toBytes } from '../../../src/bytes.js'
import { blockRlp, hashesBefore } from '../../../src/fuzz/blocks.js'
import type { Item } from '../../../src/fuzz/header.js'
import { openGeth } from '../../../src/fuzz/oracles/geth.js'
import {
  type AccountAccess,
  BlockExecutor,
  type BlockResult,
  type ExecutionMode,
  memoryState,
} from '../../../src/index.js'
import { signAuthorization, signTransaction, type TransactionFields } from '../../../src/workloads/transaction.js'
import { plainAddress, wallet } from '../../../src/workloads/wallet.js'
import { amsterdamBlock, amsterdamRules, amsterdamState, CHAIN_ID, COINBASE, PRICES } from '../../support/amsterdam.js'

const ETHER = 10n ** 18n
const CONTRACT = plainAddress(1, 'trap', 0)
const TARGET = plainAddress(1, 'trap', 1)
const OTHER = plainAddress(1, 'trap', 2)
/** A call of a contract that exists, before anything runs (EIP-2780). */
const BEFORE = 12_000n + 3000n
/** Of an account (EIP-8038), and of a slot (EIP-2929). */
const [COLD, COLD_SLOT] = [3000n, 2100n]

const geth = process.env.PARALLEVM_GETH_EVM ? await openGeth(process.env.PARALLEVM_GETH_EVM) : undefined
const executors = await Promise.all(
  [1, 3].map((threads) =>
    BlockExecutor.create({
      ...{ common: new Common({ chain: amsterdamRules().chain }), threads, verify: 'none' as const },
      state: memoryState([]),
    }),
  ),
)

interface Scene {
  /** Code, hex, and balance of accounts besides the senders'. */
  accounts?: [address: Uint8Array, code: string, balance?: bigint][]
  /** By senders of their own, in their order. */
  transactions?: Partial<TransactionFields>[]
  withdrawals?: Item[]
}

const sender = (index: number) => wallet(1, 'trap sender', index)

async function run({ accounts = [], transactions = [], withdrawals = [] }: Scene, threads = 1): Promise<BlockResult> {
  const state = amsterdamState()
  const senders = transactions.map((_, index) => sender(index))
  for (const { address } of senders) state.set(address, { balance: ETHER })
  for (const [address, code, balance = 0n] of accounts)
    state.set(address, { nonce: 1n, balance, code: hexToBytes(`0x${code}`) })
  const signed = transactions.map((fields, index) =>
    signTransaction(
      CHAIN_ID,
      sender(index),
      { type: fields.authorizations ? 4 : 2, gasLimit: 1_000_000n, to: CONTRACT, value: 0n, ...fields },
      PRICES,
    ),
  )
  const block = amsterdamBlock(signed, senders, withdrawals)
  const executor = executors[threads > 1 ? 1 : 0] as BlockExecutor
  await executor.setState(state.source())
  const mode: ExecutionMode = threads > 1 ? 'parallel' : 'sequential'
  const blockHashes = new Map(hashesBefore(block))
  const result = await executor.execute(blockRlp(block), { senders: block.senders, blockHashes, mode })
  const answer = await geth?.run(state, block)
  if (answer !== undefined) {
    assert.is(answer.kind, 'outcome', 'reason' in answer ? answer.reason : '')
    assert.is(
      hex((answer as { accessList: Uint8Array }).accessList),
      hex(result.blockAccessList!.rlp),
      'of go-ethereum',
    )
  }
  return result
}

const listOf = async (scene: Scene) => (await run(scene)).blockAccessList!.accounts
const of = (list: readonly AccountAccess[], address: Uint8Array) =>
  list.find((account) => hex(account.address) === hex(address))
const has = async (scene: Scene, address: Uint8Array) => of(await listOf(scene), address) !== undefined

function assertUntouched(account: AccountAccess | undefined, name: string): void {
  assert.ok(account, name)
  const { address: _, ...lists } = account as AccountAccess
  for (const [list, items] of Object.entries(lists)) assert.equal(items, [], `${name}: ${list}`)
}

const address = (of: Uint8Array): string => `73${hex(of)}`
/** CALL of an address: value, all gas, no data. */
const call = (to: Uint8Array, value = '5f', gas = '5a'): string => `5f5f5f5f${value}${address(to)}${gas}f1`
/** Gas of what `call` pushes. */
const CALL_PUSHES = 5n * 2n + 3n + 2n

for (const [name, code, cost, target] of [
  ['BALANCE', `${address(TARGET)}31`, 3n + COLD, TARGET],
  ['EXTCODEHASH', `${address(TARGET)}3f`, 3n + COLD, TARGET],
  ['CALL', call(TARGET), CALL_PUSHES + COLD, TARGET],
  ['CALL with value', call(TARGET, '6001'), CALL_PUSHES + 1n + COLD + 11_300n, TARGET],
  ['DELEGATECALL', `5f5f5f5f${address(TARGET)}5af4`, CALL_PUSHES - 2n + COLD, TARGET],
  ['SELFDESTRUCT', `${address(TARGET)}ff`, 3n + 5000n + COLD, TARGET],
] as const) {
  test(`${name}: the gas check comes before the access`, async () => {
    const scene = (gas: bigint): Scene => ({
      accounts: [
        [CONTRACT, code, 5n],
        [TARGET, '00', 1n],
      ],
      transactions: [{ gasLimit: BEFORE + gas }],
    })
    assert.is(await has(scene(cost), target), true)
    assert.is(await has(scene(cost - 1n), target), false)
  })
}

test('a slot: the gas check comes before the access, and of SSTORE the stipend', async () => {
  const reads = async (code: string, gas: bigint) => {
    const list = await listOf({ accounts: [[CONTRACT, code]], transactions: [{ gasLimit: BEFORE + gas }] })
    return of(list, CONTRACT)?.storageReads.map(hex)
  }
  const slot = hex(toBytes(5n, 32))
  assert.equal(await reads('600554', 3n + COLD_SLOT), [slot])
  assert.equal(await reads('600554', 3n + COLD_SLOT - 1n), [])
  assert.equal(await reads('6001600555', 6n + 2301n), [slot])
  assert.equal(await reads('6001600555', 6n + 2300n), [])
})

test('a creation that fails before its address is looked at leaves none', async () => {
  const list = await listOf({ accounts: [[CONTRACT, '5f5f6001f0']], transactions: [{}] })
  assertUntouched(of(list, CONTRACT), 'the creator')
  // System contracts, sender, creator, fee recipient.
  assert.is(list.length, 6 + 3)
})

test('who is delegated to stays after the call has failed, and is absent where its gas is short', async () => {
  const scene = (code: string, gasLimit: bigint): Scene => ({
    accounts: [
      [CONTRACT, code],
      [TARGET, `ef0100${hex(OTHER)}`],
      [OTHER, '00'],
    ],
    transactions: [{ gasLimit }],
  })
  const failing = await listOf(scene(call(TARGET, '6001'), 1_000_000n))
  assertUntouched(of(failing, TARGET), 'the target')
  assertUntouched(of(failing, OTHER), 'who it is delegated to')
  const short = await listOf(scene(call(TARGET), BEFORE + CALL_PUSHES + 2n * COLD - 1n))
  assert.ok(of(short, TARGET))
  assert.is(of(short, OTHER), undefined)
})

test('an authority is there once it was looked at, its delegate is not', async () => {
  const authorities = [0, 1, 2].map((index) => wallet(1, 'trap authority', index))
  const [valid, used, elsewhere] = authorities as [
    (typeof authorities)[0],
    (typeof authorities)[0],
    (typeof authorities)[0],
  ]
  const authorizations = [
    signAuthorization(CHAIN_ID, { ...valid }, TARGET),
    signAuthorization(CHAIN_ID, { ...used, nonce: 7n }, TARGET),
    signAuthorization(CHAIN_ID + 1n, { ...elsewhere }, TARGET),
  ]
  const list = await listOf({ accounts: [[CONTRACT, '00']], transactions: [{ authorizations }] })
  const { nonceChanges, codeChanges } = of(list, valid.address) as AccountAccess
  assert.equal(nonceChanges, [{ index: 1, nonce: 1n }])
  assert.equal(
    codeChanges.map(({ code }) => hex(code)),
    [`ef0100${hex(TARGET)}`],
  )
  assertUntouched(of(list, used.address), 'with another nonce')
  assert.is(of(list, elsewhere.address), undefined)
  assert.is(of(list, TARGET), undefined)
})

test('a transaction that halts before its recipient is loaded leaves none', async () => {
  const authorizations = [signAuthorization(CHAIN_ID, { ...wallet(1, 'trap authority', 0) }, TARGET)]
  const gasLimit = BEFORE + 7816n
  const list = await listOf({ accounts: [[CONTRACT, '00']], transactions: [{ authorizations, gasLimit }] })
  assert.is(of(list, CONTRACT), undefined)
  assert.equal(of(list, sender(0).address)?.nonceChanges, [{ index: 1, nonce: 1n }])
})

test('a balance that is what it was keeps the address only', async () => {
  // Sends back what it got.
  const code = '5f5f5f5f34335af1'
  const list = await listOf({ accounts: [[CONTRACT, code]], transactions: [{ value: 5n }] })
  assertUntouched(of(list, CONTRACT), 'who sent it back')
})

test('precompiled contracts are there when they are called, whatever comes of it', async () => {
  const ripemd = toBytes(3n, 20)
  const identity = toBytes(4n, 20)
  const scene = { accounts: [[CONTRACT, call(ripemd, '5f', '5f')]], transactions: [{}, { to: identity, value: 7n }] }
  const list = await listOf(scene as Scene)
  assertUntouched(of(list, ripemd), 'without gas')
  assert.equal(of(list, identity)?.balanceChanges, [{ index: 2, balance: 7n }])
})

test('withdrawals: who gets nothing is there, too, and index n + 1 says what the others have', async () => {
  const withdrawals = [
    [0n, 1n, TARGET, 0n],
    [1n, 1n, OTHER, 3n],
  ]
  const list = await listOf({ withdrawals })
  assertUntouched(of(list, TARGET), 'who gets nothing')
  assert.equal(of(list, OTHER)?.balanceChanges, [{ index: 1, balance: 3_000_000_000n }])
  assert.is(of(list, COINBASE), undefined)
})

test('a beneficiary that gets nothing is there', async () => {
  const list = await listOf({ accounts: [[CONTRACT, `${address(TARGET)}ff`]], transactions: [{}] })
  assertUntouched(of(list, TARGET), 'the beneficiary')
})

test('what only an aborted incarnation looked at is absent', async () => {
  // p = sload(0); sload(p + 256); sstore(0, p + 1): each transaction that runs too early looks at another slot.
  const chase = {
    accounts: [[CONTRACT, '5f5480610100015450600101' + '5f55']],
    transactions: Array(24).fill({}),
  } as Scene
  const wanted = hex((await run(chase)).blockAccessList!.rlp)
  let repeated = 0
  // Whether threads meet is chance, the more so as who comes to a slot that others change waits there (decision 42).
  for (let i = 0; i < 20 || (repeated === 0 && i < 2000); i++) {
    const { blockAccessList, stats } = await run(chase, 3)
    assert.is(hex(blockAccessList!.rlp), wanted)
    repeated += stats.reexecutions
  }
  assert.ok(repeated > 0, 'nothing was executed twice')
})

test.after(async () => {
  for (const executor of executors) await executor.close()
})

test.run()
