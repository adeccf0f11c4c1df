// The commands `import` and `replay`: chains from files, ended at any moment and gone on with.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lmdbState } from '../../../src/index.js'
import { Random } from '../../../src/workloads/random.js'
import { era1Of } from '../../support/era1.js'
import { plainEnvironment } from '../../support/process.js'
import { storeChain, withFolder } from '../../support/storeChain.js'
import { writeChain } from '../../support/writeChain.js'

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))
const BLOCKS = 60
const chain = await storeChain(BLOCKS, 9_000_000)
const FIRST = Number(chain.genesis.number) + 1
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env: plainEnvironment() })
}

async function headOf(datadir: string): Promise<number> {
  const state = lmdbState({ path: join(datadir, 'state') })
  await state.open()
  const number = Number((state.head?.number ?? 0n) - chain.genesis.number)
  if (number > 0) assert.is(hex(state.head?.stateRoot), hex(chain.stateRoots[number - 1]))
  await state.close()
  return number
}

async function withFiles(use: (folder: string, begin: string[]) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    writeChain(folder, chain)
    await use(folder, ['import', '-d', join(folder, 'data'), '--state', join(folder, 'state.jsonl')])
  })
}

/** Ends the child with `signal` after a while, and hears how it ended. */
async function interrupt(child: ChildProcess, signal: NodeJS.Signals, ms: number): Promise<unknown[]> {
  const ended = once(child, 'exit')
  await new Promise((resolve) => setTimeout(resolve, ms))
  child.kill(signal)
  return await ended
}

test('a chain that was killed and interrupted, and gone on with', async () => {
  await withFiles(async (folder, begin) => {
    const args = [...begin, '--checkpoint', '3', join(folder, 'chain.rlp')]
    const random = new Random(26, 'imports')
    for (const signal of ['SIGKILL', 'SIGINT', 'SIGKILL', 'SIGINT'] as const) {
      const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore', env: plainEnvironment() })
      const [code, by] = await interrupt(child, signal, 700 + random.below(800))
      // Before it listens, a signal ends it as any process.
      if (signal === 'SIGINT') assert.ok(code === 130 || code === 0 || by === 'SIGINT', `${code} ${by}`)
    }
    const { status, stdout, stderr } = run(...args)
    assert.is(status, 0, stderr)
    assert.match(stdout, /blocks\/s, [\d.]+ Mgas\/s/)
    assert.is(await headOf(join(folder, 'data')), BLOCKS)
    assert.match(run(...args).stdout, '0 blocks')
  })
})

test('a file that is cut short: the blocks before are there', async () => {
  await withFiles(async (folder, begin) => {
    const whole = readFileSync(join(folder, 'chain.rlp'))
    writeFileSync(join(folder, 'cut.rlp'), whole.subarray(0, whole.length - 10))
    const { status, stderr } = run(...begin, join(folder, 'cut.rlp'))
    assert.is(status, 2)
    assert.match(stderr, 'MALFORMED_FIXTURE')
    assert.is(await headOf(join(folder, 'data')), BLOCKS - 1)
    assert.is(run(...begin, join(folder, 'chain.rlp')).status, 0)
    assert.is(await headOf(join(folder, 'data')), BLOCKS)
  })
})

test('a block that is invalid, a gap, and blocks of another chain', async () => {
  await withFiles(async (folder, begin) => {
    const bad = chain.blocks.slice(0, 5)
    const [header, ...body] = RLP.decode(bad[4]) as unknown as [Uint8Array[], ...Uint8Array[]]
    bad[4] = RLP.encode([header.with(3, new Uint8Array(32).fill(1)), ...body])
    writeFileSync(join(folder, 'bad.rlp'), Buffer.concat(bad))
    const refused = run(...begin, join(folder, 'bad.rlp'))
    assert.is(refused.status, 1)
    assert.match(refused.stderr, 'INVALID_STATE_ROOT')
    assert.is(await headOf(join(folder, 'data')), 4)
    // One that comes too late, and one that does not follow from the last.
    for (const index of [6, 4]) {
      const [header, ...body] = RLP.decode(chain.blocks[index]) as unknown as [Uint8Array[], ...Uint8Array[]]
      const stranger = index === 6 ? header : header.with(0, new Uint8Array(32))
      writeFileSync(join(folder, 'other.rlp'), RLP.encode([stranger, ...body]))
      const { status, stderr } = run(...begin, join(folder, 'other.rlp'))
      assert.is(status, 2, stderr)
      assert.match(stderr, 'WRONG_CHAIN')
    }
    assert.is(await headOf(join(folder, 'data')), 4)
  })
})

test('a range replayed, killed in between, and a range that cannot be', async () => {
  await withFiles(async (folder, begin) => {
    const data = join(folder, 'data')
    assert.is(run(...begin, '--undo', '40', join(folder, 'chain.rlp')).status, 0)
    const [from, to] = [FIRST + 25, FIRST + 50]
    const args = ['replay', '-d', data, '--from', String(from), '--to', String(to), '--checkpoint', '2']
    for (let kill = 0; kill < 3; kill++) {
      const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore', env: plainEnvironment() })
      await interrupt(child, 'SIGKILL', 900 + 200 * kill)
      await headOf(data)
    }
    const { status, stderr } = run(...args)
    assert.is(status, 0, stderr)
    assert.is(await headOf(data), 51)
    assert.is(run('replay', '-d', data).status, 0)
    assert.is(await headOf(data), BLOCKS)
    const early = run('replay', '-d', data, '--from', String(FIRST + 5), '--to', String(to))
    assert.is(early.status, 2)
    assert.match(early.stderr, 'CANNOT_REVERT')
    assert.is(await headOf(data), BLOCKS)
  })
})

test('an era1 file, whole, cut, and with another accumulator', async () => {
  await withFiles(async (folder, begin) => {
    mkdirSync(join(folder, 'era1'))
    const file = join(folder, 'era1', 'chain-00000.era1')
    const era1 = era1Of(chain.blocks)
    writeFileSync(file, era1.subarray(0, Math.floor(era1.length / 2)))
    const cut = run(...begin, join(folder, 'era1'))
    assert.is(cut.status, 2)
    const before = await headOf(join(folder, 'data'))
    assert.ok(before > 0 && before < BLOCKS, String(before))
    writeFileSync(file, era1Of(chain.blocks, new Uint8Array(32)))
    assert.match(run(...begin, file).stderr, 'accumulator')
    writeFileSync(file, era1)
    assert.is(run(...begin, join(folder, 'era1')).status, 0)
    assert.is(await headOf(join(folder, 'data')), BLOCKS)
  })
})

test.run()
