import { workerData } from 'node:worker_threads'
import type { EngineName } from '../executor/types.js'
import type { CaseResult, Selection } from './files.js'
import { runStateFile } from './stateFile.js'
import { StateTestMachine } from './stateMachine.js'

// The module that a thread of `parallevm statetest --threads N` runs: file by file.

const { engine, selection } = workerData as { engine: EngineName; selection: Selection }
const machine = new StateTestMachine(engine)

export default function run(file: string): Promise<CaseResult[]> {
  return runStateFile(machine, file, selection)
}
