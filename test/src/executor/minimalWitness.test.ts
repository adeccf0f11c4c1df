// A witness proves or is refused: of bundled and real blocks, with a node or a code left out, changed, doubled or displaced,
// comes the state root of the header or an error that names what is missing, never another result.
//
// PARALLEVM_WITNESS_REMOVALS=all (or a number): how many nodes, and as many codes, are left out of each block, one after the
// other; a table of all blocks is printed then.
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, dataFolder, listCases, loadCase } from '../../../src/blockFiles/index.js'
import { BlockExecutor, type ExecuteOptions, memoryState } from '../../../src/index.js'
import { Random } from '../../../src/workloads/random.js'
import { mainnetCases } from '../../support/bundled.js'
import {
  distinct,
  type Fate,
  fateOf,
  hashOf,
  type Removals,
  removeEach,
  sampleOf,
  usedNodes,
  type WitnessPreState,
  watchStates,
} from '../../support/witnesses.js'

const removals = process.env.PARALLEVM_WITNESS_REMOVALS
const PER_BUNDLED = removals ?? '12'
const PER_REAL = removals ?? '2'

watchStates()
const executors: BlockExecutor[] = []
const open = async (threads: number, engine: 'wasm' | 'ethereumjs' = 'wasm'): Promise<BlockExecutor> => {
  const executor = await BlockExecutor.create({ engine, threads, verify: 'header', state: memoryState([]) })
  executors.push(executor)
  return executor
}
const inOrder = await open(1)
const onTwo = await open(2)

type Attempt = (witness: WitnessPreState) => Promise<Fate>

function attemptOn(executor: BlockExecutor, block: BlockCase, options: ExecuteOptions = {}): Attempt {
  const { parentHeaders, blockHashes, blockRlp, expected, senders } = block
  const all = { parentHeaders, blockHashes, ...(senders && { senders }), ...options }
  return (witness) => fateOf(executor, witness, blockRlp, all, expected)
}

function witnessOf(block: BlockCase): WitnessPreState {
  if (block.preState.kind !== 'witness') throw new Error(`${block.name} comes without a witness`)
  return { ...block.preState, nodes: distinct(block.preState.nodes), codes: distinct(block.preState.codes) }
}

/** The witness with the nodes alone that the block needs: those an execution in order came to. */
async function neededOf(witness: WitnessPreState, attempt: Attempt): Promise<WitnessPreState> {
  assert.equal(await attempt(witness), { kind: 'same' })
  const used = usedNodes(witness.nodes.length)
  return { ...witness, nodes: witness.nodes.filter((node) => used.has(hashOf(node))) }
}

interface Row {
  block: string
  nodes: number
  codes: number
  surplus: number
  ofNodes: Removals
  ofCodes: Removals
}

const rows: Row[] = []

async function leaveOut(block: BlockCase, count: string): Promise<void> {
  const random = new Random(7, block.name)
  const whole = witnessOf(block)
  const attempt = attemptOn(inOrder, block)
  const needed = await neededOf(whole, attempt)
  // All others at once may go; of these none.
  assert.equal(await attempt(needed), { kind: 'same' }, 'the nodes that were used suffice')
  const ofNodes = await removeEach('nodes', sampleOf(whole.nodes, count, random), whole, attempt)
  assert.equal(ofNodes.other, [])
  const two = attemptOn(onTwo, block, { mode: 'parallel' })
  const onTwoThreads = await removeEach('nodes', sampleOf(needed.nodes, '2', random), needed, two)
  assert.equal(onTwoThreads.other, [])
  assert.is(onTwoThreads.same, 0, 'a node that is used is needed')
  const ofCodes = await removeEach('codes', sampleOf(whole.codes, count, random), whole, attempt)
  assert.equal(ofCodes.other, [])
  const sizes = { nodes: whole.nodes.length, codes: whole.codes.length }
  rows.push({ block: block.name, ...sizes, surplus: sizes.nodes - needed.nodes.length, ofNodes, ofCodes })
}

function table(): string {
  const total = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0)
  const line = (cells: (string | number)[]): string => `| ${cells.join(' | ')} |`
  const counts = ({ removed, same, missing, other }: Removals) => [removed, same, missing, other.length]
  return [
    line([
      'block',
      'nodes',
      'not needed',
      'left out',
      'same',
      'missing',
      'other',
      'codes',
      'left out',
      'same',
      'missing',
      'other',
    ]),
    line(new Array(12).fill('---')),
    ...rows.map((row) =>
      line([row.block, row.nodes, row.surplus, ...counts(row.ofNodes), row.codes, ...counts(row.ofCodes)]),
    ),
    line([
      `all ${rows.length}`,
      total((row) => row.nodes),
      total((row) => row.surplus),
      ...[0, 1, 2, 3].map((i) => total((row) => counts(row.ofNodes)[i] as number)),
      total((row) => row.codes),
      ...[0, 1, 2, 3].map((i) => total((row) => counts(row.ofCodes)[i] as number)),
    ]),
  ].join('\n')
}

