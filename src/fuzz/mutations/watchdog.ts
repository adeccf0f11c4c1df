// Executes changed blocks in a thread of its own: one that hangs is ended, and what it hangs on is the finding.
import { Worker } from 'node:worker_threads'
import type { Heartbeat } from './heartbeat.js'
import type { SentFinding, ThreadData, ThreadMessage } from './mutationThread.js'

const THREAD = new URL('./mutationThread.js', import.meta.url)
/** Making a valid block, starting an executor and the reference take a few seconds between two beats. */
const PATIENCE_MS = 30_000
const LOOKS = 10

/**
 * Runs the thread to its end.
 *
 * @param told called with each message of the thread
 * @param patience milliseconds without a beat
 * @returns the finding
 */
export async function watch(
  heartbeat: Heartbeat,
  options: ThreadData['options'],
  told: (message: ThreadMessage) => void,
  { thread = THREAD, patience = PATIENCE_MS } = {},
): Promise<SentFinding | undefined> {
  const { buffer } = heartbeat
  const worker = new Worker(thread, { workerData: { buffer, options } satisfies ThreadData })
  let finding: SentFinding | undefined
  let [beats, since] = [heartbeat.beats, performance.now()]
  const timer = setInterval(() => {
    const now = performance.now()
    if (heartbeat.beats !== beats) [beats, since] = [heartbeat.beats, now]
    if (now - since < patience) return
    const { place, bytes } = heartbeat.current
    finding = { name: 'hang', problem: `it has not ended after ${patience} ms`, place, changed: bytes }
    void worker.terminate()
  }, patience / LOOKS)
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: ThreadMessage) => {
        finding ??= message.finding
        told(message)
      })
      worker.once('error', reject)
      worker.once('exit', () => resolve())
    })
  } finally {
    clearInterval(timer)
  }
  return finding
}
