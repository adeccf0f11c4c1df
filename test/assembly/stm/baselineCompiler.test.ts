// Threads whose code V8 has compiled by its baseline compiler alone, as it is in the first blocks of a process: the tests with
// real threads and forced delays once more, each in a process of its own.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { plainEnvironment } from '../../support/process.js'

const PROGRAMS = process.env.PARALLEVM_STM_PROGRAMS ?? '120'

for (const name of ['stmThreads', 'collect']) {
  test(`${name}, by the baseline compiler`, async () => {
    const file = join(packageRoot(), 'dist/test/assembly/stm', `${name}.test.js`)
    const env = { ...plainEnvironment(), PARALLEVM_STM_PROGRAMS: PROGRAMS }
    const { stdout } = await promisify(execFile)(process.execPath, ['--liftoff-only', file], { env })
    const [, total, passed] = /Total:\s+(\d+)\s+Passed:\s+(\d+)/.exec(stdout) ?? []
    assert.ok(Number(total) > 0 && total === passed, stdout)
  })
}

test.run()
