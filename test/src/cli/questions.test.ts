// The commands `call` and `trace`, as a person runs them on a bundled block.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'

const FILE = join(packageRoot(), 'fixtures/blocks/erc20-one.json.gz')
const TOKEN = '0x2799cb89f56e5b6585a2928202e9e11140bf4def'
/** Whom the first transaction of the block sends tokens. */
const HOLDER = 'fe815bda4f2d1679cec71ec33167471a06126792'
const SENT = 0x16e7ad20d6454a00n
const word = (hex: string) => hex.padStart(64, '0')
const balanceOf = `0x70a08231${word(HOLDER)}`

function parallevm(args: string[], input = '') {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  return spawnSync(process.execPath, [main, ...args, '-t', '1'], { encoding: 'utf8', input })
}

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test('a call sees the state before the block, and after it', () => {
  const [before, after] = ['before', 'after'].map((at) => {
    const { stdout, status } = parallevm(['call', FILE, '--to', TOKEN, '--data', balanceOf, '--at', at, '--json'])
    assert.is(status, 0)
    return BigInt(lines(stdout)[0].returnData)
  }) as [bigint, bigint]
  assert.ok(after - before >= SENT, `${before} and ${after}`)
})

test('many calls come from standard input; those that fail say why and make the exit code 1', () => {
  const transfer = { to: TOKEN, from: `0x${'aa'.repeat(20)}`, data: `0xa9059cbb${word(HOLDER)}${word('1')}` }
  const input = [{ to: TOKEN, data: balanceOf }, transfer].map((one) => JSON.stringify(one)).join('\n')
  const { stdout, status } = parallevm(['call', FILE, '--requests', '-', '--json'], input)
  assert.is(status, 1)
  const [read, sent] = lines(stdout)
  assert.is(read.status, 'success')
  // ERC20InsufficientBalance(address,uint256,uint256)
  assert.equal([sent.status, sent.customError.selector], ['reverted', '0xe450d38c'])
})

test('what is supposed of the state holds, and estimates are gas limits', () => {
  const overrides = JSON.stringify({ [TOKEN]: { code: '0x602a5f5260205ff3' } })
  const supposed = parallevm(['call', FILE, '--to', TOKEN, '--overrides', overrides, '--json'])
  assert.is(BigInt(lines(supposed.stdout)[0].returnData), 42n)
  const estimate = parallevm(['call', FILE, '--to', TOKEN, '--data', balanceOf, '--estimate', '--json'])
  const { status, gas } = lines(estimate.stdout)[0]
  assert.is(status, 'success')
  assert.ok(BigInt(gas) > 21_000n)
})

test('what cannot be asked is said', () => {
  for (const [args, message] of [
    [[FILE], /give either --to and --data of one call, or --requests/],
    [['--to', TOKEN], /give either a block file or --rpc URL/],
    [[FILE, '--to', '0x12'], /calls\[0\]\.to: expected 20 bytes/],
    [[FILE, '--to', TOKEN, '--overrides', '7'], /is no JSON object of accounts/],
    [[FILE, '--requests', '-'], /standard input, line 1: no call in JSON/],
  ] as const) {
    const { status, stderr } = parallevm(['call', ...args], '7')
    assert.is(status, 2, stderr)
    assert.match(stderr, message)
  }
})

test('a transaction is traced as a line of JSON, or told in a table', () => {
  const traced = parallevm(['trace', FILE, '--tx', '0', '--json'])
  assert.is(traced.stderr, '')
  const [{ index, result }] = lines(traced.stdout)
  assert.equal([index, result.to, result.type], [0, TOKEN, 'CALL'])
  const table = parallevm(['trace', FILE, '--tx', '1,0', '--tracer', 'opcodeCount'])
  assert.match(table.stdout, /2 transactions, opcodeCount: \d+ bytes in/)
  assert.is(parallevm(['trace', FILE, '--tx', '99999']).status, 2)
})

test.run()
