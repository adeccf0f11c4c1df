import { ParallevmError } from '../errors.js'
import type { BlockCore } from '../wasm/blockCore.js'
import type { RowPort } from '../wasm/rowPort.js'
import { BlockParticipant, HOST_THREAD } from '../workers/blockParticipant.js'
import type { SpanRing } from '../workers/spans.js'
import { WasmEngine } from '../workers/wasmEngine.js'

/**
 * The executor's own thread as one of those that execute a block in the core. A short block is over before another thread
 * is awake, and with one thread fewer than cores to wake, none waits for the core that this one is on.
 * Invariant: it never waits for a worker for long, since it could not hear that the worker has died: see nextTask.
 * Decision 10 (docs/adr/0010-waking-threads.md).
 */
export async function hostThread(
  block: BlockCore,
  rows: RowPort,
  spans: SpanRing | undefined,
): Promise<BlockParticipant> {
  block.exports.setBriefWaits(true)
  const engine = new WasmEngine(block, HOST_THREAD, () => {
    // Only blocks whose state is all in memory are executed here.
    throw new ParallevmError('ENGINE_FAILED', 'the executor thread was asked to fetch a value')
  })
  return new BlockParticipant(HOST_THREAD, block, () => engine, rows, spans)
}
