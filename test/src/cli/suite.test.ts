// The suite of worst blocks: it has everything, each block is full of what it says, and both engines agree on all of it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Rules } from '../../../src/abi/core.generated.js'
import { OPCODES, Op, PRECOMPILES } from '../../../src/abi/registry.js'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { hex } from '../../../src/bytes.js'
import { barChart } from '../../../src/cli/chart.js'
import { measureSuite, renderSuite, type SuiteReport, suitePage, suiteRunsOf } from '../../../src/cli/suite.js'
import { BlockExecutor, memoryState } from '../../../src/index.js'
import { floorOf, nameOf, WORST_CASES, type WorstCase, worstBlock } from '../../../src/workloads/worst/index.js'
import { PRECOMPILED } from '../../../src/workloads/worst/precompiles.js'
import { callOutputs } from '../../support/precompileCalls.js'
import { plainEnvironment } from '../../support/process.js'

const test = suite('suite')
const folder = mkdtempSync(join(tmpdir(), 'parallevm-suite-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

test('every precompiled contract of the registry has a case', () => {
  const covered = new Set(WORST_CASES.map(({ precompile }) => precompile))
  assert.equal(
    PRECOMPILES.filter(({ address }) => !covered.has(address)).map(({ name }) => `${name} has no case in the suite`),
    [],
  )
})

test('every opcode of the registry has a case, but for those that only end a program', () => {
  const covered = new Set(WORST_CASES.flatMap(({ opcodes = [] }) => opcodes))
  assert.equal(
    OPCODES.filter(({ code, since }) => !covered.has(code) && since <= Rules.OSAKA).map(({ name }) => name),
    ['STOP', 'INVALID'],
  )
})

test('no two cases have the same name', () => {
  assert.is(new Set(WORST_CASES.map(({ name }) => name)).size, WORST_CASES.length)
})

/** Opcodes of a program, what PUSH takes left out; every byte counts, whether it can be reached or not. */
function opcodesIn(code: Uint8Array): Set<number> {
  const found = new Set<number>()
  for (let at = 0; at < code.length; at++) {
    const op = code[at] as number
    found.add(op)
    if (op >= Op.PUSH1 && op <= Op.PUSH32) at += op - Op.PUSH0
  }
  return found
}

test('the programs have the opcodes that their cases name', async () => {
  const codesOf = async (worst: WorstCase) => (await worstBlock(worst, 100_000)).preState.codes.map(hex)
  const system = await codesOf({ name: 'nothing', code: () => Uint8Array.of(Op.INVALID, Op.INVALID) })
  for (const worst of WORST_CASES.filter(({ precompile }) => precompile === undefined)) {
    const codes = (await codesOf(worst))
      .filter((code) => !system.includes(code))
      .map((code) => Buffer.from(code, 'hex'))
    // Short init code is what a PUSH of the program takes.
    const bytes = worst.name === 'SELFDESTRUCT in init code'
    const found = new Set(codes.flatMap((code) => [...(bytes ? code : opcodesIn(code))]))
    assert.ok(found.size > 0, worst.name)
    assert.equal((worst.opcodes ?? []).filter((opcode) => !found.has(opcode)).map(nameOf), [], worst.name)
  }
})

test('every input of a precompiled contract is one that it takes', () => {
  const rules = Rules.OSAKA
  for (const { name, precompile, input } of PRECOMPILED) {
    const [output] = callOutputs(precompile, [input], rules)
    assert.match(output as string, /^(0x)?[0-9a-f]{2,}$/, name)
  }
})

const plan = { runs: 1, warmup: 0 }
let report: SuiteReport | undefined

test('both engines agree on every block, whose gas goes to what it is about; slowest first', async () => {
  let runs = 0
  report = await measureSuite(100_000, plan, () => {
    runs++
  })
  assert.is(runs, suiteRunsOf(plan))
  assert.equal(report.mismatches, [])
  assert.is(report.cases.length, WORST_CASES.length)
  const about = new Set(report.cases.flatMap((each) => each.about))
  for (const { name } of PRECOMPILES) assert.ok(about.has(name), name)
  for (const worst of WORST_CASES) {
    const { gasUsed } = report.cases.find(({ name }) => name === worst.name)!
    const wanted = Math.max(100_000, worst.leastGas ?? 0)
    assert.ok(gasUsed > wanted / 2 && gasUsed <= wanted, `${worst.name}: ${gasUsed} of ${wanted}`)
  }
  const speeds = report.cases.map(({ wasm }) => wasm.mgasPerSecond.total)
  assert.equal(
    speeds,
    [...speeds].sort((a, b) => a - b),
  )
})

test('transactions succeed with whatever gas they have', async () => {
  let executor: BlockExecutor | undefined
  for (const gas of [333_333, 700_001, 40_000_000]) {
    // Many accounts with long codes are many bytes; one of the three is enough for them.
    const cases = WORST_CASES.filter(({ name }) => gas < 4e7 || name.includes('SLOAD') || name.includes('access list'))
    for (const worst of cases) {
      const { blockRlp, preState, parentHeaders, blockHashes } = await worstBlock(worst, gas)
      if (preState.kind !== 'flat') throw new Error('the suite has flat states')
      const state = memoryState(preState.accounts, preState.codes)
      if (executor === undefined)
        executor = await BlockExecutor.create({ state, threads: 1, hardfork: 'schedule', verify: 'none' })
      else await executor.setState(state)
      const result = await executor.execute(blockRlp, { parentHeaders, blockHashes, root: false })
      assert.equal(
        result.receipts.filter(({ status }) => status !== 1),
        [],
        `${worst.name}, ${gas} gas`,
      )
      assert.ok(Number(result.gasUsed) > Math.max(gas, worst.leastGas ?? 0) / 2, `${worst.name}, ${gas} gas`)
      // Transactions have 16,777,216 gas at most (EIP-7825).
      assert.is(result.receipts.length, Math.ceil(Math.max(gas, worst.leastGas ?? 0) / 16_777_216))
    }
  }
  await executor?.close()
})

test('each case has a floor, and is marked when it is below that', () => {
  for (const worst of WORST_CASES) {
    const floor = floorOf(worst)
    assert.ok(floor > 0 && Number.isFinite(floor), `${worst.name}: ${floor}`)
    // No opcode is to be slower than that, unless native code cannot hash twice as fast.
    if (worst.precompile === undefined) assert.ok(floor === 150 || worst.name.startsWith('KECCAK256'), worst.name)
  }
  const below = report!.cases.map((each) => ({
    ...each,
    floor: each.wasm.mgasPerSecond.execution + 1,
    belowFloor: true,
  }))
  const [one, ...rest] = report!.cases
  const marked = (cases: SuiteReport['cases']) =>
    renderSuite({ ...report!, cases })
      .split('\n')
      .filter((line) => / !\d/.test(line)).length
  assert.is(marked(below), below.length)
  assert.is(marked([{ ...one!, belowFloor: true }, ...rest.map((each) => ({ ...each, belowFloor: false }))]), 1)
  for (const { wasm, floor, belowFloor } of report!.cases) assert.is(belowFloor, wasm.mgasPerSecond.execution < floor)
})

test('a transaction that fails is told, not measured', async () => {
  const failing = { name: 'failing', code: () => Uint8Array.of(Op.INVALID) }
  const error = await measureSuite(100_000, plan, () => {}, [failing]).then(
    () => undefined,
    (cause) => cause,
  )
  assert.is(error?.code, 'WORKLOAD_SETUP')
  assert.match(error.message, /transaction 0 of 'failing' failed/)
})

test('the table fits 100 columns and has every case', () => {
  const lines = renderSuite(report!).split('\n')
  assert.equal(
    lines.filter((line) => line.length > 100 && !line.startsWith('Node ')),
    [],
  )
  for (const { name } of WORST_CASES)
    assert.ok(
      lines.some((line) => line.startsWith(`${name} `)),
      name,
    )
})

test('the page has a bar for each case and each of the two', () => {
  const page = suitePage(report!)
  for (const { name } of WORST_CASES) assert.ok(page.includes(`>${name}</text>`), name)
  // And the background, and one in the legend for each.
  assert.is(page.split('<rect ').length - 1, 2 * WORST_CASES.length + 3)
  assert.not.match(page, /https?:(?!\/\/www\.w3\.org\/2000\/svg)/)
})

test('the scale is logarithmic, and text is text', () => {
  const chart = barChart({
    title: 'a "title" & <more>',
    notes: [],
    unit: 'things',
    series: [{ label: 'one', color: '#000' }],
    rows: [1, 10, 100].map((value) => ({ label: `<${value}>`, values: [value] })),
  })
  const widths = [...chart.matchAll(/height="9"/g)].length
  assert.is(widths, 3)
  const [one, ten, hundred] = [...chart.matchAll(/width="([\d.]+)" height="9"/g)].map(([, width]) => Number(width))
  assert.is(one, 0)
  assert.ok(ten! > 0 && Math.abs(hundred! - 2 * ten!) < 0.2, `${ten} ${hundred}`)
  assert.ok(chart.includes('&lt;10&gt;') && chart.includes('a &quot;title&quot; &amp; &lt;more&gt;'))
  assert.not.match(chart, /<more>|<10>/)
})

test('the command refuses what does not go with the suite, and a page that cannot be written', () => {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  for (const [args, message] of [
    [['--html', join(folder, 'page.html')], /--html and --suite-gas are for --suite/],
    [['--suite-gas', '1'], /--html and --suite-gas are for --suite/],
    [['--suite', 'best'], /worst/],
    [['--suite', 'worst', '--threads', '2'], /cannot be used with/],
    [['--suite', 'worst', '--suite-gas', 'much'], /no number of Mgas/],
    [['--suite', 'worst', '--suite-gas', '0.01'], /gas is 10000/],
    [['--suite', 'worst', 'block.json'], /leave out block\.json/],
    [['--suite', 'worst', '--html', join(folder, 'no/such/folder.html')], /folder\.html cannot be written/],
  ] as const) {
    const options = { encoding: 'utf8', env: plainEnvironment() } as const
    const { status, stderr } = spawnSync(process.execPath, [main, 'bench', ...args], options)
    assert.is(status, 2, `${args.join(' ')}: ${stderr}`)
    assert.match(stderr, message)
  }
})

test('the command measures the suite', () => {
  const main = join(packageRoot(), 'dist/src/cli/main.js')
  const page = join(folder, 'worst.html')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      main,
      'bench',
      ...['--suite', 'worst', '--suite-gas', '0.1', '--runs', '1', '--warmup', '0', '--json'],
      '--html',
      page,
    ],
    { encoding: 'utf8', env: plainEnvironment() },
  )
  assert.is(status, 0, stderr)
  const { cases, gas, mismatches } = JSON.parse(stdout) as SuiteReport
  assert.is(gas, 100_000)
  assert.equal(mismatches, [])
  assert.is(cases.length, WORST_CASES.length)
  assert.match(readFileSync(page, 'utf8'), /^<!doctype html>[\s\S]*<\/svg>\n<\/html>\n$/)
})

test.run()
