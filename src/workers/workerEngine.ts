import type { BlockRequest } from '../abi/blockRequest.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { beginRoot, rootResult, rootWork } from '../wasm/stateRoot.js'
import type { MissingMessage } from './protocol.js'
import type { StageClock } from './stageClock.js'

/** How executing a block ended. */
export type EngineEnd = 'over' | 'failed'

/** One thread's part in a block, as an engine does it. Both engines leave the outcome bytes of receipts/outcome.ts. */
export interface WorkerEngine {
  beginBlock(request: BlockRequest): Promise<void>
  /** Recovers senders that no thread has taken, until there are none: for a thread that does not execute. */
  recoverSenders(): void
  /**
   * Executes transactions until the block is over or failed; recovers the senders it needs. The clock is at `execution`, also
   * when it returns.
   */
  run(clock: StageClock): Promise<EngineEnd>
  /** Hashes what can be hashed until all is taken, which is all of it once all transactions are committed. */
  hashRest(): void
}

/** Tells the executor's thread what a parked transaction waits for. */
export type PostMissing = (message: MissingMessage) => void

/** Keeps the root of the state after transaction `index` of the block (receipts before EIP-658); sequential mode only. */
export function keepRootAfter(block: BlockCore, request: BlockRequest, index: number): void {
  const { core } = block
  beginRoot(core)
  rootWork(core)
  const root = rootResult(core)
  core.bytes.set(root, request.txRootAt(index - 1))
}
