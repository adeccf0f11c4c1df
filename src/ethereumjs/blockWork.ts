// The block's own changes to the state, before its transactions and after them. Both run as pseudo transactions.
import type { BlockHeader } from '@ethereumjs/block'
import { ConsensusType, Hardfork } from '@ethereumjs/common'
import { Address, bigIntToAddressBytes, bigIntToBytes, hexToBytes } from '@ethereumjs/util'
import { DAO_ACCOUNTS, DAO_REFUND_CONTRACT } from '../block/daoFork.js'
import type { BlockWorkInput } from '../block/decode.js'
import { padded32 } from '../bytes.js'
import type { VersionedEVM } from './evm.js'
import type { VersionedStateManager } from './stateManager.js'

const WEI_PER_GWEI = 1_000_000_000n
/** EIP-4788; no parameter of @ethereumjs names it. */
const BEACON_ROOTS = new Address(hexToBytes('0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02'))

const WITHDRAWAL_REQUEST = 1
const CONSOLIDATION_REQUEST = 2

/** A system call that the block must not fail (EIP-7002, EIP-7251): the block is invalid. */
export class SystemCallFailure {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** DAO fork (EIP-779), parent beacon root (EIP-4788), parent block hash (EIP-2935). */
export async function beforeTransactions(
  evm: VersionedEVM,
  state: VersionedStateManager,
  { header }: BlockWorkInput,
): Promise<void> {
  const { common } = evm
  if (common.hardforkBlock(Hardfork.Dao) === header.number && common.hardfork() === Hardfork.Dao) await drainDao(state)
  if (common.isActivatedEIP(4788) && state.hasCode(BEACON_ROOTS)) {
    const length = common.param('historicalRootsLength')
    const index = header.timestamp % length
    await state.putStorage(BEACON_ROOTS, word(index), bigIntToBytes(header.timestamp))
    await state.putStorage(BEACON_ROOTS, word(index + length), header.parentBeaconBlockRoot!)
  }
  if (common.isActivatedEIP(2935)) {
    const history = new Address(bigIntToAddressBytes(common.param('historyStorageAddress')))
    if (state.hasCode(history)) {
      const key = word((header.number - 1n) % common.param('historyServeWindow'))
      await state.putStorage(history, key, header.parentHash)
    }
  }
}

async function drainDao(state: VersionedStateManager): Promise<void> {
  let drained = 0n
  for (const hex of DAO_ACCOUNTS) {
    const address = new Address(hexToBytes(`0x${hex}`))
    drained += (await state.getAccount(address))?.balance ?? 0n
    await state.modifyAccountFields(address, { balance: 0n })
  }
  state.credit(hexToBytes(`0x${DAO_REFUND_CONTRACT}`), drained)
}

/**
 * Withdrawals (EIP-4895), rewards of the block and its uncles, requests of the system contracts (EIP-7002, EIP-7251).
 *
 * @returns requests, type byte and data
 * @throws SystemCallFailure
 */
export async function afterTransactions(
  evm: VersionedEVM,
  state: VersionedStateManager,
  { header, uncles, withdrawals }: BlockWorkInput,
): Promise<Uint8Array[]> {
  const { common } = evm
  for (const { address, amount } of withdrawals) {
    state.credit(address, amount * WEI_PER_GWEI)
    // Also a withdrawal of nothing touches the account.
    if (amount === 0n) await removeIfEmpty(state, address)
  }
  if (common.consensusType() === ConsensusType.ProofOfWork) {
    const reward = common.param('minerReward')
    for (const uncle of uncles) {
      const share = ((uncle.number + 8n - header.number) * reward) / 8n
      state.credit(uncle.coinbase, share > 0n ? share : 0n)
    }
    state.credit(header.coinbase.bytes, reward + (reward / 32n) * BigInt(uncles.length))
  }
  const requests: Uint8Array[] = []
  if (common.isActivatedEIP(7002)) {
    requests.push(await request(evm, state, header, WITHDRAWAL_REQUEST, 'withdrawalRequestPredeployAddress'))
  }
  if (common.isActivatedEIP(7251)) {
    requests.push(await request(evm, state, header, CONSOLIDATION_REQUEST, 'consolidationRequestPredeployAddress'))
  }
  return requests
}

async function removeIfEmpty(state: VersionedStateManager, address: Uint8Array): Promise<void> {
  const account = await state.getAccount(new Address(address))
  if (account?.isEmpty()) await state.deleteAccount(new Address(address))
}

async function request(
  evm: VersionedEVM,
  state: VersionedStateManager,
  header: BlockHeader,
  type: number,
  predeploy: string,
): Promise<Uint8Array> {
  const { common } = evm
  const to = new Address(bigIntToAddressBytes(common.param(predeploy)))
  if (!state.hasCode(to)) {
    throw new SystemCallFailure(`no code at ${to}, the contract of EIP-7685 request type ${type}`)
  }
  const caller = new Address(bigIntToAddressBytes(common.param('systemAddress')))
  const { execResult } = await evm.runCall({
    block: { header } as never,
    caller,
    to,
    gasLimit: common.param('systemCallGasLimit'),
    skipNonceIncrement: true,
  })
  if (execResult.exceptionError !== undefined) {
    throw new SystemCallFailure(`system call to ${to} failed: ${execResult.exceptionError.error}`)
  }
  // The call touched the system address. Cleaning it up would read it, which a witness of the block cannot answer;
  // and nothing was changed of it, so nothing will be written.
  evm.journal.cleanJournal()
  const data = execResult.returnValue
  const bytes = new Uint8Array(1 + data.length)
  bytes[0] = type
  bytes.set(data, 1)
  return bytes
}

function word(value: bigint): Uint8Array {
  return padded32(bigIntToBytes(value))
}
