import { Common } from '@ethereumjs/common'
import { EngineError } from '../block/errors.js'
import { chainOf, forkAt, isKnownChain } from '../blockFiles/index.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import { type RpcState, type RpcStateOptions, rpcState } from '../sources/rpc.js'
import type { StateSource } from '../sources/source.js'
import { witnessState } from '../sources/witness.js'
import type { BlockResult, EngineName } from '../types.js'
import type { NodeBlock, NodeBlocks } from './blocks.js'
import type { BlockWitness } from './witness.js'

export interface NodeExecutorOptions {
  engine: EngineName
  threads: number
  /** Of a chain that is not known: the hardfork of all its blocks. Left out: the latest whose headers have the block's fields. */
  fork?: string
}

/** What a block was executed with, and what it came to. */
export interface Executed {
  result: BlockResult
  /** RLP, newest first. */
  headers: Uint8Array[]
  state: RpcState
}

/** Header fields that came with a fork: the latest fork that has a header with it, latest first. */
const BY_FIELD: readonly [field: string, fork: string][] = [
  ['blockAccessListHash', 'amsterdam'],
  ['requestsHash', 'osaka'],
  ['parentBeaconBlockRoot', 'cancun'],
  ['withdrawalsRoot', 'shanghai'],
  ['baseFeePerGas', 'london'],
]

/** The rules of a block, as @ethereumjs/common names them. */
export function forkOf({ chainId, number, timestamp, fields }: NodeBlock, fork?: string): string {
  if (isKnownChain(chainId)) return forkAt(chainId, number, timestamp) ?? 'osaka'
  return fork ?? BY_FIELD.find(([field]) => fields.has(field))?.[1] ?? 'berlin'
}

/** Executes blocks of a node: on its state, or on what was fetched of it. One executor, for blocks of one chain. */
export class NodeExecutor {
  readonly #options: NodeExecutorOptions
  #open: { key: string; executor: BlockExecutor } | undefined

  constructor(options: NodeExecutorOptions) {
    this.#options = options
  }

  /**
   * On the state before the block, which is read as it is needed. No state root is made: what is read follows from that of the
   * parent where it is proven, and the block's own root from what is read.
   * @throws what BlockExecutor throws
   */
  async onNode(blocks: NodeBlocks, block: NodeBlock, options: RpcStateOptions): Promise<Executed> {
    const asked = blocks.accessList(block)
    asked.catch(() => {})
    return await this.over(blocks, block, options, async (executor, headers, state) => {
      const list = await asked
      const given = { root: false, advance: false, ...(list && { blockAccessList: list }) }
      const result = await executor.execute(block.blockRlp, { parentHeaders: headers, ...given })
      return { result, headers, state }
    })
  }

  /**
   * Does something over the state before the block. Where it lacks a hash of an ancestor it is done once more, with all of them.
   * `headers`: RLP, newest first.
   */
  async over<T>(
    blocks: NodeBlocks,
    block: NodeBlock,
    options: RpcStateOptions,
    use: (executor: BlockExecutor, headers: Uint8Array[], state: RpcState) => Promise<T>,
  ): Promise<T> {
    const state = rpcState({ ...options, block: block.parentHash })
    const executor = await this.#on(block, state)
    try {
      return await use(executor, [await blocks.header(block.parentHash)], state)
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'BLOCK_HASH_MISSING') throw error
      return await use(executor, await blocks.ancestors(block), state)
    }
  }

  /** On the state before the block or after it, read as it is needed; for calls. @throws what BlockExecutor.create throws */
  async at(block: NodeBlock, when: 'before' | 'after', options: RpcStateOptions): Promise<BlockExecutor> {
    return await this.#on(block, rpcState({ ...options, block: when === 'after' ? block.hash : block.parentHash }))
  }

  /** With everything checked that the header says. @throws what BlockExecutor throws, MissingNodeError among it */
  async onWitness(block: NodeBlock, root: Uint8Array, { nodes, codes, headers }: BlockWitness): Promise<BlockResult> {
    const executor = await this.#on(block, witnessState({ root, nodes, codes }))
    return await executor.execute(block.blockRlp, { parentHeaders: headers, advance: false })
  }

  async #on(block: NodeBlock, state: StateSource): Promise<BlockExecutor> {
    const { engine, threads, fork } = this.#options
    const { chainId } = block
    const hardfork = isKnownChain(chainId) ? 'schedule' : forkOf(block, fork)
    const key = `${chainId} ${hardfork}`
    if (this.#open?.key === key) {
      await this.#open.executor.setState(state)
      return this.#open.executor
    }
    await this.close()
    const common = new Common({ chain: chainOf(chainId) })
    const executor = await BlockExecutor.create({ common, hardfork, state, engine, threads })
    this.#open = { key, executor }
    return executor
  }

  async close(): Promise<void> {
    await this.#open?.executor.close()
    this.#open = undefined
  }
}
