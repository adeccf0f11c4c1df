import { writeFileSync } from 'node:fs'
import type { BlockResult, Span } from '../types.js'

/** An event of the Trace Event Format, as chrome://tracing and ui.perfetto.dev show it; times in microseconds. */
interface TraceEvent {
  name: string
  ph: 'X' | 'M'
  pid: 1
  tid: number
  ts?: number
  dur?: number
  args: Record<string, string | number>
}

/** What threads did for blocks, one after another, as a file that a browser shows. */
export class TimelineFile {
  readonly #events: TraceEvent[] = []
  readonly #threads = new Set<number>()

  /** Adds what the threads did until this result. */
  add(block: string, { stats: { timeline = [] } }: BlockResult): void {
    for (const { thread, stage, start, end, transaction } of timeline) {
      this.#threads.add(thread)
      const [ts, dur] = [1000 * start, 1000 * (end - start)]
      const args = { block, ...(transaction !== undefined && { transaction }) }
      this.#events.push({ name: stage, ph: 'X', ts, dur, pid: 1, tid: thread, args })
    }
  }

  write(path: string): void {
    const names = [...this.#threads].map(
      (thread): TraceEvent => ({ name: 'thread_name', ph: 'M', pid: 1, tid: thread, args: { name: nameOf(thread) } }),
    )
    writeFileSync(path, JSON.stringify({ traceEvents: [...names, ...this.#events] }))
  }
}

function nameOf(thread: Span['thread']): string {
  return thread === 0 ? 'calling thread' : `worker ${thread}`
}
