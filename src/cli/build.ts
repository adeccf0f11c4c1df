import { bytesToHex } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { Command, Option } from 'commander'
import { writeWitnessCase } from '../blockFiles/index.js'
import { messageOf } from '../errors.js'
import type { BuildOptions, BuiltBlock, UnsealedBlock, WithdrawalLike } from '../executor/builder/types.js'
import { type Ground, onFile, onGenesis, transactionsOf } from './buildInputs.js'
import { builtCase } from './builtCase.js'
import { jsonOf } from './callRequests.js'
import { UsageError } from './exit.js'
import { readJson } from './jsonFile.js'
import { parseCount, parseInteger, threadsOption } from './options.js'
import { print } from './output.js'
import { cut, ms, renderTable } from './table.js'

interface BuildCommandOptions {
  genesis?: string
  at: 'before' | 'after'
  transactions?: string
  timestamp?: bigint
  gasLimit?: bigint
  feeRecipient?: string
  extraData?: string
  prevRandao?: string
  withdrawals?: string
  parentBeaconBlockRoot?: string
  slotNumber?: bigint
  deadline?: number
  out?: string
  threads: number
  json?: true
}

type Built = BuiltBlock | UnsealedBlock

const DAY_MS = 86_400_000

export function buildCommand(): Command {
  return new Command('build')
    .summary('build a block of transactions')
    .description(
      'Executes transactions in the order of what they pay, on all threads, and seals the block of those that fit. The others are told ' +
        'with the rule that keeps them out. The block comes with the witness that it needs, in a file that verify takes. On a flat file, ' +
        'which has no tries, it has no state root, so no hash, and cannot be written.',
    )
    .argument('[file]', 'block file of the parent; or a chain that begins: --genesis')
    .option('--genesis <file>', 'genesis.json of geth: its block is the parent')
    .addOption(
      new Option(
        '--at <when>',
        'after the block of the file, or before it, in its place: with its transactions and fields',
      )
        .choices(['before', 'after'])
        .default('after'),
    )
    .option(
      '--transactions <file>',
      'RLP of a list, or one a line: hex of its bytes, or JSON with that as `raw`; -: standard input',
    )
    .option('--timestamp <seconds>', "of the block (default: 12 after the parent's)", parseInteger)
    .option('--gas-limit <gas>', "of the block (default: the parent's)", parseInteger)
    .option('--fee-recipient <address>', 'who gets the tips (default: the zero address)')
    .option('--extra-data <hex>', 'at most 32 bytes')
    .option('--prev-randao <hex>', '32 bytes')
    .option('--withdrawals <file>', 'JSON: a list of {index, validatorIndex, address, amount}, amounts in gwei')
    .option('--parent-beacon-block-root <hex>', '32 bytes (EIP-4788)')
    .option('--slot-number <n>', 'EIP-7843', parseInteger)
    .option('--deadline <ms>', 'begin no transaction after so many milliseconds', (text) => parseCount(text, 0, DAY_MS))
    .option('--out <file>', 'write the block with its witness, gzipped')
    .addOption(threadsOption(false))
    .option(
      '--json',
      'one JSON document, with header and block; of a block that is not sealed, the fields of its header',
    )
    .addHelpText(
      'after',
      '\nExit code: 0 built, transactions may have been left out; 1 no valid block has such a header; 2 an input cannot be used.\n' +
        '\nExamples:\n' +
        '  parallevm build 23879620.json.gz --at before --out mine.json.gz && parallevm verify mine.json.gz\n' +
        '  parallevm build --genesis genesis.json --transactions txs.rlp --fee-recipient 0xd8dA…6045 --json\n' +
        '  parallevm build parent.json.gz --transactions - --deadline 500 --out next.json.gz < pool.jsonl',
    )
    .action(build)
}

