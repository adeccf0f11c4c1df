// The commands statetest, blocktest and fuzz as a process: results, streams, exit codes.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'
import type { CaseResult } from '../../../src/spectests/files.js'
import type { StateTest } from '../../../src/spectests/json.js'
import { plainEnvironment } from '../../support/process.js'

const test = suite('test commands')
const folder = mkdtempSync(join(tmpdir(), 'parallevm-tests-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const stateFile = join(packageRoot(), 'test/data/state/basics.json')
const blockFile = join(packageRoot(), 'test/data/blocks/basics.json')

function parallevm(args: string[], input = '') {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    input,
    env: plainEnvironment(),
  })
  return { status, stdout, stderr }
}

test('statetest: an array of results, and a line with the root of each case on standard error', () => {
  const { status, stdout, stderr } = parallevm([
    'statetest',
    '--json',
    '--threads',
    '1',
    '--fork',
    'Frontier',
    stateFile,
  ])
  assert.is(status, 0)
  const tests = JSON.parse(readFileSync(stateFile, 'utf8')) as Record<string, StateTest>
  const wanted = Object.entries(tests).flatMap(([name, { post }]) =>
    (post.Frontier ?? []).map(({ hash }) => ({ name, pass: true, stateRoot: hash, fork: 'Frontier' })),
  )
  assert.equal(JSON.parse(stdout), wanted)
  assert.is(stderr, wanted.map(({ stateRoot }) => `{"stateRoot": "${stateRoot}"}\n`).join(''))
})

test('statetest: file names from standard input, several files at a time', () => {
  const batch = parallevm(['statetest', '--threads', '1', '--run', 'storeAndLog'], `${stateFile}\n${stateFile}\n`)
  assert.is(batch.status, 0)
  assert.match(batch.stdout, /^20 passed, 0 failed, 0 skipped; /)
  const threads = parallevm(['statetest', '--threads', '2', stateFile, stateFile, stateFile])
  assert.match(threads.stdout, /^63 passed, 0 failed, 0 skipped; /)
})

test('a failure is one line, a fork that is not there is skipped, and the exit code tells', () => {
  const tests = JSON.parse(readFileSync(stateFile, 'utf8')) as Record<string, StateTest>
  const { storeAndLog } = tests as { storeAndLog: StateTest }
  const entry = storeAndLog.post.London![0]!
  const path = join(folder, 'wrong.json')
  const post = { London: [{ ...entry, hash: `0x${'11'.repeat(32)}` }], Prehistoric: [entry] }
  writeFileSync(path, JSON.stringify({ storeAndLog: { ...storeAndLog, post } }))
  copyFileSync(blockFile, join(folder, 'blocks.json'))
  const { status, stdout } = parallevm(['statetest', '--threads', '2', folder])
  assert.is(status, 1)
  const [failure, total, ...reasons] = stdout.trimEnd().split('\n')
  assert.match(failure!, /^FAIL .*wrong\.json storeAndLog London: state root is 0x[0-9a-f]{64}, not 0x1{64}$/)
  assert.match(total!, /^0 passed, 1 failed, 2 skipped; /)
  assert.equal(reasons.sort(), [
    '  1 skipped: files in the folder that hold no such tests',
    '  1 skipped: fork Prehistoric is not supported',
  ])
})

test('what cannot be used: exit code 2', () => {
  for (const args of [
    ['statetest', 'no-such-file.json'],
    ['blocktest', '--threads', '1', stateFile],
    ['statetest', '--threads', '2', blockFile],
    ['statetest', '--threads', '1', '--run', 'nothingOfThatName', stateFile],
    ['statetest', '--run', '(', stateFile],
    ['fuzz', '--fork', 'Prehistoric'],
    ['fuzz', '--oracle', 'nethermind'],
    ['fuzz', '--oracle', 'ethereumjs,ethereumjs'],
    ['fuzz', '--oracle', 'geth:/no/such/program'],
  ]) {
    assert.is(parallevm(args).status, 2, args.join(' '))
  }
})

