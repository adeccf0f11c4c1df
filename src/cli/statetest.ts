import { Command } from 'commander'
import { Piscina } from 'piscina'
import { UnusableTestError } from '../spectests/errors.js'
import { runStateFile } from '../spectests/stateFile.js'
import { StateTestMachine } from '../spectests/stateMachine.js'
import type { StateFileAnswer } from '../spectests/stateWorker.js'
import { TraceWriter } from '../spectests/traceLines.js'
import { threadsOption } from './options.js'
import { write } from './output.js'
import { runTests, selectionOf, type TestOptions, withTestOptions } from './tests.js'

export function stateTestCommand(): Command {
  return withTestOptions(new Command('statetest'))
    .description(
      'Runs state tests of execution-spec-tests and ethereum/tests: one transaction on a given state under one fork. State ' +
        'root and hash of the logs must come out; a transaction that must be refused must be refused for the expected reason.',
    )
    .addOption(threadsOption(false))
    .option('--trace', 'print every step of every case on standard error: JSON lines as in EIP-3155')
    .addHelpText(
      'after',
      '\nA case is one transaction and runs on one thread; --threads runs that many files at a time.\n' +
        'As geth\'s `evm statetest`: --json prints one {"stateRoot": "0x..."} line a case on standard error.\n' +
        '--trace prints the lines of `evm --json statetest`: one before each opcode, {"output": ...} at the end of the\n' +
        'transaction, then the state root. It runs on one thread with a build of the wasm engine that is slower.\n' +
        '\nExit code: 0 all passed, 1 some failed, 2 some file cannot be used: the others are run.\n' +
        '\nExamples:\n' +
        '  parallevm statetest state_tests/cancun\n' +
        '  parallevm statetest --fork Osaka --run tstore --json state_tests\n' +
        '  parallevm statetest --fork Osaka --run clz --trace state_tests/osaka 2> trace.jsonl',
    )
    .action(stateTest)
}

async function stateTest(inputs: string[], options: TestOptions, command: Command): Promise<void> {
  const { engine, threads } = options
  const selection = selectionOf(options)
  if (options.trace) {
    if (engine !== 'wasm') command.error("error: --trace traces the wasm engine; leave out '--engine'")
    return await traceTests(inputs, options)
  }
  if (threads === 1) {
    const machine = new StateTestMachine(engine)
    return await runTests(inputs, options, 1, (file) => runStateFile(machine, file, selection))
  }
  const pool = new Piscina<string, StateFileAnswer>({
    filename: new URL('../spectests/stateWorker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: { engine, selection },
  })
  const loaded = allLoaded(pool)
  try {
    await runTests(inputs, options, threads, async (file) => {
      const answer = await pool.run(file)
      if ('unusable' in answer) throw new UnusableTestError(answer.unusable.message, answer.unusable.reason)
      return answer.results
    })
  } finally {
    await loaded
    await pool.destroy()
  }
}

/** Until the threads have their code, which is their first message: Node 20 aborts the process when one is ended while it loads. */
async function allLoaded({ threads }: Piscina): Promise<void> {
  await Promise.all(
    threads.map(
      (worker) =>
        new Promise((resolve) => {
          worker.once('message', resolve)
          worker.once('exit', resolve)
        }),
    ),
  )
}

async function traceTests(inputs: string[], options: TestOptions): Promise<void> {
  const writer = new TraceWriter((text) => write(process.stderr, text))
  const machine = await StateTestMachine.tracing(writer)
  const selection = selectionOf(options)
  await runTests(inputs, options, 1, (file) =>
    runStateFile(machine, file, selection, ({ stateRoot }) => {
      if (stateRoot !== undefined) writer.stateRoot(stateRoot)
      writer.flush()
    }),
  )
}
