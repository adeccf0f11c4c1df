import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledCases, packageRoot } from '../../../src/blockFiles/index.js'
import { bundledFor } from '../../../src/cli/blockCase.js'
import { LISTED, mainnetCases } from '../../support/bundled.js'

const test = suite('cli')
const folder = mkdtempSync(join(tmpdir(), 'parallevm-cli-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

function parallevm(args: string[], env: NodeJS.ProcessEnv = {}) {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  const { PARALLEVM_DEBUG: _, ...inherited } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    env: { ...inherited, ...env },
  })
  return { status, stdout, stderr }
}

/** The smallest bundled block: a command takes long enough by starting its workers. */
function smallest(): string {
  return mainnetCases().sort((a, b) => readFileSync(a).length - readFileSync(b).length)[0]!
}

/** A copy of a bundled block with one header field (its position in RLP) replaced. */
function withHeaderField(name: string, field: number, value: Uint8Array): string {
  const file = readFileSync(smallest())
  const json = JSON.parse((smallest().endsWith('.gz') ? gunzipSync(file) : file).toString())
  const block = RLP.decode(hexToBytes(json.block)) as [Uint8Array[], ...never[]]
  block[0][field] = value
  const path = join(folder, `${name}.json`)
  const hash = bytesToHex(keccak_256(RLP.encode(block[0])))
  writeFileSync(path, JSON.stringify({ ...json, hash, block: bytesToHex(RLP.encode(block)) }))
  return path
}

test('help names every command, and each command explains its options with examples', () => {
  const { status, stdout } = parallevm(['--help'])
  assert.is(status, 0)
  for (const command of ['bench', 'verify']) {
    assert.match(stdout, new RegExp(`^  ${command} `, 'm'))
    const help = parallevm(['help', command])
    assert.is(help.status, 0)
    for (const text of ['--threads', '--engine', '--json', 'Exit code', `parallevm ${command}`]) {
      assert.ok(help.stdout.includes(text), `${command}: ${text}`)
    }
  }
})

test('--version is the package version', () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
  assert.equal(parallevm(['--version']), { status: 0, stdout: `${version}\n`, stderr: '' })
})

test('what cannot be used is exit code 2 and a message that names it, without a stack', () => {
  const garbage = join(folder, 'garbage.json')
  writeFileSync(garbage, '{"block": "0x00"}')
  for (const [args, message] of [
    [['verify', '/no/such/block.json'], /\/no\/such\/block\.json: does not exist/],
    [['verify', garbage], /garbage\.json: /],
    [['bench', garbage], /garbage\.json: /],
    [['verify', '--threads', '0'], /'0' is not a whole number from 1 to 63/],
    [['bench', '--engine', 'geth'], /no engine 'geth'/],
    [['bench', '--runs'], /argument missing/],
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['help', 'frobnicate'], /unknown command 'frobnicate'/],
    [['help', 'benhc'], /unknown command 'benhc'\n\(Did you mean bench\?\)/],
    [['verify', folder], /garbage\.json: block: /],
    [['bench', '--workload', 'nonsense'], /<kind>:<Mgas>/],
    [['bench', '--workload', 'no-such-kind:1'], /no-such-kind/],
  ] as const) {
    const { status, stdout, stderr } = parallevm([...args])
    assert.is(status, 2, `${args.join(' ')}: ${stdout}${stderr}`)
    assert.match(stdout + stderr, message)
    assert.not.match(stdout + stderr, /^ +at /m)
  }
})

test('PARALLEVM_DEBUG adds the stack', () => {
  const { status, stderr } = parallevm(['verify', '/no/such/block.json'], { PARALLEVM_DEBUG: '1' })
  assert.is(status, 2)
  assert.match(stderr, /^ +at /m)
})