test('a malformed file is told with the place and does not hide the results of the others', () => {
  const malformed = join(folder, 'malformed.json')
  const tests = JSON.parse(readFileSync(stateFile, 'utf8')) as Record<string, StateTest>
  const { storeAndLog } = tests as { storeAndLog: StateTest }
  writeFileSync(
    malformed,
    JSON.stringify({ storeAndLog: { ...storeAndLog, env: { ...storeAndLog.env, currentNumber: 'x' } } }),
  )
  const place = `${malformed}: storeAndLog.env.currentNumber: expected a quantity in 0x hex, found "x"`
  const [good, bad] = ['malformed', 'wrong'].map((name) => join(folder, `with-${name}`)) as [string, string]
  for (const each of [good, bad]) {
    mkdirSync(join(each, 'sub'), { recursive: true })
    copyFileSync(stateFile, join(each, 'a.json'))
    copyFileSync(malformed, join(each, 'sub/malformed.json'))
  }
  const post = { London: [{ ...storeAndLog.post.London![0]!, hash: `0x${'11'.repeat(32)}` }] }
  writeFileSync(join(bad, 'z.json'), JSON.stringify({ storeAndLog: { ...storeAndLog, post } }))
  for (const threads of ['1', '2']) {
    const { status, stdout, stderr } = parallevm(['statetest', '--threads', threads, '--fork', 'London', good])
    assert.is(status, 2, stdout + stderr)
    assert.match(stdout, /^[1-9]\d* passed, 0 failed, 0 skipped, 1 unusable files; /)
    assert.is(stderr, `parallevm: ${place.replace(malformed, join(good, 'sub/malformed.json'))} [UNUSABLE_TEST]\n`)
    const worse = parallevm(['statetest', '--threads', threads, '--fork', 'London', '--json', bad])
    assert.is(worse.status, 1)
    const results = JSON.parse(worse.stdout) as CaseResult[]
    assert.is(results.filter(({ unusable }) => unusable).length, 1)
    assert.is(results.filter(({ pass, unusable }) => !pass && !unusable).length, 1)
  }
  const batch = parallevm(
    ['statetest', '--threads', '1', '--fork', 'London'],
    `${malformed}\n${stateFile}\nno-such.json\n`,
  )
  assert.is(batch.status, 2)
  assert.match(batch.stdout, /^[1-9]\d* passed, 0 failed, 0 skipped, 2 unusable files; /)
  assert.match(batch.stderr, /no-such\.json cannot be read: ENOENT: no such file or directory \[UNUSABLE_TEST\]/)
})

test('blocktest and fuzz', () => {
  const blocks = parallevm(['blocktest', '--threads', '2', '--run', 'Byzantium|Cancun', '--json', blockFile])
  const results = JSON.parse(blocks.stdout) as CaseResult[]
  assert.equal(
    results.map(({ pass, fork }) => ({ pass, fork })),
    [
      { pass: true, fork: 'Byzantium' },
      { pass: true, fork: 'ShanghaiToCancunAtTime15k' },
    ],
  )
  for (const { stateRoot } of results) assert.match(stateRoot ?? '', /^0x[0-9a-f]{64}$/)
  assert.is(blocks.stderr, results.map(({ stateRoot }) => `{"stateRoot": "${stateRoot}"}\n`).join(''))
  assert.is(blocks.status, 0)
  const fuzz = parallevm([
    'fuzz',
    '--seconds',
    '1',
    '--seed',
    '1',
    '--threads',
    '2',
    '--fork',
    'Osaka',
    '--out',
    folder,
  ])
  assert.is(fuzz.status, 0)
  assert.match(
    fuzz.stdout,
    /wasm, 2 threads, seed 1: \d+ blocks \(\d+ invalid\), \d+ transactions .* programs\/s; again over .*; blocks by oracle: ethereumjs \d+\nno difference\n$/,
  )
})

test.run()
