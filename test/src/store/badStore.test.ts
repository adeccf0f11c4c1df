// Stores that cannot be used: one typed error each, and what was there is still there.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor, lmdbState, ParallevmError, type StateStore, storeState } from '../../../src/index.js'
import { META } from '../../../src/store/keys.js'
import { lmdbEngine } from '../../../src/store/lmdb.js'
import { memoryEngine } from '../../../src/store/memory.js'
import { Random } from '../../../src/workloads/random.js'
import { plainEnvironment } from '../../support/process.js'
import { type StoreChain, storeChain, withFolder } from '../../support/storeChain.js'
import type { WriterTask } from '../../support/storeWriter.js'

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
const chain = await storeChain(8)
const OPTIONS = { hardfork: 'osaka', threads: 1 } as const

async function fill(state: StateStore, { blocks }: StoreChain, count = 4): Promise<void> {
  const executor = await BlockExecutor.create({ state, ...OPTIONS })
  for await (const _ of executor.executeAll(blocks.slice(0, count)));
  await executor.close()
}

async function failure(work: () => Promise<unknown>): Promise<ParallevmError> {
  try {
    await work()
  } catch (error) {
    assert.instance(error, ParallevmError)
    return error as ParallevmError
  }
  throw new Error('it did not fail')
}

async function codeOfOpening(state: StateStore): Promise<string> {
  return (await failure(() => BlockExecutor.create({ state, ...OPTIONS }))).code
}

async function stillThere(path: string): Promise<void> {
  const state = lmdbState({ path, genesis: chain.genesis })
  await state.open()
  assert.is(hex(state.head?.stateRoot), hex(chain.stateRoots[3]))
  await state.close()
}

test('a folder of another chain, or without a beginning', async () => {
  await withFolder(async (path) => {
    for (const folder of ['new', 'new']) {
      assert.is(await codeOfOpening(lmdbState({ path: join(path, folder) })), 'STORE_EMPTY')
    }
    await fill(lmdbState({ path, genesis: chain.genesis }), chain)
    const other = { ...chain.genesis, hash: new Uint8Array(32) }
    assert.is(await codeOfOpening(lmdbState({ path, genesis: other })), 'STORE_OTHER_CHAIN')
    await stillThere(path)
  })
})

