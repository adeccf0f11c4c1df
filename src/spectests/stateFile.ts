import { bytesToHex } from '@ethereumjs/util'
import { type CaseResult, readTests, type Selection } from './files.js'
import { hasFork } from './forks.js'
import type { PostEntry, StateTest } from './json.js'
import type { StateTestMachine } from './stateMachine.js'

/**
 * Runs the state tests of a file, one after another, and hands on each result when it is there.
 * @throws UnusableTestError when the file holds none
 */
export async function runStateFile(
  machine: StateTestMachine,
  file: string,
  selection: Selection,
  onResult?: (result: CaseResult) => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  const wanted = selection.run === undefined ? undefined : new RegExp(selection.run)
  for (const [name, test] of readTests<StateTest>(file, 'post')) {
    if (wanted?.test(name) === false) continue
    for (const [fork, entries] of Object.entries(test.post)) {
      if (selection.fork !== undefined && selection.fork !== fork) continue
      for (const [index, entry] of entries.entries()) {
        const label = entries.length > 1 ? `${name}[${index}]` : name
        const result = hasFork(fork)
          ? await runCase(machine, label, test, fork, entry)
          : { name: label, fork, pass: false, skipped: `fork ${fork} is not supported` }
        onResult?.(result)
        results.push(result)
      }
    }
  }
  return results
}

async function runCase(
  machine: StateTestMachine,
  name: string,
  test: StateTest,
  fork: string,
  entry: PostEntry,
): Promise<CaseResult> {
  try {
    const { failure, stateRoot } = await machine.run(test, fork, entry)
    const result = { name, pass: failure === undefined, stateRoot: bytesToHex(stateRoot), fork }
    return failure === undefined ? result : { ...result, error: failure }
  } catch (error) {
    const text = error instanceof Error ? (process.env.PARALLEVM_DEBUG && error.stack) || error.message : String(error)
    return { name, pass: false, fork, error: text }
  }
}
