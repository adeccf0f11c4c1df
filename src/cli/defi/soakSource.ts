// Blocks for the soak, made by a thread of their own: making one takes longer than executing it.
import { on, once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FlatAccount } from '../../blockFiles/types.js'
import type { Variant } from '../../workloads/defi/index.js'

export interface SoakRequest {
  workload: string
  variant: Variant
  gas: number
  seed: number
}

export interface SoakBlock {
  /** RLP. */
  block: Uint8Array
  /** Positions of the transactions that are meant to fail. */
  failing: number[]
}

export type SoakMessage =
  | { kind: 'state'; accounts: FlatAccount[]; codes: Uint8Array[] }
  | ({ kind: 'block' } & SoakBlock)

/** Blocks that wait to be executed: what memory they take is bounded by that. */
const AHEAD = 16

export class SoakSource {
  readonly accounts: FlatAccount[]
  readonly codes: Uint8Array[]
  readonly #worker: Worker
  readonly #messages: AsyncIterator<unknown[]>
  /** Milliseconds that were waited for blocks. */
  waited = 0

  private constructor(worker: Worker, messages: AsyncIterator<unknown[]>, state: SoakMessage & { kind: 'state' }) {
    this.#worker = worker
    this.#messages = messages
    this.accounts = state.accounts
    this.codes = state.codes
  }

  /** @throws what the thread throws */
  static async start(request: SoakRequest): Promise<SoakSource> {
    const worker = new Worker(new URL('./soakBlocks.js', import.meta.url), { workerData: request })
    const [state] = (await once(worker, 'message')) as [SoakMessage & { kind: 'state' }]
    const source = new SoakSource(worker, on(worker, 'message'), state)
    for (let ahead = 0; ahead < AHEAD; ahead++) worker.postMessage('next')
    return source
  }

  /** The next blocks, when all of them are there. */
  async take(count: number): Promise<SoakBlock[]> {
    const start = performance.now()
    const blocks: SoakBlock[] = []
    while (blocks.length < count) {
      const { value } = await this.#messages.next()
      this.#worker.postMessage('next')
      const { block, failing } = value[0] as SoakBlock
      blocks.push({ block, failing })
    }
    this.waited += performance.now() - start
    return blocks
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