test('verify says yes to every root of a good block', () => {
  const { status, stdout, stderr } = parallevm(['verify', '--json', '--threads', '2', smallest()])
  assert.is(status, 0, stdout + stderr)
  const { blocks } = JSON.parse(stdout)
  assert.is(blocks.length, 1)
  assert.equal(blocks[0].verdicts, { stateRoot: 'yes', receiptsRoot: 'yes', logsBloom: 'yes', gasUsed: 'yes' })
})

test('verify says no to exactly the root that is wrong, with exit code 1', () => {
  for (const [field, name] of [
    [3, 'stateRoot'],
    [5, 'receiptsRoot'],
  ] as const) {
    const path = withHeaderField(name, field, new Uint8Array(32).fill(7))
    const { status, stdout, stderr } = parallevm(['verify', '--json', '--threads', '2', path])
    assert.is(status, 1, stdout + stderr)
    const [block] = JSON.parse(stdout).blocks
    const wrong = Object.keys(block.verdicts).filter((verdict) => block.verdicts[verdict] === 'no')
    assert.equal(wrong, [name])
    assert.match(block.differences[0], new RegExp(`${name} of .* but the header has 0x0707`))
  }
})

test('a file that cannot be used does not hide the verdict on the others', () => {
  const broken = join(folder, 'broken.json')
  writeFileSync(broken, 'not json')
  const { status, stdout } = parallevm(['verify', '--threads', '1', broken, smallest()])
  assert.is(status, 2)
  assert.match(stdout, /yes +yes +yes +yes/)
  assert.match(stdout, /1 of 2 blocks right/)
})

test('bench measures, checks and adds up', () => {
  const { status, stdout, stderr } = parallevm([
    ...['bench', '--json', '--runs', '2', '--warmup', '0', '--threads', '1,2', smallest()],
  ])
  assert.is(status, 0, stdout + stderr)
  const report = JSON.parse(stdout)
  assert.equal(report.mismatches, [])
  assert.equal(
    report.blocks[0].measurements.map(({ label }: { label: string }) => label),
    ['sequential', 'wasm x1', 'wasm x2', 'ethereumjs x1', 'ethereumjs x2'],
  )
  for (const measurement of report.blocks[0].measurements) {
    const { ms, transactionsPerSecond, cpuPerTransaction } = measurement
    const { prepare, senders, execution, receipts, root, total } = ms
    for (const stage of [prepare, senders, execution, receipts, root]) {
      assert.ok(stage > 0 && stage < total, JSON.stringify(ms))
    }
    assert.ok(transactionsPerSecond > 0 && cpuPerTransaction > 0, JSON.stringify(measurement))
  }
})

test('bench recovers the senders with every contender, unless they are to be taken from the file', () => {
  const bench = ['bench', '--json', '--runs', '1', '--warmup', '1', '--threads', '1', '--workload', 'transfers:0.6']
  const [recovered, given] = [[], ['--given-senders']].map((more) => {
    const { status, stdout, stderr } = parallevm([...bench, ...more])
    assert.is(status, 0, stdout + stderr)
    const { plan, blocks } = JSON.parse(stdout)
    assert.is(plan.givenSenders, more.length > 0)
    return blocks[0].measurements.map(({ ms }: { ms: { senders: number } }) => ms.senders)
  })
  assert.is(recovered.length, 3)
  for (const [contender, senders] of recovered.entries()) {
    assert.ok(senders > 5 * given[contender], `${contender}: ${senders} ms, given ${given[contender]} ms`)
  }
})

test('bench --once has the first run of a block beside the repeated ones', () => {
  const { status, stdout, stderr } = parallevm([
    ...['bench', '--once', '--json', '-e', 'wasm', '--runs', '1', '--threads', '1', smallest()],
  ])
  assert.is(status, 0, stdout + stderr)
  const [{ cold, steady }] = JSON.parse(stdout).blocks[0].measurements
  assert.ok(cold.total > 0 && steady.total > 0, stdout)
  assert.is(parallevm(['bench', '--once', '--baseline-runs', '1']).status, 2)
})

