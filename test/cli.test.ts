import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledCases, packageRoot } from '../src/blockFiles/index.js'

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
  return bundledCases().sort((a, b) => readFileSync(a).length - readFileSync(b).length)[0]!
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
    ['sequential', 'ethereumjs x1', 'ethereumjs x2'],
  )
  for (const { ms } of report.blocks[0].measurements) {
    assert.ok(ms.execution > 0 && ms.root > 0 && ms.total >= ms.execution, JSON.stringify(ms))
  }
})

test('bench does not measure a wrong result away: exit code 1 and the field by name', () => {
  const path = withHeaderField('bench', 3, new Uint8Array(32).fill(7))
  const { status, stdout } = parallevm(['bench', '--runs', '1', '--warmup', '0', '--threads', '1', path])
  assert.is(status, 1)
  assert.match(stdout, /WRONG RESULTS.*block bench: stateRoot of ethereumjs x1 is 0x\w+, but the header has 0x0707/s)
})

test.run()