test('without the package lmdb: how to install it', async () => {
  await withFolder(async (cwd) => {
    const data = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`
    const hook = data(`export async function resolve(name, context, next) {
      if (name === 'lmdb') throw new Error('no such package')
      return await next(name, context)
    }`)
    const without = data(`import { register } from 'node:module'; register(${JSON.stringify(hook)})`)
    const api = new URL('../../../src/index.js', import.meta.url).href
    const program = `import { lmdbState } from ${JSON.stringify(api)}
      await lmdbState({ path: 'state' }).open().catch(({ code, message }) => console.log(code, message))`
    const args = ['--import', without, '--input-type=module', '-e', program]
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env: plainEnvironment() })
    assert.match(stdout, /^STORE_ENGINE_MISSING .*npm install lmdb/, stderr)
    assert.equal(readdirSync(cwd), [])
  })
})

test('a folder that another process has, until that is killed', async () => {
  await withFolder(async (root) => {
    const folder = join(root, 'state')
    const { genesis, blocks } = chain
    writeFileSync(join(root, 'task'), serialize({ folder, genesis, blocks, checkpoint: 1 } satisfies WriterTask))
    const writer = fileURLToPath(new URL('../../support/storeWriter.js', import.meta.url))
    const stdio = ['ignore', 'pipe', 'inherit'] as const
    const child = spawn(process.execPath, [writer, join(root, 'task')], { stdio: [...stdio], env: plainEnvironment() })
    const ended = once(child, 'exit')
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended])
    const error = await failure(() => lmdbState({ path: folder }).open())
    assert.is(error.code, 'STORE_LOCKED')
    assert.match(error.message, String(child.pid))
    child.kill('SIGKILL')
    await ended
    const state = lmdbState({ path: folder })
    await state.open()
    assert.is((await failure(() => lmdbState({ path: folder }).open())).code, 'STORE_LOCKED')
    await state.close()
  })
})

test('another version', async () => {
  await withFolder(async (path) => {
    await fill(lmdbState({ path, genesis: chain.genesis }), chain)
    const engine = await lmdbEngine(path)
    const meta = engine.get(META)?.slice() as Uint8Array
    engine.write((batch) =>
      batch.put(META, Buffer.from(Buffer.from(meta).toString().replace('"version":1', '"version":99'))),
    )
    engine.close()
    assert.is(await codeOfOpening(lmdbState({ path })), 'STORE_VERSION')
    const again = await lmdbEngine(path)
    again.write((batch) => batch.put(META, meta))
    again.close()
    await stillThere(path)
  })
})

test('a file that is no database, and one that is cut', async () => {
  await withFolder(async (path) => {
    const file = join(path, 'data.mdb')
    for (const text of ['this is no database'.repeat(1000), 'short']) {
      writeFileSync(file, text)
      const code = await codeOfOpening(lmdbState({ path, genesis: chain.genesis }))
      assert.ok(['STORE_CORRUPT', 'STORE_FAILED'].includes(code), code)
      assert.is(readFileSync(file, 'utf8'), text)
    }
  })
})

test('rows that are damaged', async () => {
  const engine = memoryEngine(2 ** 28)
  const open = () => storeState(async () => engine, { genesis: chain.genesis })
  await fill(open(), chain)
  const before = new Map([...engine.range(new Uint8Array())].map(([key, value]) => [hex(key), value.slice()]))
  const random = new Random(26, 'damage')
  for (const table of ['n', 'N', 'a']) {
    const rows = [...engine.range(Buffer.from(table))]
    for (let i = 0; i < 4; i++) {
      const [key, value] = i === 0 ? (rows[0] as (typeof rows)[0]) : random.pick(rows)
      engine.write((batch) => batch.put(key, table === 'a' ? new Uint8Array(3) : value.map((byte) => byte ^ 1)))
      const state = open()
      const executor = await BlockExecutor.create({ state, ...OPTIONS })
      try {
        // It may not need the row.
        for await (const _ of executor.executeAll(chain.blocks.slice(4)));
        await executor.revert(4)
      } catch (error) {
        assert.ok(['MALFORMED_NODE', 'MALFORMED_STATE', 'STATE_SOURCE_FAILED'].includes((error as ParallevmError).code))
        assert.is(state.revertible, 4 + Number((state.head?.number ?? 0n) - chain.genesis.number) - 4)
        await executor.revert(state.revertible - 4)
      } finally {
        await executor.close()
      }
      engine.write((batch) => batch.put(key, value))
      const now = new Map([...engine.range(new Uint8Array())].map(([at, row]) => [hex(at), row]))
      assert.equal(
        [...before].filter(([at, row]) => hex(now.get(at)) !== hex(row)),
        [],
      )
    }
  }
})

test('a disk that is full: the block is refused, and executed when there is room', async () => {
  const engine = memoryEngine(2 ** 28)
  let full = false
  const state = storeState(
    async () =>
      ({
        ...Object.fromEntries(
          ['get', 'refresh', 'close', 'range'].map((name) => [name, engine[name as 'get'].bind(engine)]),
        ),
        spec: engine.spec,
        write(work: never) {
          if (full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
          return engine.write(work)
        },
      }) as typeof engine,
    { genesis: chain.genesis, checkpoint: 3 },
  )
  const executor = await BlockExecutor.create({ state, ...OPTIONS })
  for (const [i, block] of chain.blocks.entries()) {
    full = true
    const refused = await executor.execute(block).catch((error) => error)
    if ((i + 1) % 3 === 0) {
      assert.is(refused.code, 'STATE_SOURCE_FAILED')
      assert.is(refused.cause.code, 'STORE_FULL')
      full = false
      await executor.execute(block)
    }
    if (i === 1) {
      // Two blocks wait to be written, which taking one back begins with.
      state.note = 'kept'
      const stays = await executor.revert(1).catch((error) => error)
      assert.equal([stays.code, state.note], ['STORE_FULL', 'kept'])
    }
    assert.is(hex(state.head?.stateRoot), hex(chain.stateRoots[i]))
  }
  full = false
  await executor.close()
})

test('pages that are damaged: a typed error or the right result, in a process of its own', async () => {
  await withFolder(async (root) => {
    const path = join(root, 'state')
    await fill(lmdbState({ path, genesis: chain.genesis }), chain)
    const file = join(path, 'data.mdb')
    const pages = statSync(file).size / 4096
    const whole = readFileSync(file)
    const random = new Random(26, 'pages')
    for (let i = 0; i < 6; i++) {
      const page = 2 + random.below(pages - 2)
      const handle = openSync(file, 'r+')
      writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
      closeSync(handle)
      const code = await codeInProcess(root, path)
      assert.match(
        code,
        /^(STORE_\w+|MALFORMED_\w+|MISSING_\w+|STATE_SOURCE_FAILED|INVALID_\w+|WRONG_STATE|fine)$/,
        `page ${page}`,
      )
      writeFileSync(file, whole)
    }
    await stillThere(path)
    assert.ok(!readdirSync(path).includes('parallevm.lock'))
  })
})

test('a damaged page is a typed error where another process reads all of the file first', async () => {
  await withFolder(async (path) => {
    await fill(lmdbState({ path, genesis: chain.genesis, check: true }), chain)
    const file = join(path, 'data.mdb')
    const whole = readFileSync(file)
    const at = 4096 * rootPage(whole)
    // Not a page any more, and one that says that it is another kind of page.
    for (const bytes of [Buffer.alloc(4096), Buffer.alloc(4096, 0xa5), Buffer.of(0xff, 0xff)]) {
      const damaged = Buffer.from(whole)
      bytes.copy(damaged, bytes.length === 2 ? at + FLAGS_AT : at)
      writeFileSync(file, damaged)
      const error = await failure(() => lmdbState({ path, check: true }).open())
      assert.is(error.code, 'STORE_CORRUPT')
      assert.match(error.message, /reading all of it ended with (signal|exit code)/)
      assert.ok(readFileSync(file).equals(damaged))
    }
    writeFileSync(file, whole)
    const state = lmdbState({ path, check: true })
    await state.open()
    assert.is(hex(state.head?.stateRoot), hex(chain.stateRoots[3]))
    await state.close()
    assert.ok(readFileSync(file).equals(whole))
    await stillThere(path)
  })
})

/** Of a page: what kind of page it is. */
const FLAGS_AT = 18

/** The page that the rows hang from, by the newer one of both meta pages. */
function rootPage(file: Buffer): number {
  const metas = [file.subarray(0, 4096), file.subarray(4096, 8192)]
  const [newer] = metas.sort((a, b) => Number(b.readBigInt64LE(0x98) - a.readBigInt64LE(0x98)))
  return Number((newer as Buffer).readBigInt64LE(0x88))
}

async function codeInProcess(root: string, folder: string): Promise<string> {
  const { genesis, blocks } = chain
  writeFileSync(join(root, 'task'), serialize({ folder, genesis, blocks, checkpoint: 1 } satisfies WriterTask))
  const reader = fileURLToPath(new URL('../../support/storeReader.js', import.meta.url))
  const child = spawn(process.execPath, [reader, join(root, 'task')], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout?.on('data', (data) => {
    text += data
  })
  const [code, signal] = await once(child, 'close')
  return text.trim() || `exit code ${code}, signal ${signal}`
}

test.run()
