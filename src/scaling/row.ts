// Blocks one after another, as `executeAll` executes them: what of a block is done while the one before runs.
// Decisions 21 and 44 (docs/adr/0044-a-second-is-blocks-in-a-row.md).
import { SENDER_BATCH_LANES, SENDER_BATCH_MOST } from '../abi/core.generated.js'
import { rootOf, runBlock, startsOf, takingOf } from './block.js'
import { COSTS, type Costs } from './policy.js'
import { alsoAlone, type Prediction, predictionOf } from './predict.js'
import type { Ahead } from './stages.js'
import type { BlockTrace } from './trace.js'

/** Like blocks that are run; the first ones begin with nothing done ahead and are left out. */
const BLOCKS = 9
const FIRST = 3

/** How long a block takes of a row in which there is always a next one, all of them like this. */
export function predictInRow(block: BlockTrace, threads: number, costs: Costs = COSTS): Prediction {
  const { ahead: preparing, before, after, ...stages } = block.inRow
  const trace = { ...block, ...stages }
  const taking = takingOf(trace, threads, costs)
  const root = rootOf(trace.root, taking.threads, costs)
  const rest = after + before + alsoAlone(trace, taking, taking.costs.workersInRow)
  const sender = trace.senders / trace.transactions.length
  const calls = startsOf(taking.threads, taking.costs)
  let starts = [preparing, ...calls.slice(1)]
  let known: number[] = []
  const ran: { total: number; execution: number; executions: number }[] = []
  for (let block = 0; block < BLOCKS; block++) {
    const ahead: Ahead = { known, next: [], from: preparing }
    const { end, execution, executions } = runBlock(trace, taking, starts, ahead)
    const others = taking.threads - 1
    // While one thread begins the root, and while the executor's thread is alone.
    takeAhead(ahead.next, trace, others, end, root.serial, SENDER_BATCH_LANES * sender, SENDER_BATCH_LANES)
    const over = end + root.serial + root.divided
    const batch = SENDER_BATCH_MOST * sender
    const busy = takeAhead(ahead.next, trace, others, over, rest, batch, SENDER_BATCH_MOST)
    const total = over + rest
    known = ahead.next.map((time) => time - total)
    starts = [preparing, ...calls.slice(1).map((call, other) => Math.max(call, (busy[other] ?? 0) - total))]
    ran.push({ total, execution, executions })
  }
  const mean = (pick: (run: (typeof ran)[number]) => number): number =>
    ran.slice(FIRST).reduce((sum, run) => sum + pick(run), 0) / (BLOCKS - FIRST)
  const ms = { total: mean(({ total }) => total), execution: mean(({ execution }) => execution) }
  return predictionOf(
    trace,
    threads,
    taking,
    ms,
    mean(({ executions }) => executions),
  )
}

/**
 * `threads` take senders of the next block from `from` on for `ms`, a batch at a time; one that has begun is ended.
 * @returns when each has ended its last one
 */
function takeAhead(
  next: number[],
  { transactions }: BlockTrace,
  threads: number,
  from: number,
  ms: number,
  batch: number,
  size: number,
): number[] {
  const ends = Array.from({ length: threads }, () => from)
  while (ms > 0 && next.length < transactions.length) {
    const first = ends.reduce((least, end, thread) => (end < ends[least]! ? thread : least), 0)
    if (ends.length === 0 || ends[first]! >= from + ms) break
    ends[first]! += batch
    for (let sender = 0; sender < size && next.length < transactions.length; sender++) next.push(ends[first]!)
  }
  return ends
}
