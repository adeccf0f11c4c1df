// Traces of the core's EVM: known programs line by line, and every step against the step events of @ethereumjs/evm, in our
// own state tests and, where they are there, in official ones (found as statetest.test.ts finds them).

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EVM } from '@ethereumjs/evm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Halt } from '../../../src/abi/core.generated.js'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { readTests, testFiles } from '../../../src/spectests/files.js'
import type { Hex, StateTest } from '../../../src/spectests/json.js'
import { stateTest } from '../../../src/spectests/schema.js'
import { runStateFile } from '../../../src/spectests/stateFile.js'
import { StateTestMachine } from '../../../src/spectests/stateMachine.js'
import { endLine, stepLine, TraceWriter } from '../../../src/spectests/traceLines.js'
import { wasmBase64 as coreModule } from '../../../src/wasm/module.generated.js'
import { wasmBase64 as tracingModule } from '../../../src/wasm/traceModule.generated.js'
import type { TraceStep } from '../../../src/wasm/traceStep.js'
import type { TraceEnd } from '../../../src/wasm/tracing.js'
import { program } from '../../support/evmScenario.js'
import { hex } from '../../support/mapState.js'
import { plainEnvironment } from '../../support/process.js'

const CALLER_CODE = '0x00000000000000000000000000000000000000a0'
const CALLEE = '0x00000000000000000000000000000000000000b0'
const own = join(packageRoot(), 'test/data/state')
const folder = mkdtempSync(join(tmpdir(), 'parallevm-trace-'))
test.after(() => rmSync(folder, { recursive: true }))

/** A state test in which a transaction with 200,000 gas calls `code`. What it expects is wrong: only its trace is wanted. */
/** A hash that no case has. */
const NOTHING: Hex = `0x${'00'.repeat(32)}`

function callOf(
  code: Uint8Array,
  callee: Uint8Array = new Uint8Array(0),
  change: Partial<StateTest['transaction']> = {},
): StateTest {
  const [, found] = readTests<StateTest>(join(own, 'basics.json'), 'post', stateTest).find(
    ([name]) => name === 'storeAndLog',
  )!
  const account = (bytes: Uint8Array) => ({
    nonce: '0x1',
    balance: '0x64',
    code: `0x${hex(bytes)}` as Hex,
    storage: {},
  })
  const test = structuredClone(found)
  const sender = test.transaction.sender!
  return {
    ...test,
    pre: { [sender]: test.pre[sender]!, [CALLER_CODE]: account(code), [CALLEE]: account(callee) } as StateTest['pre'],
    transaction: {
      ...test.transaction,
      to: CALLER_CODE,
      value: ['0x0'],
      data: ['0x'],
      gasLimit: ['0x030d40'],
      ...change,
    } as StateTest['transaction'],
    post: { Cancun: [{ hash: NOTHING, logs: NOTHING, indexes: { data: 0, gas: 0, value: 0 } }] },
  }
}

/** Steps and ends of all transactions that a machine with the tracing core runs. */
class Recorder {
  steps: TraceStep[] = []
  ends: TraceEnd[] = []
  step(step: TraceStep): void {
    this.steps.push(step)
  }
  end(end: TraceEnd): void {
    this.ends.push(end)
  }
  clear(): void {
    this.steps = []
    this.ends = []
  }
}

async function lines(each: StateTest, fork = 'Cancun'): Promise<string[]> {
  const recorder = new Recorder()
  const machine = await StateTestMachine.tracing(recorder)
  await machine.run(each, fork, Object.values(each.post)[0]![0]!)
  return [...recorder.steps.map(stepLine), ...recorder.ends.map(endLine)]
}

