// Blocks and headers of a node, as their RLP: nothing is believed that does not have the hash that it should have.
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { BLOCKHASH_WINDOW } from '../block/ancestors.js'
import { type BodyTransaction, bytesOf } from '../block/body.js'
import { BLOCK_ACCESS_LIST_HASH, PARENT_HASH, TRANSACTIONS_ROOT } from '../block/format.js'
import { blockToRlp, FieldReader, FixtureError, headerToRlp, type JsonObject } from '../blockFiles/index.js'
import { sameBytes } from '../bytes.js'
import { CHAIN_ID, CODE, read } from '../rpc/answers.js'
import type { RpcClient } from '../rpc/client.js'
import { RpcError } from '../rpc/errors.js'
import { orderedRoot } from '../wasm/orderedRoot.js'
import { accessListToRlp } from './accessList.js'

/** A block of a node. */
export interface NodeBlock {
  chainId: bigint
  number: bigint
  timestamp: bigint
  /** 32 bytes. */
  hash: Uint8Array
  parentHash: Uint8Array
  blockRlp: Uint8Array
  /** Names of the header's fields. */
  fields: ReadonlySet<string>
}

export class NodeBlocks {
  readonly #client: RpcClient

  constructor(client: RpcClient) {
    this.#client = client
  }

  /** `which`: a number or a tag. @throws RpcError */
  async block(which: bigint | string): Promise<NodeBlock> {
    const asked = typeof which === 'bigint' ? quantity(which) : which
    const [chain, json] = await Promise.all([
      this.#client.call('eth_chainId', []),
      this.#json('eth_getBlockByNumber', [asked, true], `block ${which}`),
    ])
    const reader = this.#reader('eth_getBlockByNumber')
    const number = reader.quantity(json.number, 'number')
    const hash = reader.bytes(json.hash, 'hash', 32)
    return {
      chainId: read(CHAIN_ID, chain, this.#client.server, 'eth_chainId'),
      number,
      timestamp: reader.quantity(json.timestamp, 'timestamp'),
      hash,
      parentHash: reader.bytes(json.parentHash, 'parentHash', 32),
      blockRlp: await this.#rlp(json, number, hash),
      fields: new Set(Object.keys(json).filter((name) => json[name] !== null)),
    }
  }

  /** Its own bytes where the node gives them, or made of its JSON. */
  async #rlp(json: JsonObject, number: bigint, hash: Uint8Array): Promise<Uint8Array> {
    const raw = await this.#optional('debug_getRawBlock', [quantity(number)])
    const given = typeof raw === 'string' ? read(CODE, raw, this.#client.server, 'debug_getRawBlock') : undefined
    // Some give blob transactions as they go over the network.
    const rlp = given !== undefined && hasItsTransactions(given) ? given : await this.#fromJson(json)
    const [header] = RLP.decode(rlp) as unknown as [Uint8Array[]]
    if (sameBytes(keccak_256(RLP.encode(header)), hash)) return rlp
    const problem = `the header of block ${number} has not the hash ${bytesToHex(hash)} that the node says`
    throw this.#bad('eth_getBlockByNumber', problem)
  }

  async #fromJson(json: JsonObject): Promise<Uint8Array> {
    const uncles = Array.isArray(json.uncles) ? json.uncles.length : 0
    const headers = await Promise.all(
      Array.from({ length: uncles }, (_, i) =>
        this.#json('eth_getUncleByBlockHashAndIndex', [json.hash, quantity(BigInt(i))], `uncle ${i}`),
      ),
    )
    return this.#made('eth_getBlockByNumber', (reader) => blockToRlp(json, reader, headers))
  }

  /** The header with a hash. @throws RpcError */
  async header(hash: Uint8Array): Promise<Uint8Array> {
    const json = await this.#json('eth_getBlockByHash', [bytesToHex(hash), false], `block ${bytesToHex(hash)}`)
    return this.checked(this.headerOf(json), hash)
  }

