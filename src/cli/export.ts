import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { accountLines, dumpLines } from '../store/dump.js'
import { lmdbState } from '../store/lmdbState.js'
import type { StateStore } from '../store/stateStore.js'
import { rulesIn } from './datadir.js'
import { UsageError } from './exit.js'
import { print, write } from './output.js'

interface ExportOptions {
  datadir: string
  genesis?: true
  check?: boolean
}

export function exportCommand(): Command {
  return new Command('export')
    .description(
      'Writes the state after the last block as lines of JSON, an account a line: those of `geth dump --iterative`, the first ' +
        'one with the block that the state is after, for `import --state`. With --genesis as a genesis.json of the same rules ' +
        'whose first state it is.',
    )
    .argument('[file]', 'where to (default: standard output)')
    .requiredOption('-d, --datadir <folder>', 'where `import` has put the state')
    .option('--genesis', 'write a genesis.json')
    .option(
      '--check',
      'read all of the state first, in a process of its own: a damaged page ends the one that comes to it',
    )
    .addHelpText(
      'after',
      '\nExit code: 0 the state is written, 2 there is none that can be.\n' +
        '\nExamples:\n  parallevm export --datadir chain state.jsonl\n  parallevm export --datadir chain --genesis genesis.json',
    )
    .action(exportState)
}

async function exportState(
  file: string | undefined,
  { datadir, genesis, check = false }: ExportOptions,
): Promise<void> {
  const rules = rulesIn(datadir)
  if (rules === undefined) throw new UsageError(`${datadir} holds no chain: import one`)
  if (genesis && !('genesis' in rules)) {
    throw new UsageError(
      `the rules of ${datadir} are those of ${rules.chain}: only a chain with a genesis of its own has one`,
    )
  }
  const state = lmdbState({ path: join(datadir, 'state'), check })
  await state.open()
  try {
    const lines = genesis && 'genesis' in rules ? genesisLines(state, rules.genesis) : dumpLines(state)
    if (file === undefined) for (const line of lines) write(process.stdout, `${line}\n`)
    else writeFile(file, lines)
  } finally {
    await state.close()
  }
  if (file !== undefined) print(`${file}: the state after block ${state.head?.number ?? ''}`.trimEnd())
}

/** A JSON document, an account a line. */
function* genesisLines(state: StateStore, fields: Record<string, unknown>): Generator<string> {
  yield `${JSON.stringify(fields).slice(0, -1)},"alloc":{`
  let separator = ' '
  for (const { address, balance, nonce, code, storage } of accountLines(state)) {
    const padded = storage && Object.fromEntries(Object.entries(storage).map(([key, value]) => [key, word(value)]))
    const account = { balance, nonce: hexOf(nonce), ...(code && { code }), ...(padded && { storage: padded }) }
    yield `${separator}${JSON.stringify(address)}:${JSON.stringify(account)}`
    separator = ','
  }
  yield '}}'
}

const hexOf = (decimal: string): string => `0x${BigInt(decimal).toString(16)}`
const word = (digits: string): string => `0x${digits.padStart(64, '0')}`

function writeFile(path: string, lines: Iterable<string>): void {
  const file = openSync(path, 'w')
  try {
    for (const line of lines) writeSync(file, `${line}\n`)
  } finally {
    closeSync(file)
  }
}
