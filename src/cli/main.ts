#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { InvalidBlockError } from '../block/errors.js'
import { packageRoot } from '../blockFiles/index.js'
import { ParallevmError } from '../errors.js'
import { COMMANDS } from './commands.js'
import { EXIT, errorLine } from './exit.js'
import { printError, watchOutput, write } from './output.js'

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }

const program = new Command('parallevm')
  .description('Executes Ethereum blocks on all cores, with the result of sequential execution.')
  .version(version)
  .addHelpText(
    'after',
    '\nExit codes: 0 all is well, 1 a result is wrong, 2 the command line or an input cannot be used, 3 unexpected error,\n' +
      '4 the output cannot be written; 128 and the number of a signal as usual: 130 after Ctrl-C.\n' +
      'Environment: PARALLEVM_DEBUG=1 prints stack traces; PARALLEVM_FIXTURES names the folder of real blocks for tests.\n' +
      '\nExamples:\n' +
      '  parallevm bench                        the bundled blocks\n' +
      '  parallevm bench --threads 1,2,4 15537394.json.gz\n' +
      '  parallevm verify 23879620.json.gz\n' +
      '\n`parallevm help <command>` explains a command and all of its options.',
  )

const args = process.argv.slice(2)
const named = args.filter((arg) => !arg.startsWith('-'))
const wanted = named[0] === 'help' ? named[1] : named[0]
for (const { name, summary, load } of COMMANDS) {
  const command = name === wanted ? await load() : new Command(name)
  program.addCommand(command.summary(summary))
}
for (const command of [program, ...program.commands]) {
  // Without this each command would end the process by itself, with exit code 1 for a mistyped option.
  command.exitOverride().showHelpAfterError('(parallevm --help and parallevm help <command> list what there is)')
  command.configureOutput({
    writeOut: (text) => write(process.stdout, text),
    writeErr: (text) => write(process.stderr, text),
  })
}

watchOutput()
try {
  await program.parseAsync(known(args), { from: 'user' })
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.unusable
  } else {
    process.exitCode = codeOf(error)
    printError(`parallevm: ${errorLine(error)}`)
  }
}

function codeOf(error: unknown): number {
  if (error instanceof InvalidBlockError) return EXIT.differs
  return error instanceof ParallevmError ? EXIT.unusable : EXIT.internal
}

/** For `help nosuch` Commander gives its help without a word: `nosuch` alone is told to be no command. */
function known(args: string[]): string[] {
  const [first, name] = args
  if (first !== 'help' || name === undefined || name === 'help') return args
  return program.commands.some((command) => command.name() === name) ? args : [name]
}
