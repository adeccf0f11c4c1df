import { workerData } from 'node:worker_threads'
import type { EngineName } from '../types.js'
import { UnusableTestError } from './errors.js'
import type { CaseResult, Selection } from './files.js'
import { runStateFile } from './stateFile.js'
import { StateTestMachine } from './stateMachine.js'

// The module that a thread of `parallevm statetest --threads N` runs: file by file.

const { engine, selection } = workerData as { engine: EngineName; selection: Selection }
const machine = new StateTestMachine(engine)

/** Errors lose their class between threads: that a file is unusable is an answer. */
export type StateFileAnswer = { results: CaseResult[] } | { unusable: string }

export default async function run(file: string): Promise<StateFileAnswer> {
  try {
    return { results: await runStateFile(machine, file, selection) }
  } catch (error) {
    if (error instanceof UnusableTestError) return { unusable: error.message }
    throw error
  }
}