async function build(file: string | undefined, options: BuildCommandOptions): Promise<void> {
  const { genesis, at, threads } = options
  if ((file === undefined) === (genesis === undefined)) {
    throw new UsageError('give either the block file of the parent or --genesis FILE: parallevm build parent.json.gz …')
  }
  const given = options.transactions === undefined ? undefined : await transactionsOf(options.transactions)
  const ground = file === undefined ? await onGenesis(genesis as string, threads) : await onFile(file, at, threads)
  try {
    if (options.out !== undefined && !ground.rooted) throw notSealed(file as string)
    const transactions = given ?? ground.transactions
    const start = performance.now()
    const own = blockOptions(ground, options)
    const { executor } = ground
    const built = await (ground.rooted
      ? executor.build(transactions, own)
      : executor.build(transactions, { ...own, root: false }))
    const time = performance.now() - start
    if (options.out !== undefined) await writeOut(ground, built as BuiltBlock, options.out)
    print(options.json ? document(built, transactions, time) : report(built, transactions, time))
  } finally {
    await ground.close()
  }
}

function notSealed(file: string): UsageError {
  return new UsageError(
    `${file} has no tries, so the block has no state root and is not sealed: leave --out away (--json has the fields of its header), ` +
      'or build on a witness file',
  )
}

/** Options of the command that are those of the block by the same name. */
const OWN = [
  ...['timestamp', 'gasLimit', 'feeRecipient', 'extraData', 'prevRandao', 'parentBeaconBlockRoot', 'slotNumber'],
  'deadline',
]

function blockOptions({ parentHeaders, blockHashes, defaults }: Ground, options: BuildCommandOptions) {
  const own = Object.fromEntries(
    Object.entries(options).filter(([name, value]) => value !== undefined && OWN.includes(name)),
  )
  const withdrawals = options.withdrawals && { withdrawals: readJson<WithdrawalLike[]>(options.withdrawals) }
  const [parent] = defaults.inPlaceOf === undefined ? parentHeaders : []
  return { ...defaults, ...own, ...withdrawals, blockHashes, ...(parent && { parent }) } satisfies BuildOptions
}

/** @throws UsageError */
async function writeOut(ground: Ground, built: BuiltBlock, file: string): Promise<void> {
  const block = await builtCase(ground, built)
  try {
    writeWitnessCase(block, file)
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: ${messageOf(cause)}`, { cause })
  }
}

/** Those that were left out, with their hashes. */
function skippedOf({ skipped }: Built, transactions: readonly Uint8Array[]) {
  return skipped.map((one) => ({ ...one, hash: bytesToHex(keccak_256(transactions[one.index] as Uint8Array)) }))
}

function document(built: Built, transactions: readonly Uint8Array[], time: number): string {
  const { included, fees, result } = built
  const { number, gasUsed, blobGasUsed, receiptsRoot = null } = result
  const skipped = skippedOf(built, transactions)
  const spent = { gasUsed, blobGasUsed, fees, ms: time }
  if ('hash' in built) {
    const { hash, headerRlp, blockRlp } = built
    const { stateRoot } = built.result
    return jsonOf({
      number,
      hash,
      stateRoot,
      receiptsRoot,
      ...spent,
      included,
      skipped,
      header: headerRlp,
      block: blockRlp,
    })
  }
  const none = { hash: null, stateRoot: null, header: null, block: null }
  const own = included.map((index) => transactions[index])
  const { headerFields } = built
  return jsonOf({ number, ...none, receiptsRoot, ...spent, included, skipped, headerFields, transactions: own })
}

function report(built: Built, transactions: readonly Uint8Array[], time: number): string {
  const { included, fees, result } = built
  const name = 'hash' in built ? bytesToHex(built.hash) : 'without a state root, so not sealed'
  const skipped = skippedOf(built, transactions)
  const table = renderTable(
    ['transaction', 'hash', 'left out', 'why'],
    ['right', 'left', 'left', 'left'],
    skipped.map(({ index, hash: of, reason, message }) => [String(index), of, reason, cut(message, 60)]),
  )
  const summary =
    `block ${result.number} ${name}: ${included.length} of ${transactions.length} transactions, ` +
    `${result.gasUsed} gas, ${fees} wei for the fee recipient, ${ms(time)} ms`
  return skipped.length === 0 ? summary : `${table}\n\n${summary}`
}
