// The command `build`: blocks that `verify` accepts, on a block, in the place of one, and on a genesis.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadCase, packageRoot } from '../../../src/blockFiles/index.js'
import { signTransaction, type TransactionFields } from '../../../src/workloads/transaction.js'
import { wallet } from '../../../src/workloads/wallet.js'

const FILE = join(packageRoot(), 'fixtures/blocks/erc20-one.json.gz')
const folder = mkdtempSync(join(tmpdir(), 'parallevm-build-'))
const at = (name: string): string => join(folder, name)

function parallevm(args: string[], input = '') {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args, '-t', '2'], {
    encoding: 'utf8',
    input,
  })
  return { stdout, stderr, status, json: () => JSON.parse(stdout) }
}

const commands = suite('build')

commands('in the place of a block: its own transactions, and a file that verify accepts', () => {
  const built = parallevm(['build', FILE, '--at', 'before', '--out', at('mine.json.gz'), '--json'])
  assert.is(built.stderr, '')
  const { hash, included, skipped, gasUsed } = built.json()
  const original = loadCase(FILE)
  const count = (RLP.decode(original.blockRlp)[1] as unknown[]).length
  assert.equal([included.length, skipped], [count, []])
  assert.is(BigInt(gasUsed), original.expected.gasUsed)
  const verified = parallevm(['verify', at('mine.json.gz'), '--json'])
  assert.is(verified.status, 0, verified.stdout)
  assert.match(verified.stdout, /"proven": ?true/)
  const mine = loadCase(at('mine.json.gz'))
  assert.is(mine.contradictions, undefined)
  assert.is(bytesToHex(mine.blockRlp), built.json().block)
  assert.is(mine.number, original.number)
  assert.match(hash, /^0x[\da-f]{64}$/)
})

commands('on a block: transactions of a pool, those that cannot be in it with their rule', () => {
  // All of them are in the parent already.
  const items = RLP.decode(loadCase(FILE).blockRlp)[1] as Uint8Array[]
  const raw = items.slice(0, 2).map((item) => bytesToHex(item instanceof Uint8Array ? item : RLP.encode(item)))
  const input = `${raw[0]}\n${JSON.stringify({ raw: raw[1] })}\n"0x0102"\n`
  const { json, status } = parallevm(['build', FILE, '--transactions', '-', '--deadline', '60000', '--json'], input)
  assert.is(status, 0)
  const reasons = json().skipped.map(({ index, reason }: { index: number; reason: string }) => `${index} ${reason}`)
  assert.equal(reasons.sort(), ['0 NONCE_MISMATCH', '1 NONCE_MISMATCH', '2 MALFORMED_TRANSACTION'])
  assert.is(BigInt(json().number), loadCase(FILE).number + 1n)
})

commands('on a genesis of a chain of its own: RLP of a list', () => {
  const sender = wallet(1, 'build command', 0)
  const forks = ['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg', 'istanbul']
  const blocks = [...forks, 'muirGlacier', 'berlin', 'london', 'arrowGlacier', 'grayGlacier']
  const config = {
    chainId: 424_242,
    ...Object.fromEntries(blocks.map((name) => [`${name}Block`, 0])),
    terminalTotalDifficulty: 0,
    terminalTotalDifficultyPassed: true,
    shanghaiTime: 0,
    cancunTime: 0,
    blobSchedule: { cancun: { target: 3, max: 6, baseFeeUpdateFraction: 3_338_477 } },
  }
  const alloc = { [bytesToHex(sender.address)]: { balance: '0xde0b6b3a7640000' } }
  writeFileSync(at('genesis.json'), JSON.stringify({ config, alloc, gasLimit: '0x1c9c380', difficulty: '0x0' }))
  const prices = { maxFee: 10n ** 10n, priorityFee: 3n, maxFeePerBlobGas: 1n }
  const transfer = (fields: Partial<TransactionFields>): Uint8Array => {
    const to = new Uint8Array(20).fill(0x22)
    const item = signTransaction(424_242n, sender, { type: 2, gasLimit: 30_000n, to, value: 5n, ...fields }, prices)
    return item instanceof Uint8Array ? item : RLP.encode(item as never)
  }
  writeFileSync(at('txs.rlp'), RLP.encode([transfer({}), transfer({}), transfer({ value: 10n ** 20n })]))
  writeFileSync(
    at('withdrawals.json'),
    JSON.stringify([{ index: 0, validatorIndex: 1, address: `0x${'33'.repeat(20)}`, amount: 9 }]),
  )
  const built = parallevm([
    'build',
    ...['--genesis', at('genesis.json'), '--transactions', at('txs.rlp'), '--withdrawals', at('withdrawals.json')],
    ...['--fee-recipient', `0x${'44'.repeat(20)}`, '--extra-data', '0x6869', '--out', at('first.json.gz'), '--json'],
  ])
  assert.is(built.stderr, '')
  const { number, included, skipped, fees } = built.json()
  assert.equal([number, included, BigInt(fees)], ['0x1', [0, 1], 2n * 21_000n * 3n])
  assert.equal(
    skipped.map(({ reason }: { reason: string }) => reason),
    ['INSUFFICIENT_FUNDS'],
  )
  const { stdout, status } = parallevm(['verify', at('first.json.gz')])
  assert.is(status, 0, stdout)
  const block = loadCase(at('first.json.gz'))
  assert.equal([block.chainId, block.fork], [424_242n, 'cancun'])
})

