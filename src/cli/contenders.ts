import type { BlockCase } from '../blockFiles/index.js'
import {
  BlockExecutor,
  type EngineName,
  type ExecuteOptions,
  type ExecutionMode,
  memoryState,
  witnessState,
} from '../index.js'
import { commonOf, hardforkOf, hasRoot, type RulesOf } from './blockCase.js'
import type { Contender, Run } from './measure.js'

export interface Configuration {
  engine: EngineName
  threads: number
}

/** Said wherever a result of the configuration is shown that another engine gave. */
export function fallbackLine(block: string, label: string, reason: string): string {
  return `block ${block}: ${label} fell back to engine ethereumjs: ${reason}`
}

export function labelOf({ engine, threads }: Configuration): string {
  return `${engine} x${threads}`
}

/**
 * Executors by configuration, kept from block to block: the workers stay warm, as they do in a node, and only the state is
 * replaced. They check nothing themselves: the commands compare their results.
 */
export class Executors {
  readonly #open = new Map<string, BlockExecutor>()
  readonly #timeline: boolean

  /** `timeline`: whether results say what threads did when. */
  constructor(timeline = false) {
    this.#timeline = timeline
  }

  /** The executor of the configuration, its state the one before the block. */
  async on(block: Pick<BlockCase, 'preState'> & RulesOf, { engine, threads }: Configuration): Promise<BlockExecutor> {
    const { preState, chainId } = block
    const state = preState.kind === 'witness' ? witnessState(preState) : memoryState(preState.accounts, preState.codes)
    const key = `${engine} ${threads} ${chainId} ${hardforkOf(block)}`
    const open = this.#open.get(key)
    if (open !== undefined) {
      await open.setState(state)
      return open
    }
    const options = { common: commonOf(block), hardfork: hardforkOf(block), state, engine, threads } as const
    const executor = await BlockExecutor.create({ ...options, verify: 'none', timeline: this.#timeline })
    this.#open.set(key, executor)
    return executor
  }

  /** Ends all of them; `on` starts new ones. */
  async close(): Promise<void> {
    const executors = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(executors.map((executor) => executor.close()))
  }
}

/** What every contender has to do with a block. */
export interface Work {
  /** The state root, where the block has a witness. */
  root: boolean
  /** Senders are taken from the block's file, if they are there, instead of being recovered. */
  givenSenders: boolean
}

/** Options for executing the block again and again from the same state. */
export function repeatable(block: BlockCase, { root, givenSenders }: Work): ExecuteOptions {
  const { senders, parentHeaders, blockHashes, blockAccessList, expected } = block
  return {
    ...(givenSenders && senders && { senders }),
    parentHeaders,
    blockHashes,
    // A fork without lists refuses one: that the file has it is told.
    ...(expected.blockAccessListHash && blockAccessList && { blockAccessList }),
    root: root && hasRoot(block),
    advance: false,
  }
}

/** What one contender has to do with a block, and how. */
export interface Contending extends Work {
  mode: ExecutionMode
  /** RLP of the list that the block is executed from. */
  blockAccessList?: Uint8Array
}

export async function executorContender(
  executors: Executors,
  block: BlockCase,
  configuration: Configuration,
  work: Contending,
): Promise<Contender> {
  const executor = await executors.on(block, configuration)
  const { mode, blockAccessList } = work
  const options = { ...repeatable(block, work), mode, ...(blockAccessList && { blockAccessList }) }
  return {
    label: labelOf(configuration),
    // The block goes in as bytes each time, so that no sender is remembered from the run before.
    run: async (): Promise<Run> => {
      const result = await executor.execute(block.blockRlp, options)
      const { gasUsed, logsBloom, receiptsRoot, stateRoot } = result
      return {
        outcome: { gasUsed, logsBloom, receiptsRoot, stateRoot },
        details: result,
        ms: { ...result.stats.ms, root: options.root ? result.stats.ms.root : undefined },
        reexecutions: result.stats.reexecutions,
        mode: result.stats.mode,
        fallback: result.stats.fallback,
      }
    },
  }
}
