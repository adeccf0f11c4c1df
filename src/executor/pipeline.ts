import type { BlockResult } from '../types.js'
import type { BlockRun } from './blockRun.js'
import type { Lookahead } from './lookahead.js'

/** Executes a block that was taken; `meanwhile` is for the executor's thread, while workers are busy. */
export type ExecuteRun = (run: BlockRun, meanwhile: () => Promise<void>) => Promise<BlockResult>

/**
 * The results of the blocks that are ahead, in order. A block is executed when its result is asked for, so that the state is
 * always that after the last result; what can be done before is done one block ahead.
 * Decision 21 (docs/adr/0021-the-next-block-meanwhile.md).
 */
export function pipeline(
  lookahead: Lookahead,
  execute: ExecuteRun,
  closing: AbortSignal,
): AsyncIterableIterator<BlockResult> {
  const ending = new AbortController()
  const results = resultsOf(lookahead, execute, closing, ending.signal)
  return {
    next: () => results.next(),
    // Also where a call of `next` waits for a source that does not answer.
    return: () => {
      ending.abort()
      return results.return()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* resultsOf(
  lookahead: Lookahead,
  execute: ExecuteRun,
  closing: AbortSignal,
  ending: AbortSignal,
): AsyncGenerator<BlockResult, void, undefined> {
  let failed = false
  try {
    for (;;) {
      const run = await lookahead.take(closing, ending)
      if (run === undefined) return
      const result = await execute(run, () => lookahead.prepare())
      lookahead.rest()
      yield result
    }
  } catch (error) {
    failed = true
    // Where the consumer has ended it, that is no failure.
    if (!ending.aborted || error !== ending.reason) throw error
  } finally {
    const left = lookahead.end(closing)
    // As for await has it: what made it fail is told, not what came of that.
    if (failed) await left.catch(() => {})
    else await left
  }
}
