import { Command } from 'commander'
import { Piscina } from 'piscina'
import { UnusableTestError } from '../official/errors.js'
import { runStateFile } from '../official/stateFile.js'
import { StateTestMachine } from '../official/stateMachine.js'
import type { StateFileAnswer } from '../official/stateWorker.js'
import { threadsOption } from './options.js'
import { runTests, selectionOf, type TestOptions, withTestOptions } from './tests.js'

export function stateTestCommand(): Command {
  return withTestOptions(new Command('statetest'))
    .summary('run official state tests')
    .description(
      'Runs state tests of execution-spec-tests and ethereum/tests: one transaction on a given state under one fork. State ' +
        'root and hash of the logs must come out; a transaction that must be refused must be refused for the expected reason.',
    )
    .addOption(threadsOption(false))
    .addHelpText(
      'after',
      '\nA case is one transaction and runs on one thread; --threads runs that many files at a time.\n' +
        'As geth\'s `evm statetest`: --json prints one {"stateRoot": "0x..."} line a case on standard error.\n' +
        '\nExit code: 0 all passed, 1 some failed, 2 some file cannot be used.\n' +
        '\nExamples:\n' +
        '  parallevm statetest state_tests/cancun\n' +
        '  parallevm statetest --fork Osaka --run tstore --json state_tests',
    )
    .action(stateTest)
}

async function stateTest(inputs: string[], options: TestOptions): Promise<void> {
  const { engine, threads } = options
  const selection = selectionOf(options)
  if (threads === 1) {
    const machine = new StateTestMachine(engine)
    return await runTests(inputs, options, 1, (file) => runStateFile(machine, file, selection))
  }
  const pool = new Piscina<string, StateFileAnswer>({
    filename: new URL('../official/stateWorker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: { engine, selection },
  })
  try {
    await runTests(inputs, options, threads, async (file) => {
      const answer = await pool.run(file)
      if ('unusable' in answer) throw new UnusableTestError(answer.unusable)
      return answer.results
    })
  } finally {
    await pool.destroy()
  }
}
