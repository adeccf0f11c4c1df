// What the command does when its output cannot be written, nobody reads it, or somebody ends it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { Progress } from '../../../src/cli/progress.js'
import { plainEnvironment } from '../../support/process.js'

const main = join(packageRoot(), 'dist/src/cli/main.js')
const block = join(packageRoot(), 'fixtures/blocks/transfers-hot.json.gz')
const tests = join(packageRoot(), 'test/data/state/basics.json')

function shell(command: string) {
  const environment = { ...plainEnvironment(), PARALLEVM: `${process.execPath} ${main}` }
  return spawnSync('bash', ['-c', `set -o pipefail; ${command}`], { encoding: 'utf8', env: environment })
}

/** Every command, with and without JSON, and what needs none. */
const COMMANDS = [
  '--help',
  '--version',
  'help bench',
  `verify --threads 1 ${block}`,
  `verify --threads 1 --json ${block}`,
  `bench --threads 1 -e wasm --runs 1 --warmup 0 --no-root ${block}`,
  `statetest --threads 1 --fork London ${tests}`,
  `statetest --threads 1 --fork London --json ${tests}`,
  'fuzz --seconds 1 --seed 1 --threads 1 --fork Osaka',
]

if (existsSync('/dev/full')) {
  test('output that cannot be written: exit code 4, and the reason on standard error', () => {
    for (const command of COMMANDS) {
      const { status, stderr } = shell(`$PARALLEVM ${command} > /dev/full`)
      assert.is(status, 4, `${command}: ${stderr}`)
      const line =
        'parallevm: standard output cannot be written: ENOSPC: no space left on device, write [OUTPUT_FAILED]'
      assert.ok(stderr.includes(line), `${command}: ${stderr}`)
      assert.not.match(stderr, /^ +at /m)
    }
  })

  test('standard error that cannot be written is not a wrong result either', () => {
    assert.is(shell(`$PARALLEVM statetest --threads 1 --trace --fork London ${tests} 2> /dev/full`).status, 4)
    assert.is(shell('$PARALLEVM nosuch 2> /dev/full').status, 4)
  })
} else console.log('no /dev/full here: what happens to output that cannot be written is not tested')

test('a reader that has seen enough is no error: nothing is said, and the code is never 1', () => {
  for (const command of COMMANDS) {
    const { status, stderr } = shell(`$PARALLEVM ${command} | true`)
    assert.ok(status === 0 || status === 141, `${command}: ${status}`)
    assert.not.match(stderr, /EPIPE|^ +at /m, command)
  }
})

test('Ctrl-C and the end of a terminal end the process as they should', async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const child = spawn(process.execPath, [main, 'bench', '--runs', '1000', '--threads', '2', block], {
      env: plainEnvironment(),
      stdio: 'ignore',
    })
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once('exit', (code, by) => resolve([code, by]))
    })
    await new Promise((resolve) => setTimeout(resolve, 3000))
    child.kill(signal)
    // A shell makes 130 and 143 of these.
    assert.equal(await ended, [null, signal])
  }
})

test('the progress bar leaves cursor and line wrap as they are, so that nothing has to give them back', () => {
  const { stderr } = process
  const written: string[] = []
  const { write, isTTY } = stderr
  stderr.isTTY = true
  stderr.write = ((text: string) => written.push(text) > 0) as never
  try {
    const progress = new Progress(3)
    progress.show(`${'x'.repeat(500)}`)
    progress.step()
    progress.step()
    progress.step()
    progress.stop()
  } finally {
    stderr.write = write
    stderr.isTTY = isTTY
  }
  const text = written.join('')
  assert.match(text, /3\/3/)
  for (const code of ['[?25l', '[?25h', '[?7l', '[?7h']) assert.not.ok(text.includes(code), code)
})

test.run()
