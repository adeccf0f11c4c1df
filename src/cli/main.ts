#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { packageRoot } from '../blockFiles/index.js'
import { ParallevmError } from '../errors.js'
import { benchCommand } from './bench.js'
import { blockTestCommand } from './blocktest.js'
import { EXIT, errorLine } from './exit.js'
import { fuzzCommand } from './fuzz.js'
import { stateTestCommand } from './statetest.js'
import { verifyCommand } from './verify.js'

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }

const program = new Command('parallevm')
  .description('Executes Ethereum blocks on all cores, with the result of sequential execution.')
  .version(version)
  .addCommand(benchCommand())
  .addCommand(verifyCommand())
  .addCommand(stateTestCommand())
  .addCommand(blockTestCommand())
  .addCommand(fuzzCommand())
  .addHelpText(
    'after',
    '\nExit codes: 0 all is well, 1 a result is wrong, 2 the command line or an input cannot be used, 3 unexpected error.\n' +
      'Environment: PARALLEVM_DEBUG=1 prints stack traces; PARALLEVM_FIXTURES names the folder of real blocks for tests.\n' +
      '\nExamples:\n' +
      '  parallevm bench                        the bundled blocks\n' +
      '  parallevm bench --threads 1,2,4 15537394.json.gz\n' +
      '  parallevm verify 23879620.json.gz\n' +
      '\n`parallevm help <command>` explains a command and all of its options.',
  )

// Without this each command would end the process by itself, with exit code 1 for a mistyped option.
for (const command of [program, ...program.commands]) {
  command.exitOverride().showHelpAfterError('(parallevm --help and parallevm help <command> list what there is)')
}

// `parallevm ... | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.unusable
  } else {
    console.error(`parallevm: ${errorLine(error)}`)
    process.exitCode = error instanceof ParallevmError ? EXIT.unusable : EXIT.internal
  }
}