test('bench --bal has each block from its access list, beside one thread and Block-STM', () => {
  const given = ['bench', '--bal', '--runs', '1', '--warmup', '0', '--threads', '2', '--workload', 'erc20-hot:3']
  const { status, stdout, stderr } = parallevm([...given, '--json'])
  assert.is(status, 0, stdout + stderr)
  const { blocks, totals } = JSON.parse(stdout)
  assert.equal(
    totals.map(({ label }: { label: string }) => label),
    ['one thread', 'Block-STM x2', 'from its list x2'],
  )
  // All transfers change one balance of the token; with a list none waits for that.
  const [{ path, measurements, items }] = blocks
  assert.ok(path.chain > 0.99 && path.largest < 0.1 && items > 0, JSON.stringify(path))
  assert.is(measurements[2].reexecutions, 0)
  assert.match(parallevm(given).stdout, /from its list x2.*Every run gave what the header says/s)
  assert.is(parallevm(['bench', '--bal', '--once']).status, 2)
})

const listed = join(packageRoot(), 'fixtures/blocks', `${LISTED}.json.gz`)

test('bench measures a block that @ethereumjs/vm does not run from its list, beside the others', () => {
  const bench = ['bench', '--runs', '1', '--warmup', '0', '--threads', '2', listed]
  const { status, stdout, stderr } = parallevm([...bench, '--json'])
  assert.is(status, 0, stdout + stderr)
  const { blocks, lists } = JSON.parse(stdout)
  assert.equal(blocks, [])
  const modes = lists.blocks[0].measurements.map(({ mode }: { mode: string }) => mode)
  assert.equal(modes, ['sequential', 'parallel', 'list'])
  const beside = parallevm([...bench, smallest()]).stdout
  assert.match(beside, /ethereumjs x2.*sequential execution gave.*from its list x2.*what the first gave/s)
  // Who asks for the engine that lacks the rules is told so; of the bundled blocks it gets the others.
  assert.match(parallevm([...bench, '-e', 'ethereumjs']).stderr, /EIP-7928 and EIP-8037 \[ENGINE_UNAVAILABLE\]/)
  assert.equal(bundledFor(['wasm', 'ethereumjs']), mainnetCases())
  assert.equal(bundledFor(['wasm']), bundledCases())
})

test('bench does not measure a wrong result away: exit code 1 and the field by name', () => {
  const path = withHeaderField('bench', 3, new Uint8Array(32).fill(7))
  const { status, stdout } = parallevm(['bench', '--runs', '1', '--warmup', '0', '--threads', '1', path])
  assert.is(status, 1)
  assert.match(stdout, /WRONG RESULTS.*block bench: stateRoot of wasm x1 is 0x\w+, but the header has 0x0707/s)
})

test('no message names its file twice', () => {
  const named = join(folder, 'twice.json')
  const absent = join(folder, 'absent.json')
  const inFlat = join(folder, 'flat-case')
  mkdirSync(inFlat)
  writeFileSync(join(inFlat, 'block.json'), '{"number": "0x1"}')
  writeFileSync(join(inFlat, 'prestate.json'), '{}')
  const folderAsFile = join(folder, 'folder.json')
  mkdirSync(folderAsFile)
  const contents = ['', '{', '7', '{"a": {"post": 1}}', '{"block": "0x00"}', '{"block": 7}', '{"a": {"genesisRLP": 1}}']
  const inputs = [...contents.map(() => named), absent, inFlat, folderAsFile]
  for (const command of ['verify', 'bench', 'statetest', 'blocktest']) {
    for (const [index, input] of inputs.entries()) {
      if (contents[index] !== undefined) writeFileSync(named, contents[index])
      const { status, stdout, stderr } = parallevm([command, '--threads', '1', input])
      assert.is(status, 2, `${command} ${input} ${contents[index]}: ${stdout}${stderr}`)
      for (const line of (stdout + stderr).split('\n')) {
        assert.ok(line.split(input).length <= 2, `${command} ${contents[index]}: ${line}`)
      }
    }
  }
})

