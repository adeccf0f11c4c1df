// The state a workload starts from. Contracts get here by really being deployed and called; accounts and token balances
// are then written in bulk, to the slots where those contracts keep them.
import { createBlock } from '@ethereumjs/block'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { Address } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { hex } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import { type AbiValue, calldata, encode, word } from './abi.js'
import { BASE_FEE, ETHER, NUMBER, SECONDS_PER_SLOT, TIMESTAMP, workloadCommon } from './chain.js'
import { type ContractName, creationCode } from './contracts.js'
import { FlatState } from './flatState.js'
import { addSystemContracts } from './systemContracts.js'
import { plainAddress, type Wallet, wallet } from './wallet.js'

const SETUP_GAS = 30_000_000n
const SETUP_AGE = 300n * SECONDS_PER_SLOT

export class World {
  readonly state: FlatState
  readonly seed: number
  /** Deploys and owns everything; sends no transaction of the block. */
  readonly deployer: Uint8Array
  readonly #evm: EVM
  /** Address of the contract that was deployed last, by name: what others are linked to. */
  readonly #deployed = new Map<string, Uint8Array>()
  readonly #block = createBlock(
    {
      header: { number: NUMBER - 300n, timestamp: TIMESTAMP - SETUP_AGE, baseFeePerGas: BASE_FEE, gasLimit: SETUP_GAS },
    },
    { common: workloadCommon() },
  )

  private constructor(seed: number, state: FlatState, evm: EVM) {
    this.seed = seed
    this.state = state
    this.#evm = evm
    this.deployer = plainAddress(seed, 'deployer', 0)
    state.set(this.deployer, { balance: 1_000_000_000n * ETHER, nonce: 1n })
    addSystemContracts(state)
  }

  static async create(seed: number): Promise<World> {
    const state = new FlatState()
    return new World(seed, state, await createEVM({ common: workloadCommon(), stateManager: state }))
  }

  /** An externally owned account with ether and a few transactions behind it. */
  user(purpose: string, index: number, nonce = 1n): Wallet {
    const user = wallet(this.seed, purpose, index)
    user.nonce = nonce
    this.state.set(user.address, { balance: 100n * ETHER, nonce })
    return user
  }

  /** @returns address of the new contract */
  async deploy(name: ContractName, ...constructorArguments: AbiValue[]): Promise<Uint8Array> {
    const code = creationCode(name, this.#deployed)
    const result = await this.#run(name, { data: Buffer.concat([code, encode(...constructorArguments)]) })
    const address = result.createdAddress!.bytes
    this.#deployed.set(name, address)
    return address
  }

  /** Calls as the deployer. @returns the returned bytes */
  async call(to: Uint8Array, signature: string, ...values: AbiValue[]): Promise<Uint8Array> {
    return this.callAs({ address: this.deployer }, to, calldata(signature, ...values))
  }

  /** Calls as anybody, whose nonce stays. @returns the returned bytes */
  async callAs(
    { address, value = 0n }: { address: Uint8Array; value?: bigint },
    to: Uint8Array,
    data: Uint8Array,
  ): Promise<Uint8Array> {
    const what = `${hex(data.subarray(0, 4))} of ${hex(to)}`
    const nonce = (await this.state.getAccount(new Address(address)))?.nonce ?? 0n
    const result = await this.#run(what, { caller: address, data, value, to: new Address(to) })
    if (address !== this.deployer) this.state.set(address, { nonce })
    return result.execResult.returnValue
  }

  async #run(
    what: string,
    { caller = this.deployer, data, ...rest }: { caller?: Uint8Array; data: Uint8Array; value?: bigint; to?: Address },
  ) {
    const result = await this.#evm.runCall({
      caller: new Address(caller),
      gasLimit: SETUP_GAS,
      data: new Uint8Array(data),
      block: this.#block,
      ...rest,
    })
    // As after a transaction: warm sets and original values must not leak into the next call.
    await this.#evm.journal.cleanup()
    this.state.originalStorageCache.clear()
    const error = result.execResult.exceptionError
    if (error) {
      const reason = Buffer.from(result.execResult.returnValue)
        .toString('latin1')
        .replace(/[^ -~]/g, '')
      throw new ParallevmError(
        'WORKLOAD_SETUP',
        `setting a workload up failed in ${what}: ${error.error} ${reason}; report a bug`,
      )
    }
    return result
  }
}

/** Slot of `mapping[key]` for a mapping at `slot`. */
export function mappingSlot(key: Uint8Array, slot: Uint8Array): Uint8Array {
  const preimage = new Uint8Array(64)
  preimage.set(key, 32 - key.length)
  preimage.set(slot, 32)
  return keccak_256(preimage)
}

/** Slot number as bytes. */
export function slotNumber(slot: bigint): Uint8Array {
  return word(slot)
}