const bundled = suite('bundled blocks')

for (const path of mainnetCases()) {
  const block = loadCase(path)
  bundled(`${block.name}: a node or a code left out`, () => leaveOut(block, PER_BUNDLED))
}

bundled('nodes in any order, twice, and among others that belong to nothing', async () => {
  for (const path of mainnetCases().slice(0, 4)) {
    const block = loadCase(path)
    const witness = witnessOf(block)
    const random = new Random(3, block.name)
    const foreign = [Uint8Array.of(), Uint8Array.of(0x80), Uint8Array.of(0xff, 1, 2), new Uint8Array(600).fill(0xf9)]
    const nodes = sampleOf(
      [...witness.nodes, ...witness.nodes, ...foreign],
      String(2 * witness.nodes.length + 4),
      random,
    )
    nodes.sort(() => random.below(3) - 1)
    const codes = [...witness.codes, ...witness.codes, Uint8Array.of(0xfe)].reverse()
    for (const executor of [inOrder, onTwo]) {
      assert.equal(await attemptOn(executor, block)({ ...witness, nodes, codes }), { kind: 'same' })
    }
  }
})

bundled('a node or a code of which one bit is another is not the one that is needed', async () => {
  const block = loadCase(mainnetCases()[0] as string)
  const attempt = attemptOn(inOrder, block)
  const needed = await neededOf(witnessOf(block), attempt)
  const random = new Random(5, block.name)
  for (const which of ['nodes', 'codes'] as const) {
    for (const target of sampleOf(needed[which], '25', random)) {
      const changed = target.slice()
      changed[random.below(changed.length)]! ^= 1 << random.below(8)
      const list = needed[which].map((bytes) => (bytes === target ? changed : bytes))
      const fate = await attempt({ ...needed, [which]: list })
      if (which === 'codes' && fate.kind === 'same') continue // code that nobody runs
      assert.equal(fate, { kind: 'missing', hash: hashOf(target) })
    }
  }
})

bundled('a root that is not that of the witness', async () => {
  const block = loadCase(mainnetCases()[0] as string)
  const witness = witnessOf(block)
  const root = new Uint8Array(32).fill(9)
  // Without the parent nothing contradicts the root: its node is missing.
  const unproven = attemptOn(inOrder, { ...block, parentHeaders: [] })
  assert.equal(await unproven({ ...witness, root }), { kind: 'missing', hash: '09'.repeat(32) })
  for (const other of [root, hashes(witness)[1] as Uint8Array]) {
    const fate = await attemptOn(inOrder, block)({ ...witness, root: other })
    assert.is(fate.kind, 'other')
    assert.match((fate as { what: string }).what, /^WRONG_STATE: the state has root 0x/)
  }
})

const hashes = ({ nodes }: WitnessPreState): Uint8Array[] => nodes.map((node) => Buffer.from(hashOf(node), 'hex'))

bundled('engine ethereumjs needs no more', async () => {
  const block = loadCase(mainnetCases().find((path) => path.includes('mainnet-mix-small')) as string)
  const needed = await neededOf(witnessOf(block), attemptOn(inOrder, block))
  for (const threads of [1, 2]) {
    const attempt = attemptOn(await open(threads, 'ethereumjs'), block)
    // It asks whether a precompile's address has a delegation (EIP-7702), which the core knows without looking.
    const whole = witnessOf(block)
    assert.equal(await attempt(whole), { kind: 'same' })
    const random = new Random(threads, block.name)
    for (const which of ['nodes', 'codes'] as const) {
      const { other } = await removeEach(which, sampleOf(needed[which], '8', random), whole, attempt)
      assert.equal(other, [])
    }
  }
})

const real = suite('real blocks')
const data = dataFolder()
if (data === undefined) console.log('skipped: set PARALLEVM_FIXTURES to the folder with mainnet/witness')
for (const path of data === undefined ? [] : listCases([join(data, 'mainnet/witness')])) {
  real(`${path}: a node or a code left out`, () => leaveOut(loadCase(path), PER_REAL))
}

real.after(async () => {
  for (const executor of executors) await executor.close()
  if (removals !== undefined) console.log(table())
})

bundled.run()
real.run()
