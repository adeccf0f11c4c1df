import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RLP } from '@ethereumjs/rlp'
import { EngineError } from '../block/errors.js'
import { STATE_ROOT } from '../block/format.js'
import { expectedOf, loadCase, writeWitnessCase } from '../blockFiles/index.js'
import { RpcClient, type RpcSettings } from '../rpc/client.js'
import { MissingNodeError } from '../wasm/trieErrors.js'
import { type NodeBlock, NodeBlocks } from './blocks.js'
import { forkOf, NodeExecutor, type NodeExecutorOptions } from './executor.js'
import { fetchNode } from './siblings.js'
import { type BlockWitness, executionWitness } from './witness.js'

export interface Fetched {
  path: string
  /** `there`: it was fetched before. */
  from: 'there' | 'debug_executionWitness' | 'eth_getProof'
  transactions: number
}

export interface FetchOptions extends NodeExecutorOptions {
  /** False: also where the node has debug_executionWitness, it is asked for proofs. */
  witness?: boolean
}

/** A witness that a block was executed from, and the access list that this made (EIP-7928). */
interface Tried {
  witness: BlockWitness
  list?: Uint8Array
}

/** Fetches blocks with their witnesses into files. */
export class BlockFetcher {
  readonly #settings: RpcSettings
  readonly #client: RpcClient
  readonly #blocks: NodeBlocks
  readonly #options: FetchOptions
  readonly #executor: NodeExecutor

  constructor(settings: RpcSettings, options: FetchOptions) {
    this.#settings = settings
    this.#client = new RpcClient(settings)
    this.#blocks = new NodeBlocks(this.#client)
    this.#options = options
    this.#executor = new NodeExecutor(options)
  }

  /** Number of the block that the node knows by this number or tag. @throws RpcError */
  async numberOf(which: bigint | string): Promise<bigint> {
    return typeof which === 'bigint' ? which : (await this.#blocks.block(which)).number
  }

  /**
   * Writes the file of a block, unless it is there. It appears when it is whole, and its block was executed from it with
   * the roots of its header.
   * @throws RpcError, FixtureError, what BlockExecutor throws for a block that is not right
   */
  async fetch(number: bigint, folder: string): Promise<Fetched> {
    const path = join(folder, `${number}.json.gz`)
    if (existsSync(path)) return { path, from: 'there', transactions: transactionsOf(loadCase(path).blockRlp) }
    mkdirSync(folder, { recursive: true })
    const block = await this.#blocks.block(number)
    const given = await this.#given(block)
    const parent = given?.headers[0] ?? (await this.#blocks.header(block.parentHash))
    const root = (RLP.decode(parent) as Uint8Array[])[STATE_ROOT] as Uint8Array
    const tried = (given && (await this.#verified(block, root, given))) ?? (await this.#prove(block, root))
    this.#write(block, root, tried, path)
    const from = tried.witness === given ? 'debug_executionWitness' : 'eth_getProof'
    return { path, from, transactions: transactionsOf(block.blockRlp) }
  }

  async #given(block: NodeBlock): Promise<BlockWitness | undefined> {
    if (this.#options.witness === false) return undefined
    return await executionWitness(this.#client, this.#blocks, block)
  }

  /** The witness, when the block can be executed from it; undefined when something is missing. */
  async #verified(block: NodeBlock, root: Uint8Array, witness: BlockWitness): Promise<Tried | undefined> {
    try {
      return await this.#try(block, root, witness)
    } catch (error) {
      if (isIncomplete(error)) return undefined
      throw error
    }
  }

  /** @throws what BlockExecutor throws */
  async #try(block: NodeBlock, root: Uint8Array, witness: BlockWitness): Promise<Tried> {
    const { blockAccessList } = await this.#executor.onWitness(block, root, witness)
    return { witness, ...(blockAccessList && { list: blockAccessList.rlp }) }
  }

  /** Two passes: the block says what it reads, then what the root needs besides, a node at a time. */
  async #prove(block: NodeBlock, root: Uint8Array): Promise<Tried> {
    const { batch, concurrency, retries, timeout, url } = this.#settings
    const options = { batch, concurrency, retries, timeout, url }
    const { result, state, headers } = await this.#executor.onNode(this.#blocks, block, options)
    const { nodes, codes } = state.witness()
    const witness = { nodes: [...nodes] as Uint8Array[], codes: [...codes] as Uint8Array[], headers }
    const both = { before: block.parentHash, after: block.hash, diff: result.stateDiff }
    for (;;) {
      try {
        return await this.#try(block, root, witness)
      } catch (error) {
        if (!(error instanceof MissingNodeError)) throw error
        witness.nodes.push(...(await fetchNode(this.#client, both, error)))
      }
    }
  }

  #write(block: NodeBlock, root: Uint8Array, { witness, list }: Tried, path: string): void {
    const { nodes, codes, headers } = witness
    const { chainId, number, blockRlp } = block
    const [header] = RLP.decode(blockRlp) as unknown as [Uint8Array[]]
    const blockHashes = new Map<bigint, Uint8Array>()
    const expected = expectedOf(header)
    const preState = { kind: 'witness' as const, root, nodes, codes }
    const fork = forkOf(block, this.#options.fork)
    const unfinished = `${path}.part`
    try {
      const blockCase = { name: String(number), number, chainId, fork, blockRlp, parentHeaders: headers, blockHashes }
      writeWitnessCase({ ...blockCase, ...(list && { blockAccessList: list }), preState, expected }, unfinished)
      renameSync(unfinished, path)
    } finally {
      rmSync(unfinished, { force: true })
    }
  }

  async close(): Promise<void> {
    await this.#executor.close()
  }
}

function isIncomplete(error: unknown): boolean {
  if (error instanceof MissingNodeError) return true
  return error instanceof EngineError && error.code === 'BLOCK_HASH_MISSING'
}

function transactionsOf(blockRlp: Uint8Array): number {
  return (RLP.decode(blockRlp)[1] as unknown[]).length
}