  /** RLP of a header given as JSON. @throws RpcError */
  headerOf(json: JsonObject): Uint8Array {
    return this.#made('eth_getBlockByHash', (reader) => headerToRlp(json, reader))
  }

  checked(header: Uint8Array, hash: Uint8Array): Uint8Array {
    if (sameBytes(keccak_256(header), hash)) return header
    throw this.#bad(
      'eth_getBlockByHash',
      `the header of block ${bytesToHex(hash)} has another hash: it has fields that are not known here, or is wrong`,
    )
  }

  /** As many ancestors as BLOCKHASH can ask for, RLP, newest first. @throws RpcError */
  async ancestors({ number, parentHash }: NodeBlock): Promise<Uint8Array[]> {
    const count = number < BLOCKHASH_WINDOW ? Number(number) : BLOCKHASH_WINDOW
    const all = await Promise.all(
      Array.from({ length: count }, (_, i) =>
        this.#json('eth_getBlockByNumber', [quantity(number - 1n - BigInt(i)), false], 'an ancestor'),
      ),
    )
    let wanted = parentHash
    return all.map((json) => {
      const header = this.checked(this.headerOf(json), wanted)
      wanted = (RLP.decode(header) as Uint8Array[])[PARENT_HASH] as Uint8Array
      return header
    })
  }

  /**
   * RLP of the block's access list (EIP-7928); undefined where it has none, or the node does not give it. It has the hash that
   * the header names.
   * @throws RpcError
   */
  async accessList({ number, hash, blockRlp }: NodeBlock): Promise<Uint8Array | undefined> {
    const [header] = RLP.decode(blockRlp) as unknown as [Uint8Array[]]
    const wanted = header[BLOCK_ACCESS_LIST_HASH]
    if (wanted === undefined) return undefined
    let method = 'debug_getRawBlockAccessList'
    const raw = await this.#optional(method, [bytesToHex(hash)])
    let list = typeof raw === 'string' ? read(CODE, raw, this.#client.server, method) : undefined
    if (list === undefined) {
      method = 'eth_getBlockAccessList'
      const json = await this.#optional(method, [bytesToHex(hash)])
      if (!json) return undefined
      list = this.#made(method, (reader) => accessListToRlp(json, reader))
    }
    if (sameBytes(keccak_256(list), wanted)) return list
    throw this.#bad(method, `the access list of block ${number} has not the hash ${bytesToHex(wanted)} of its header`)
  }

  /** Undefined when the node does not have the method. @throws RpcError */
  async #optional(method: string, params: unknown[]): Promise<unknown> {
    try {
      return await this.#client.call(method, params)
    } catch (error) {
      if (error instanceof RpcError && (error.code === 'RPC_METHOD_MISSING' || error.code === 'RPC_FAILED'))
        return undefined
      throw error
    }
  }

  async #json(method: string, params: unknown[], what: string): Promise<JsonObject> {
    const json = await this.#client.call(method, params)
    if (typeof json === 'object' && json !== null) return json as JsonObject
    const problem = `it has no ${what}: check the number, and that the node is synchronised`
    throw new RpcError('RPC_BLOCK_NOT_FOUND', this.#client.server, method, problem)
  }

  #reader(method: string): FieldReader {
    return new FieldReader(`${this.#client.server} ${method}`)
  }

  #made<T>(method: string, make: (reader: FieldReader) => T): T {
    try {
      return make(this.#reader(method))
    } catch (error) {
      if (!(error instanceof FixtureError)) throw error
      throw this.#bad(method, error.message)
    }
  }

  #bad(method: string, problem: string): RpcError {
    return new RpcError('RPC_BAD_ANSWER', this.#client.server, method, problem)
  }
}

function hasItsTransactions(block: Uint8Array): boolean {
  const [header, transactions] = RLP.decode(block) as unknown as [Uint8Array[], BodyTransaction[]]
  return sameBytes(orderedRoot(transactions.map(bytesOf)), header[TRANSACTIONS_ROOT] as Uint8Array)
}

export const quantity = (value: bigint): string => `0x${value.toString(16)}`
