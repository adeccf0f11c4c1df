// The module of the thread that executes changed blocks.
import { parentPort, workerData } from 'node:worker_threads'
import type { BlockTest } from '../../spectests/json.js'
import { Heartbeat } from './heartbeat.js'
import { ListFuzzer, type ListProgress } from './listFuzzer.js'
import { MutationFuzzer, type MutationOptions, type MutationPlace, type MutationProgress } from './mutationFuzzer.js'

export interface ThreadData {
  buffer: SharedArrayBuffer
  /** `lists`: valid blocks with false access lists. */
  options: MutationOptions & { target?: 'mutations' | 'lists' }
}

/** A finding without what cannot be sent to another thread. */
export interface SentFinding {
  name: string
  problem: string
  place: MutationPlace
  changed: Uint8Array
  /** The access list given with it. */
  list?: Uint8Array
  /** Absent when the thread hangs. */
  valid?: Uint8Array
  /** The unchanged block as a blockchain test, where it has one. */
  test?: BlockTest
}

export interface ThreadMessage {
  progress: MutationProgress | ListProgress
  finding?: SentFinding
}

/** Sends a message after each valid block, and ends after a finding, `count` changes, or when it is told to. */
async function run({ buffer, options }: ThreadData): Promise<void> {
  const heartbeat = new Heartbeat(buffer)
  const fuzzer = new (options.target === 'lists' ? ListFuzzer : MutationFuzzer)(options, heartbeat)
  const { progress } = fuzzer
  try {
    for (let found = false; !found && !heartbeat.stopped && progress.mutants < (options.count ?? Infinity); ) {
      const finding = await fuzzer.episode()
      found = finding !== undefined
      const message: ThreadMessage = { progress }
      if (finding !== undefined) {
        const { subject, bytes, list, place, problem } = finding
        const { name, test } = subject
        const changed = { changed: bytes, ...(list && { list }) }
        message.finding = { name, problem, place, ...changed, valid: subject.bytes, ...(test && { test }) }
      }
      parentPort?.postMessage(message)
    }
  } finally {
    await fuzzer.close()
  }
}

await run(workerData as ThreadData)