test('a jump, a store and a call that reverts, line by line', async () => {
  const code = program(5n, 0x56, 0xfe, 0xfe, 0x5b, 7n, 1n, 0x55)
  const call = program(0x5f, 0x5f, 32n, 0x5f, 0x5f, 0xb0n, 0xffffn, 0xf1)
  const got = await lines(callOf(program(code, call), program(0x5f, 0x5f, 0xfd)))
  const head = (pc: number, op: number, gas: number, cost: number, memSize = 0) =>
    `{"pc":${pc},"op":${op},"gas":"0x${gas.toString(16)}","gasCost":"0x${cost.toString(16)}","memSize":${memSize},`
  const callStack = '"0x0","0x0","0x20","0x0","0x0"'
  assert.equal(got, [
    `${head(0, 0x60, 179_000, 3)}"stack":[],"depth":1,"refund":0,"opName":"PUSH1"}`,
    `${head(2, 0x56, 178_997, 8)}"stack":["0x5"],"depth":1,"refund":0,"opName":"JUMP"}`,
    `${head(5, 0x5b, 178_989, 1)}"stack":[],"depth":1,"refund":0,"opName":"JUMPDEST"}`,
    `${head(6, 0x60, 178_988, 3)}"stack":[],"depth":1,"refund":0,"opName":"PUSH1"}`,
    `${head(8, 0x60, 178_985, 3)}"stack":["0x7"],"depth":1,"refund":0,"opName":"PUSH1"}`,
    `${head(10, 0x55, 178_982, 22_100)}"stack":["0x7","0x1"],"depth":1,"refund":0,"opName":"SSTORE"}`,
    `${head(11, 0x5f, 156_882, 2)}"stack":[],"depth":1,"refund":0,"opName":"PUSH0"}`,
    `${head(12, 0x5f, 156_880, 2)}"stack":["0x0"],"depth":1,"refund":0,"opName":"PUSH0"}`,
    `${head(13, 0x60, 156_878, 3)}"stack":["0x0","0x0"],"depth":1,"refund":0,"opName":"PUSH1"}`,
    `${head(15, 0x5f, 156_875, 2)}"stack":["0x0","0x0","0x20"],"depth":1,"refund":0,"opName":"PUSH0"}`,
    `${head(16, 0x5f, 156_873, 2)}"stack":["0x0","0x0","0x20","0x0"],"depth":1,"refund":0,"opName":"PUSH0"}`,
    `${head(17, 0x60, 156_871, 3)}"stack":[${callStack}],"depth":1,"refund":0,"opName":"PUSH1"}`,
    `${head(19, 0x61, 156_868, 3)}"stack":[${callStack},"0xb0"],"depth":1,"refund":0,"opName":"PUSH2"}`,
    // 2600 for the cold account, 3 for a word of memory, and what the callee gets.
    `${head(22, 0xf1, 156_865, 2_603 + 65_535)}"stack":[${callStack},"0xb0","0xffff"],"depth":1,"refund":0,"opName":"CALL"}`,
    `${head(0, 0x5f, 65_535, 2)}"stack":[],"depth":2,"refund":0,"opName":"PUSH0"}`,
    `${head(1, 0x5f, 65_533, 2)}"stack":["0x0"],"depth":2,"refund":0,"opName":"PUSH0"}`,
    `${head(2, 0xfd, 65_531, 0)}"stack":["0x0","0x0"],"depth":2,"refund":0,"opName":"REVERT","error":"execution reverted"}`,
    `${head(23, 0x00, 154_258, 0, 32)}"stack":["0x0"],"depth":1,"refund":0,"opName":"STOP"}`,
    '{"output":"","gasUsed":"0x60a6"}',
  ])
})

