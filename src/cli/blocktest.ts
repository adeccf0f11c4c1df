import { Command, Option } from 'commander'
import { OWN_RULE_SETS } from '../block/ruleSets.js'
import { BlockTestMachine } from '../spectests/blockFile.js'
import { threadsOption } from './options.js'
import { runTests, selectionOf, type TestOptions, withTestOptions } from './tests.js'

export function blockTestCommand(): Command {
  return withTestOptions(new Command('blocktest'))
    .description(
      'Runs blockchain tests of execution-spec-tests and ethereum/tests: chains of blocks from a genesis state. Every root ' +
        'in every header must come out, and a block that must be refused must be refused for the expected reason.',
    )
    .addOption(threadsOption(false))
    .addOption(new Option('--rules <name>', 'rule set that Amsterdam stands for').choices([...OWN_RULE_SETS]))
    .addHelpText(
      'after',
      '\n--threads runs each block on that many threads, speculatively even if it is small.\n' +
        "--json: fields as of geth's `evm blocktest`; stateRoot is that of the last block accepted, in failed tests too. Unlike\n" +
        'geth, one {"stateRoot": "0x..."} line a test goes to standard error, as `statetest` does.\n' +
        '\nExit code: 0 all passed, 1 some failed, 2 some file cannot be used: the others are run.\n' +
        '\nExamples:\n' +
        '  parallevm blocktest blockchain_tests/prague\n' +
        '  parallevm blocktest --fork CancunToPragueAtTime15k --json blockchain_tests',
    )
    .action(blockTest)
}

interface BlockTestOptions extends TestOptions {
  rules?: string
}

async function blockTest(inputs: string[], options: BlockTestOptions): Promise<void> {
  const machine = new BlockTestMachine(options.engine, options.threads, options.rules)
  try {
    await runTests(inputs, options, 1, (file) => machine.runFile(file, selectionOf(options)))
  } finally {
    await machine.close()
  }
}
