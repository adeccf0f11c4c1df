// A chain made through the JSON-RPC of a node that mines what it is sent: deployments, trades on Uniswap V2, a blob, a delegation,
// and storage that is given back.

import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { sha256 } from '@noble/hashes/sha2.js'
import { RpcClient } from '../../src/rpc/client.js'
import { type AbiValue, calldata, encode } from '../../src/workloads/abi.js'
import { type ContractName, creationCode } from '../../src/workloads/contracts.js'
import { systemCode, systemContract } from '../../src/workloads/systemContracts.js'
import { signAuthorization, signTransaction, type TransactionFields } from '../../src/workloads/transaction.js'
import { type Wallet, wallet } from '../../src/workloads/wallet.js'

const ETHER = 10n ** 18n
const LIQUIDITY = 1_000_000n * ETHER
const NEVER = 2n ** 64n
const GAS = 6_000_000n
const GWEI = 10n ** 9n

/** Who sends all transactions, and whose account is delegated: to be given ether by a genesis block, or at first. */
export const USER = wallet(1, 'dev', 0)
export const AUTHORITY = wallet(3, 'authority', 0)

export class DevChain {
  readonly client: RpcClient
  readonly #chainId: bigint
  readonly #user: Wallet

  private constructor(client: RpcClient, chainId: bigint, user: Wallet) {
    this.client = client
    this.#chainId = chainId
    this.#user = user
  }

  /** Of a node whose first account is unlocked, or where USER and AUTHORITY have ether. */
  static async open(url: string, { anvil = false } = {}): Promise<DevChain> {
    const client = new RpcClient({ url, batch: 100, concurrency: 4, retries: 5, timeout: 30_000, headers: {} })
    const chainId = BigInt((await client.call('eth_chainId', [])) as string)
    const user = { ...USER }
    const chain = new DevChain(client, chainId, user)
    if (anvil) await chain.#makeStrict()
    for (const { address } of [user, AUTHORITY]) await chain.#fund(bytesToHex(address))
    return chain
  }