/** A copy of a bundled block with one field of the file, not of the block, replaced. */
function withClaim(field: string, value: unknown): string {
  const path = join(folder, `claim-${field}.json`)
  const json = JSON.parse(gunzipSync(readFileSync(smallest())).toString())
  writeFileSync(path, JSON.stringify({ ...json, [field]: value }))
  return path
}

test('a file whose fields its own block contradicts is told so; the fork shown is the one that ran', () => {
  const zero = `0x${'00'.repeat(32)}`
  for (const [field, value, claimed, actual] of [
    ['fork', 'london', /fork: is london/, /osaka, by its number and time/],
    ['stateRoot', zero, /stateRoot: is 0x0000/, /0x[0-9a-f]{64}/],
    ['receiptsRoot', zero, /receiptsRoot: is 0x0000/, /0x[0-9a-f]{64}/],
    ['gasUsed', 21000, /gasUsed: is 21000/, /\d{6,}/],
    ['timestamp', 7, /timestamp: is 7/, /\d{9,}/],
    ['txs', 7, /txs: is 7/, /\d{2,}/],
  ] as const) {
    const path = withClaim(field, value)
    const { status, stdout } = parallevm(['verify', '--threads', '1', path])
    assert.is(status, 2, `${field}: ${stdout}`)
    const line = stdout.split('\n').find((each) => each.startsWith(`${path}: ${field}: `))!
    assert.match(line, claimed)
    assert.match(line.split('but the block itself says ')[1]!, actual)
    assert.match(stdout, /^claim-\w+ +osaka +\d+ +yes +yes +yes +yes/m)
    assert.match(stdout, /0 of 1 blocks right/)
  }
  const bench = ['bench', '--threads', '1', '-e', 'wasm', '--runs', '1', '--warmup', '0', '--no-root']
  const { status, stdout, stderr } = parallevm([...bench, withClaim('fork', 'london')])
  assert.is(status, 2)
  assert.match(stdout, /^claim-fork \(osaka, /m)
  assert.match(stderr, /fork: is london, but the block itself says osaka/)
  for (const [field, value] of [
    ['hash', zero],
    ['number', 7],
    ['preStateRoot', zero],
  ] as const) {
    const refused = parallevm(['verify', '--threads', '1', withClaim(field, value)])
    assert.is(refused.status, 2)
    assert.match(refused.stdout, new RegExp(`claim-${field}\\.json: ${field}: `))
  }
})

test('subfolders are walked, and files of another kind in them counted', () => {
  const deep = join(folder, 'walked/a/b')
  mkdirSync(deep, { recursive: true })
  copyFileSync(smallest(), join(deep, 'one.json.gz'))
  copyFileSync(smallest(), join(folder, 'walked/two.json.gz'))
  writeFileSync(join(folder, 'walked/other.json'), '{"some": "thing"}')
  const { status, stdout } = parallevm(['verify', '--threads', '1', join(folder, 'walked')])
  assert.is(status, 0, stdout)
  assert.match(
    stdout,
    /1 JSON files in the folders hold no block\n2 of 2 blocks came with headers .*\n2 of 2 blocks right/,
  )
  const bench = ['bench', '--threads', '1', '-e', 'wasm', '--runs', '1', '--warmup', '0', '--json', '--no-root']
  const report = parallevm([...bench, join(folder, 'walked')])
  assert.equal(
    JSON.parse(report.stdout).blocks.map(({ name }: { name: string }) => name),
    ['one', 'two'],
  )
  rmSync(join(folder, 'walked/a'), { recursive: true })
  rmSync(join(folder, 'walked/two.json.gz'))
  for (const command of ['verify', 'bench']) {
    const none = parallevm([command, join(folder, 'walked')])
    assert.is(none.status, 2)
    assert.match(none.stderr, /none of 1 JSON files is a block case/)
  }
})

test.run()