test('return data, output and errors', async () => {
  const words = (each: string[]) =>
    each.map((line) => Object.fromEntries(Object.entries(JSON.parse(line)).filter(([key]) => WANTED.has(key))))
  const WANTED = new Set(['opName', 'returnData', 'error', 'output'])
  // The callee returns one byte; the caller then runs into an opcode that does not exist.
  const call = program(0x5f, 0x5f, 0x5f, 0x5f, 0xb0n, 0x5a, 0xfa)
  const got = words(await lines(callOf(program(call, 0x0c), program(0xeen, 0x5f, 0x53, 1n, 0x5f, 0xf3))))
  assert.equal(got.slice(-3), [
    { opName: 'RETURN' },
    { opName: 'opcode 0xc not defined', returnData: '0xee', error: 'invalid opcode' },
    { output: '', error: 'invalid opcode' },
  ])
  const last = async (code: Uint8Array, change = {}) => words(await lines(callOf(code, undefined, change))).slice(-2)
  assert.equal(await last(program(0xabn, 0x5f, 0x53, 1n, 0x5f, 0xf3)), [{ opName: 'RETURN' }, { output: 'ab' }])
  assert.equal(await last(program(0xabn, 0x5f, 0x53, 1n, 0x5f, 0xfd)), [
    { opName: 'REVERT', error: 'execution reverted' },
    { output: 'ab', error: 'execution reverted' },
  ])
  assert.equal(await last(program(3n, 0x56)), [
    { opName: 'JUMP', error: 'invalid jump destination' },
    { output: '', error: 'invalid jump destination' },
  ])
  // 11 gas a round: with 179,000 the jump fails in the end, with 179,003 its destination.
  for (const [gasLimit, opName] of [
    ['0x30d40', 'JUMP'],
    ['0x30d43', 'JUMPDEST'],
  ]) {
    assert.equal(await last(program(0x5b, 0x5f, 0x56), { gasLimit: [gasLimit] }), [
      { opName, error: 'out of gas' },
      { output: '', error: 'out of gas' },
    ])
  }
  assert.equal(await last(program(0x50)), [
    { opName: 'POP', error: 'stack underflow' },
    { output: '', error: 'stack underflow' },
  ])
  // A plain transfer has no steps, a creation the code as its output.
  assert.equal(await last(program(), { to: CALLEE }), [{ output: '' }])
  const init = program(0xabn, 0x5f, 0x53, 1n, 0x5f, 0xf3)
  assert.equal(await last(program(), { to: '', data: [`0x${hex(init)}`] }), [{ opName: 'RETURN' }, { output: 'ab' }])
})

test('the costs of creations, of calls to precompiles and of calls with value', async () => {
  // CREATE with empty init code; then the identity precompile with 1,000 gas; then 1 wei and 500 gas to the callee.
  const create = program(0x5f, 0x5f, 0x5f, 0xf0)
  const identity = program(0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 4n, 1000n, 0xf1)
  const value = program(0x5f, 0x5f, 0x5f, 0x5f, 1n, 0xb0n, 500n, 0xf1)
  const steps = (await lines(callOf(program(create, identity, value), program(0x00)))).map((line) => JSON.parse(line))
  const costs = steps.filter(({ opName }) => /^(CREATE|CALL)$/.test(opName)).map(({ gasCost }) => Number(gasCost))
  assert.equal(costs, [32_000, 100 + 1000, 2_600 + 9_000 + 500])
  // The stipend is on top; what was not used comes back.
  const inside = steps.find(({ depth }, index) => depth === 2 && steps[index - 1].opName === 'CALL')
  assert.is(Number(inside.gas), 500 + 2300)
})

// --- Against @ethereumjs/evm ------------------------------------------------------------------------------------------------

interface Step {
  pc: number
  op: number
  gas: bigint
  depth: number
  stack: bigint[]
  memSize: number
  /** Undefined for calls and creations, whose costs are put together differently. */
  gasCost: bigint | undefined
}

const CALLS = new Set([0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa])

let theirs: Step[] = []
const listening = new WeakSet<EVM>()
const { runCall } = EVM.prototype
test.before(() => {
  EVM.prototype.runCall = function (this: EVM, options) {
    if (!listening.has(this)) {
      listening.add(this)
      this.events.on('step', ({ pc, opcode, gasLeft, depth, stack, memoryWordCount }, next) => {
        const op = opcode.code
        const gasCost = CALLS.has(op) ? undefined : opcode.dynamicFee
        const memSize = Number(memoryWordCount) * 32
        theirs.push({ pc, op, gas: gasLeft, depth: depth + 1, stack: [...stack], memSize, gasCost })
        next?.()
      })
    }
    return runCall.call(this, options)
  }
})
test.after(() => {
  EVM.prototype.runCall = runCall
})

/**
 * @ethereumjs/evm has no step for the STOP behind the end of a code and for a REVERT without its operands, and INVALID for
 * a byte that is no opcode.
 */
function assertSameSteps(ours: TraceStep[], name: string): void {
  let at = 0
  for (const { pc, op, gas, gasCost, memSize, depth, stack, error } of ours) {
    const other = theirs[at]
    const same = other !== undefined && other.pc === pc && other.depth === depth && other.gas === gas
    if (!same && (op === 0x00 || (op === 0xfd && stack.length < 2))) continue
    const known = other?.op === 0xfe ? 0xfe : op
    // Of an opcode that fails it is what was charged until then.
    const compared = !CALLS.has(known) && (error === undefined || error === Halt.REVERTED)
    const cost = compared || other === undefined ? gasCost : other.gasCost
    assert.equal(
      { pc, op: known, gas, depth, stack, memSize, gasCost: cost },
      other,
      `${name}, step ${at} of ${theirs.length}`,
    )
    at++
  }
  assert.is(at, theirs.length, `${name}: steps that only @ethereumjs/evm has`)
}

