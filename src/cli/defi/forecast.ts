// What the model of many threads says of a block: beside what was measured, and beyond.
// Decision 41 (docs/adr/0041-a-model-of-many-threads.md).
import type { BlockCase } from '../../blockFiles/index.js'
import type { BlockResult } from '../../index.js'
import type { Touches } from '../../reference/dependencies.js'
import { COSTS } from '../../scaling/policy.js'
import { type Limit, limitOf, type Prediction } from '../../scaling/predict.js'
import { predictInRow } from '../../scaling/row.js'
import type { InRow } from '../../scaling/trace.js'
import { type Executors, repeatable } from '../contenders.js'
import type { Plan } from '../measure.js'
import { traceOf } from './traceOf.js'

/** On so many threads. */
export interface Forecast {
  threads: number
  /** Times faster than one thread, of blocks in a row. */
  gain: number
  /** Transactions a second: `gain` times those that were measured on one thread. */
  pace: number
  reexecutions: number
  mode: Prediction['mode']
}

/** Beside a run on so many threads. */
export interface Check {
  threads: number
  /** Times faster than one thread, least times of both. */
  measured: number
  predicted: number
  /** How much longer than measured the model says that it takes, as a share. */
  error: number
}

export interface Scaling {
  forecasts: Forecast[]
  checks: Check[]
  /** What keeps it from being faster on `LIMITED_THREADS`. */
  limit: Limit
}

/** Beyond those that are measured. */
export const FORECAST_THREADS = [4, 8, 16, 32, 64]
export const LIMITED_THREADS = 16
const LEAST_RUNS = 5

/** Runs of the block on one thread that say what was done when. */
export async function timedRuns(
  executors: Executors,
  block: BlockCase,
  { runs, warmup }: Plan,
): Promise<BlockResult[]> {
  const executor = await executors.on(block, { engine: 'wasm', threads: 1 })
  const options = repeatable(block, { root: true, givenSenders: false })
  const results: BlockResult[] = []
  for (let run = -warmup; run < Math.max(runs, LEAST_RUNS); run++) {
    const result = await executor.execute(block.blockRlp, options)
    if (run >= 0) results.push(result)
  }
  return results
}

/**
 * @param inRow where such blocks follow one another, on one thread
 * @param measured least milliseconds by number of threads, of 1 first
 * @param pace transactions a second on one thread, in a row
 */
export function scalingOf(
  results: readonly BlockResult[],
  touches: readonly Touches[],
  inRow: InRow,
  measured: readonly { threads: number; least: number }[],
  pace: number,
): Scaling {
  const trace = traceOf(results, touches, inRow)
  const one = predictInRow(trace, 1).ms.total
  const gainOf = (prediction: Prediction): number => one / prediction.ms.total
  const threads = [...new Set([...measured.map((run) => run.threads), ...FORECAST_THREADS])].sort((a, b) => a - b)
  const predictions = threads.filter((count) => count > 1).map((count) => predictInRow(trace, count))
  const [first, ...others] = measured
  return {
    forecasts: predictions.map((prediction) => {
      const { threads, reexecutions, mode } = prediction
      const gain = gainOf(prediction)
      return { threads, gain, pace: gain * pace, reexecutions, mode }
    }),
    checks: others.map(({ threads, least }) => {
      const predicted = gainOf(predictions.find((each) => each.threads === threads)!)
      const gain = first!.least / least
      return { threads, measured: gain, predicted, error: gain / predicted - 1 }
    }),
    limit: limitOf(trace, LIMITED_THREADS, COSTS, predictInRow),
  }
}