/** A flat file of a block of Shanghai with two transfers; `fields`: of its header, as JSON-RPC names them. */
function flatFile(name: string, fields: Record<string, unknown>): string {
  const sender = wallet(1, 'build on a flat file', 0)
  const prices = { maxFee: 10n ** 10n, priorityFee: 10n ** 10n, maxFeePerBlobGas: 1n }
  const to = new Uint8Array(20).fill(0x22)
  const transactions = [5n, 6n].map((value) => {
    const item = signTransaction(1n, sender, { type: 0, gasLimit: 21_000n, to, value }, prices) as bigint[]
    const [nonce, gasPrice, gas, , , , v, r, s] = (RLP.decode(RLP.encode(item)) as Uint8Array[]).map((part) =>
      part.length === 0 ? '0x0' : bytesToHex(part).replace(/^0x0+/, '0x'),
    )
    const fields = { nonce, gasPrice, gas, value: `0x${value}`, v, r, s, input: '0x', to: bytesToHex(to) }
    return { ...fields, from: bytesToHex(sender.address) }
  })
  const zeros = (bytes: number): string => `0x${'00'.repeat(bytes)}`
  const block = {
    ...{
      parentHash: zeros(32),
      stateRoot: `0x${'ab'.repeat(32)}`,
      transactionsRoot: zeros(32),
      receiptsRoot: zeros(32),
    },
    sha3Uncles: '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347',
    ...{
      miner: `0x${'44'.repeat(20)}`,
      logsBloom: zeros(256),
      difficulty: '0x0',
      number: '0x104ec20',
      nonce: zeros(8),
    },
    ...{ gasLimit: '0x1c9c380', gasUsed: '0x0', timestamp: '0x646f0f48', extraData: '0x6869', mixHash: zeros(32) },
    baseFeePerGas: '0x7',
    withdrawalsRoot: '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421',
    withdrawals: [],
    transactions,
    ...fields,
  }
  mkdirSync(at(name), { recursive: true })
  writeFileSync(at(`${name}/block.json`), JSON.stringify(block))
  writeFileSync(
    at(`${name}/prestate.json`),
    JSON.stringify({ [bytesToHex(sender.address)]: { balance: '0xde0b6b3a7640000' } }),
  )
  for (const table of ['bytecodes.json.gz', 'block_hashes.json']) {
    writeFileSync(at(table), table.endsWith('.gz') ? gzipSync('{}') : '{}')
  }
  return at(name)
}

commands('on a flat file: all but a state root, and what follows from it', () => {
  const file = flatFile('unsealed', {})
  const { stderr, status, json } = parallevm(['build', file, '--at', 'before', '--json'])
  assert.is(status, 0, stderr)
  const { hash, stateRoot, header, block, headerFields, included, gasUsed, receiptsRoot, transactions } = json()
  assert.equal([hash, stateRoot, header, block], [null, null, null, null])
  assert.equal([included, gasUsed, transactions.length], [[0, 1], '0xa410', 2])
  assert.not('stateRoot' in headerFields)
  assert.is(headerFields.receiptsRoot, receiptsRoot)
  const { stdout } = parallevm(['build', file, '--at', 'before'])
  assert.match(stdout, /^block 17099808 without a state root, so not sealed: 2 of 2 transactions, 42000 gas/)
  // With what was made in its header the block is one that is executed, and built upon.
  const { transactionsRoot, logsBloom } = headerFields
  const next = flatFile('unsealed', { transactionsRoot, receiptsRoot, logsBloom, gasUsed })
  const verified = parallevm(['verify', next, '--json'])
  assert.is(verified.status, 0, verified.stdout + verified.stderr)
  const raw = `${transactions[0]}\n`
  const after = parallevm(['build', next, '--transactions', '-', '--json'], raw)
  assert.is(after.status, 0, after.stderr)
  assert.equal([after.json().number, after.json().hash], ['0x104ec21', null])
  assert.is(after.json().skipped[0].reason, 'NONCE_MISMATCH')
  // The header that it is built on is not right: refused as `execute` refuses it.
  assert.is(parallevm(['build', flatFile('unsealed', { gasUsed: '0x1' })]).status, 1)
})

commands('what is not sealed is not written', () => {
  const file = flatFile('unwritten', {})
  const { status, stderr } = parallevm(['build', file, '--at', 'before', '--out', at('none.json.gz')])
  assert.is(status, 2)
  assert.match(stderr, /has no tries.*leave --out away.*build on a witness file \[BAD_USAGE\]/)
  assert.not(existsSync(at('none.json.gz')))
})

commands('what cannot be built on is said', () => {
  for (const [args, message] of [
    [[], /give either the block file of the parent or --genesis/],
    [[FILE, '--transactions', '-'], /standard input, line 1: no transaction/],
    [[FILE, '--slot-number', '7'], /options\.slotNumber: blocks of \w+ have none/],
  ] as const) {
    const { status, stderr } = parallevm(['build', ...args], 'hello')
    assert.is(status, 2, stderr)
    assert.match(stderr, message)
  }
})

commands.after(() => rmSync(folder, { recursive: true, force: true }))
commands.run()