class Twins {
  readonly recorder = new Recorder()
  #ours: StateTestMachine | undefined
  readonly #others = new StateTestMachine('ethereumjs')
  steps = 0
  cases = 0
  readonly errors = new Set<number>()
  readonly ops = new Set<number>()

  async run(name: string, each: StateTest, fork: string, index = 0): Promise<void> {
    this.#ours ??= await StateTestMachine.tracing(this.recorder)
    this.recorder.clear()
    theirs = []
    const entry = Object.values(each.post[fork]!)[index]!
    const mine = await this.#ours.run(each, fork, entry)
    const other = await this.#others.run(each, fork, entry)
    assert.is(hex(mine.stateRoot), hex(other.stateRoot), name)
    assertSameSteps(this.recorder.steps, `${name} ${fork}[${index}]`)
    this.steps += this.recorder.steps.length
    this.cases++
    for (const { op, error } of this.recorder.steps) {
      this.ops.add(op)
      if (error !== undefined) this.errors.add(error)
    }
  }

  async file(path: string, limit: number): Promise<void> {
    for (const [name, each] of readTests<StateTest>(path, 'post', stateTest)) {
      for (const fork of Object.keys(each.post)) {
        for (let index = 0; index < each.post[fork]!.length && limit-- > 0; index++) {
          await this.run(name, each, fork, index)
        }
      }
    }
  }
}

test('programs step by step as @ethereumjs/evm runs them', async () => {
  const twins = new Twins()
  const call = (op: number, gas: bigint, value: (number | bigint)[]) =>
    program(0x5f, 0x5f, 0x5f, 0x5f, ...value, 0xb0n, gas, op)
  const calls = program(
    call(0xf1, 5000n, [1n]),
    call(0xf2, 90_000n, [0x5f]),
    call(0xf4, 30_000n, []),
    call(0xfa, 9_000n, []),
  )
  const callees: Record<string, Uint8Array> = {
    stores: program(7n, 1n, 0x55, 1n, 0x54, 0x5f, 0x52),
    reverts: program(0xffn, 0x5f, 0x52, 32n, 0x5f, 0xfd),
    'runs out of gas': program(0x5b, 0x5f, 0x56),
    logs: program(1n, 2n, 3n, 0x5f, 0x5f, 0xa3),
    creates: program(0x60, 0x00, 0x5f, 0x53, 5n, 1n, 0x5f, 0x5f, 0xf5, 0x3b, 0x5f, 0x5f, 0x5f, 0xf0),
    'ends itself': program(0x33, 0xff),
    'writes for a moment': program(9n, 8n, 0x5d, 8n, 0x5c, 0x5c),
    'reads too much return data': program(1n, 0x5f, 0x5f, 0x3e),
    'calls itself': program(call(0xf1, 0xffffffn, [0x5f]), 0x3d, 0x47, 0x59),
    'pops nothing': program(0x5f, 0x50, 0x50),
    'jumps into nothing': program(1n, 2n, 0x57),
    'is cut short': Uint8Array.of(0x60, 1, 0x62, 2),
  }
  for (const [name, callee] of Object.entries(callees)) {
    for (const change of [{}, { gasLimit: ['0x0186a0'] }, { to: CALLEE }] as Partial<StateTest['transaction']>[]) {
      await twins.run(name, callOf(calls, callee, change), 'Cancun')
    }
    await twins.run(`created: ${name}`, callOf(calls, undefined, { to: '', data: [`0x${hex(callee)}`] }), 'Cancun')
  }
  console.log(`${twins.steps} steps of ${twins.cases} transactions are the same`)
  assert.ok(twins.steps > 1000)
  const { REVERTED, OUT_OF_GAS, STACK_UNDERFLOW, INVALID_JUMP, STATIC_VIOLATION, RETURN_DATA_OUT_OF_BOUNDS } = Halt
  const errors = [REVERTED, OUT_OF_GAS, STACK_UNDERFLOW, INVALID_JUMP, STATIC_VIOLATION, RETURN_DATA_OUT_OF_BOUNDS]
  for (const error of errors) assert.ok(twins.errors.has(error), `no step failed with status ${error}`)
})