  /** By the node's first account, unless there is something already. */
  async #fund(to: string): Promise<void> {
    if (BigInt((await this.client.call('eth_getBalance', [to, 'latest'])) as string) > 0n) return
    const [from] = (await this.client.call('eth_accounts', [])) as string[]
    const value = `0x${(1000n * ETHER).toString(16)}`
    await this.#receipt((await this.client.call('eth_sendTransaction', [{ from, to, value }])) as string)
  }

  /**
   * Anvil is no consensus client's: its blocks may have the same time, and it lacks the contracts that Prague's own work calls
   * (EIP-7002, EIP-7251), which find nothing to do.
   */
  async #makeStrict(): Promise<void> {
    await this.client.call('anvil_setBlockTimestampInterval', [12])
    for (const eip of [7002, 7251] as const) {
      await this.client.call('anvil_setCode', [bytesToHex(systemContract(eip)), bytesToHex(systemCode(eip))])
    }
  }

  /** Number of the last block. */
  async fill(): Promise<bigint> {
    const [a, b] = [await this.#token(), await this.#token()]
    const factory = await this.#deploy('UniswapV2Factory', this.#user.address)
    const router = await this.#deploy('UniswapV2Router02', factory, await this.#deploy('WETH9'))
    await this.#call(factory, 'createPair(address,address)', a, b)
    for (const token of [a, b]) await this.#call(token, 'approve(address,uint256)', router, 2n * LIQUIDITY)
    const amounts = [LIQUIDITY, LIQUIDITY, 0n, 0n]
    const add = 'addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)'
    await this.#call(router, add, a, b, ...amounts, this.#user.address, NEVER)
    const swap = 'swapExactTokensForTokens(uint256,uint256,address[],address,uint256)'
    for (const path of [
      [a, b],
      [b, a],
      [a, b],
    ])
      await this.#call(router, swap, ETHER, 0n, path, this.#user.address, NEVER)

    // Leaves that come and go: a deletion merges what is beside them.
    const friends = Array.from({ length: 24 }, (_, i) => wallet(2, 'friend', i).address)
    for (const friend of friends) await this.#call(a, 'transfer(address,uint256)', friend, ETHER)
    await this.#call(a, 'approve(address,uint256)', router, 0n)

    const lab = await this.#deploy('Lab')
    await this.#call(lab, 'countAll()')
    await this.#call(lab, 'spawnAt(bytes32)', new Uint8Array(32).fill(7))
    await this.#blob()
    const authorizations = [signAuthorization(this.#chainId, { ...AUTHORITY }, lab)]
    await this.#send({ type: 4, to: this.#user.address, authorizations, gasLimit: GAS })
    await this.#send({ type: 2, to: AUTHORITY.address, data: calldata('countAll()'), gasLimit: GAS })
    await this.#send({ type: 0, to: friends[0] as Uint8Array, value: ETHER, gasLimit: 21_000n })
    const accessList: [Uint8Array, Uint8Array[]][] = [[a, [new Uint8Array(32)]]]
    await this.#send({ type: 1, to: a, data: calldata('totalSupply()'), accessList, gasLimit: GAS })
    return BigInt((await this.client.call('eth_blockNumber', [])) as string)
  }

  #token(): Promise<Uint8Array> {
    return this.#deploy('WorkloadToken', 10n ** 15n * ETHER)
  }

  async #deploy(name: ContractName, ...values: AbiValue[]): Promise<Uint8Array> {
    const data = new Uint8Array(Buffer.concat([creationCode(name), encode(...values)]))
    const { contractAddress } = await this.#send({ type: 2, data, gasLimit: GAS })
    return hexToBytes(contractAddress as `0x${string}`)
  }

  #call(to: Uint8Array, signature: string, ...values: AbiValue[]) {
    return this.#send({ type: 2, to, data: calldata(signature, ...values), gasLimit: GAS })
  }

  async #send(fields: TransactionFields, wrap?: (signed: Uint8Array) => Uint8Array) {
    const signed = signTransaction(this.#chainId, this.#user, fields, {
      maxFee: 100n * GWEI,
      priorityFee: GWEI,
      maxFeePerBlobGas: 100n * GWEI,
    })
    const bytes = signed instanceof Uint8Array ? signed : RLP.encode(signed as never)
    const hash = await this.client.call('eth_sendRawTransaction', [bytesToHex(wrap?.(bytes) ?? bytes)])
    const receipt = await this.#receipt(hash as string)
    if (receipt.status !== '0x1')
      throw new Error(`a transaction of type ${fields.type} failed: ${JSON.stringify(receipt)}`)
    return receipt
  }

  /** Of zeros: its commitment and proofs are the point at infinity, and need no library. EIP-4844; EIP-7594 for cells. */
  async #blob(): Promise<void> {
    const infinity = new Uint8Array(48)
    infinity[0] = 0xc0
    const hash = sha256(infinity)
    hash[0] = 1
    const fields: TransactionFields = {
      type: 3,
      to: this.#user.address,
      blobVersionedHashes: [hash],
      gasLimit: 21_000n,
    }
    const cells = Array.from({ length: 128 }, () => infinity)
    await this.#send(fields, (signed) => {
      const payload = RLP.decode(signed.subarray(1))
      const network = RLP.encode([payload, 1, [new Uint8Array(131_072)], [infinity], cells] as never)
      return new Uint8Array([3, ...network])
    })
  }

  async #receipt(hash: string): Promise<{ status: string; contractAddress: string | null }> {
    for (let tries = 0; tries < 400; tries++) {
      // A geth that has just started refuses while it looks for older transactions.
      const receipt = await this.client.call('eth_getTransactionReceipt', [hash]).catch((error: Error) => {
        if (/indexing is in progress/.test(error.message)) return null
        throw error
      })
      if (receipt !== null) return receipt as { status: string; contractAddress: string | null }
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    throw new Error(`the node does not mine ${hash}`)
  }
}
