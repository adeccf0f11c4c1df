// Node hands a worker the flags of its own process, and refuses some of them when they are named: whatever a process was
// started with, its workers start.
import { spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { plainEnvironment } from '../../support/process.js'

const test = suite('flags of Node')
const library = new URL('../../../src/index.js', import.meta.url)
/** Read as a module or not. */
const program = `(async () => {
const { BlockExecutor, memoryState } = await import(${JSON.stringify(library.href)})
const executor = await BlockExecutor.create({ state: memoryState([], []), threads: 2 })
console.log(executor.threads, 'threads')
await executor.close()
})()`

const MODULE = '--input-type=module'
const V8 = '--max-old-space-size=3000'
const NODE = '--enable-source-maps'

for (const flags of [
  [MODULE],
  [MODULE, NODE],
  [MODULE, V8],
  [MODULE, V8, NODE],
  [V8],
  ['--liftoff-only', '--stack-size=900', '--no-warnings'],
]) {
  test(`workers start in a process started with ${flags.join(' ')}`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', program], {
      encoding: 'utf8',
      env: plainEnvironment(),
    })
    assert.is(status, 0, stderr)
    assert.is(stdout, '2 threads\n')
  })
}

test.run()