const SAMPLE: [path: string, cases: number][] = [
  ['frontier/opcodes/test_all_opcodes.json', 4],
  ['frontier/create', 20],
  ['homestead/coverage', 10],
  ['shanghai/eip3855_push0', 20],
  ['shanghai/eip3860_initcode', 20],
  ['static/state_tests/stRevertTest', 60],
  ['static/state_tests/stRefundTest', 30],
  ['static/state_tests/stSStoreTest', 30],
]

const archive = join(
  process.env.PARALLEVM_FIXTURES ?? join(packageRoot(), '../shared/fixtures'),
  'eest/state_tests.tar.xz',
)

function officialTests(): string | undefined {
  if (process.env.PARALLEVM_STATE_TESTS !== undefined) return process.env.PARALLEVM_STATE_TESTS
  if (!existsSync(archive)) return undefined
  execFileSync('tar', ['-xJf', archive, '-C', folder, ...SAMPLE.map(([path]) => `state_tests/${path}`)])
  return join(folder, 'state_tests')
}

const official = officialTests()
if (official === undefined) console.log(`no official state tests: set PARALLEVM_STATE_TESTS (looked for ${archive})`)

for (const [path, cases] of official === undefined ? [] : SAMPLE) {
  test(`official state tests step by step: ${path}`, async () => {
    const twins = new Twins()
    const files = testFiles([join(official!, path)])
    // Spread over the files: one or more cases of every n-th.
    const step = Math.max(1, Math.floor(files.length / cases))
    for (let i = 0; i < files.length && twins.cases < cases; i += step) {
      await twins.file(files[i]!, Math.max(1, Math.floor(cases / files.length)))
    }
    console.log(`${path}: ${twins.steps} steps of ${twins.cases} transactions, ${twins.ops.size} opcodes`)
    assert.ok(twins.steps > 0)
  })
}

// --- The command -------------------------------------------------------------------------------------------------------------

function statetest(...args: string[]) {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  return spawnSync(process.execPath, [main, 'statetest', ...args], { encoding: 'utf8', env: plainEnvironment() })
}

test('the command writes the lines of each case and its state root on standard error', async () => {
  const file = join(own, 'basics.json')
  const { status, stdout, stderr } = statetest('--trace', '--json', '--fork', 'Cancun', file)
  assert.is(status, 0)
  let expected = ''
  const writer = new TraceWriter((text) => {
    expected += text
  })
  const machine = await StateTestMachine.tracing(writer)
  const results = await runStateFile(machine, file, { fork: 'Cancun' }, (result) => writer.stateRoot(result.stateRoot!))
  assert.is(stderr, expected)
  assert.equal(JSON.parse(stdout), results)
  const roots = stderr.split('\n').filter((line) => line.startsWith('{"stateRoot": "0x'))
  assert.is(roots.length, results.length)
  for (const line of stderr.trimEnd().split('\n')) JSON.parse(line)
})

test('a failing case is traced too; the other engine is refused', () => {
  const file = join(folder, 'failing.json')
  writeFileSync(file, JSON.stringify({ failing: callOf(program(1n)) }))
  const { status, stdout, stderr } = statetest('--trace', file)
  assert.is(status, 1)
  assert.match(stdout, /FAIL .*failing Cancun/)
  assert.match(stderr, /^\{"pc":0,"op":96,.*\n\{"pc":2,"op":0,.*\n\{"output":"","gasUsed":"0x3"\}\n\{"stateRoot": "0x/)
  const refused = statetest('--trace', '--engine', 'ethereumjs', file)
  assert.is(refused.status, 2)
  assert.match(refused.stderr, /--trace traces the wasm engine/)
})

test('the module that executes blocks has nothing of this', () => {
  const NAMES = ['dropTrace', 'enterReplay', 'setTrace', 'traceFlush']
  const found = (base64: string): string[] => NAMES.filter((name) => Buffer.from(base64, 'base64').includes(name))
  assert.equal(found(coreModule), [])
  assert.equal(found(tracingModule), NAMES)
})

test.run()
