// The transactions of a generated block as questions, with and without suppositions, and what @ethereumjs/vm says to them on a
// copy of the state.
import { createBlock, createBlockFromRLP } from '@ethereumjs/block'
import type { EVMMockBlockchainInterface } from '@ethereumjs/evm'
import { type AccessList, createTx } from '@ethereumjs/tx'
import { Address } from '@ethereumjs/util'
import { createVM, runTx } from '@ethereumjs/vm'
import { withSender } from '../../src/block/transactions.js'
import type { FlatAccount } from '../../src/blockFiles/index.js'
import {
  BlockExecutor,
  type CallRequest,
  type CallResult,
  memoryState,
  type StateOverride,
  type StateSource,
} from '../../src/index.js'
import { workloadCommon } from '../../src/workloads/chain.js'
import { FlatState } from '../../src/workloads/flatState.js'
import { generateWorkload } from '../../src/workloads/index.js'
import type { Random } from '../../src/workloads/random.js'
import { hex } from './mapState.js'

export const GAS = 2_000_000n
const {
  blockRlp,
  preState,
  parentHeaders = [],
  senders = [],
  number,
  blockHashes,
} = await generateWorkload({ kind: 'mainnet-mix', gas: 6_000_000 })
export const flat = (await generateWorkload({ kind: 'mainnet-mix', gas: 6_000_000, withRoots: false })).preState as {
  accounts: FlatAccount[]
  codes: Uint8Array[]
}
if (preState.kind !== 'witness') throw new Error('a workload with roots has a witness')
export const witness = preState
export const common = workloadCommon()
export const block = createBlockFromRLP(blockRlp, { common })
const { timestamp, coinbase, mixHash, gasLimit } = block.header

export { blockRlp, number, parentHeaders, senders, timestamp }
export const HASHES = [...blockHashes]
export const SEEN = { number, timestamp, coinbase: coinbase.bytes, prevRandao: mixHash, gasLimit }

export type Supposed = [address: Uint8Array, override: StateOverride & { slots?: [Uint8Array, Uint8Array][] }]
export interface Case extends CallRequest {
  from: Uint8Array
  overrides: Supposed[]
}

export const CASES: Case[] = block.transactions.map(({ to, data, value }, index) => ({
  from: senders[index] as Uint8Array,
  ...(to && { to: to.bytes }),
  data,
  value,
  gas: GAS,
  overrides: [],
}))

/** Something that the call is likely to read, otherwise than it is. */
export function supposition(random: Random, { from, to }: Case): Supposed[] {
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

export async function stateOf(overrides: Supposed[]): Promise<FlatState> {
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

/** What a call comes to; `state`: that after it. */
export async function reference(call: Case): Promise<CallResult | 'refused'> {
  const ran = await referenceOn(await stateOf(call.overrides), call)
  return ran === 'refused' ? ran : ran.result
}

/** The same on a state, which is that after the call then; and its access list as @ethereumjs/vm reports it. */
export async function referenceOn(
  state: FlatState,
  { from, to, data, value }: Case,
): Promise<{ result: CallResult; accessList: AccessList } | 'refused'> {
  const vm = await createVM({ common, stateManager: state, blockchain: BLOCKCHAIN })
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
    const { execResult, totalGasSpent, receipt, createdAddress, accessList } = await runTx(vm, {
      tx,
      reportAccessList: true,
      block: seen,
      skipHardForkValidation: true,
      skipBlockGasLimitValidation: true,
    })
    const error = execResult.exceptionError?.error
    const result: CallResult = {
      status: error === undefined ? 'success' : error === 'revert' ? 'reverted' : 'failed',
      returnData: execResult.returnValue,
      gasUsed: totalGasSpent,
      logs: receipt.logs.map(([address, topics, data]) => ({ address, topics, data })),
      ...(createdAddress && error === undefined && { createdAddress: createdAddress.bytes }),
    }
    return { result, accessList: accessList ?? [] }
  } catch {
    return 'refused'
  }
}

export function plain({ status, returnData, gasUsed, logs, createdAddress }: CallResult) {
  const text = (bytes: Uint8Array) => hex(bytes)
  return {
    status,
    returnData: text(returnData),
    gasUsed,
    logs: logs.map(({ address, topics, data }) => [text(address), topics.map(text), text(data)]),
    created: createdAddress && text(createdAddress),
  }
}

export async function withExecutor<T>(
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

export const memory = () => memoryState(flat.accounts, flat.codes)
export const strip = (calls: Case[]): CallRequest[] =>
  calls.map(({ overrides, ...call }) => ({
    ...call,
    overrides: overrides.map(([address, { slots: _, ...override }]): [Uint8Array, StateOverride] => [
      address,
      override,
    ]),
  }))
