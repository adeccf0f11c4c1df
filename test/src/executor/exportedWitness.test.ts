// The witness that an executor makes of a block: executing from it gives the same, and without any part of it nothing. Of
// bundled and real blocks, from a witness with surplus nodes or from a state in memory.
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, dataFolder, listCases, loadCase } from '../../../src/blockFiles/index.js'
import {
  BlockExecutor,
  type BlockResult,
  type ExecutionWitness,
  memoryState,
  merkleState,
  type ParallevmError,
  type StateSource,
  stateManagerState,
  witnessState,
} from '../../../src/index.js'
import { Random } from '../../../src/workloads/random.js'
import { mainnetCases } from '../../support/bundled.js'
import { managerOf } from '../../support/managers.js'
import { distinct, fateOf, hashOf, removeEach, sampleOf, type WitnessPreState } from '../../support/witnesses.js'
import { workloadChain } from '../../support/workloadChain.js'

const removals = process.env.PARALLEVM_WITNESS_REMOVALS
const PER_BUNDLED = removals ?? '6'
const PER_REAL = removals ?? '1'

const EMPTY_ROOT = Buffer.from('56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421', 'hex')

const executors: BlockExecutor[] = []
const open = async (threads: number): Promise<BlockExecutor> => {
  const executor = await BlockExecutor.create({ threads, verify: 'none', state: memoryState([]) })
  executors.push(executor)
  return executor
}
const onTwo = await open(2)
const inOrder = await open(1)

function sourceOf({ preState }: BlockCase): StateSource {
  return preState.kind === 'witness' ? witnessState(preState) : memoryState(preState.accounts, preState.codes)
}

async function exported(
  block: BlockCase,
): Promise<{ result: BlockResult; witness: ExecutionWitness; before: Uint8Array }> {
  const { parentHeaders, blockHashes, blockRlp, senders } = block
  const options = { parentHeaders, blockHashes, ...(senders && { senders }), witness: true }
  await onTwo.setState(sourceOf(block))
  const result = await onTwo.execute(blockRlp, options)
  if (result.witness === undefined) throw new Error('there is no witness')
  // The first node is the root. There is none in a state without accounts, nor when nothing was read, nor then written.
  const [first] = result.witness.state
  const without = result.stateDiff.length > 0 ? EMPTY_ROOT : (result.stateRoot as Uint8Array)
  const before = first === undefined ? without : Buffer.from(hashOf(first), 'hex')
  return { result, witness: result.witness, before }
}

async function check(block: BlockCase, count: string): Promise<void> {
  const { result, witness, before } = await exported(block)
  const { parentHeaders, blockHashes, blockRlp, senders, preState } = block
  assert.is(distinct(witness.state).length, witness.state.length, 'each node once')
  assert.is(distinct(witness.codes).length, witness.codes.length, 'each code once')
  if (preState.kind === 'witness') {
    assert.equal(Buffer.from(before), Buffer.from(preState.root))
    const given = new Set([...preState.nodes, ...preState.codes].map(hashOf))
    for (const part of [...witness.state, ...witness.codes]) assert.ok(given.has(hashOf(part)))
  }
  const whole: WitnessPreState = { kind: 'witness', root: before, nodes: witness.state, codes: witness.codes }
  const options = { blockHashes, ...(senders && { senders }) }
  // Of a flat block file the state is not all of its parent's.
  const proven = preState.kind === 'witness' ? { parentHeaders: witness.headers } : { parentHeaders }
  assert.equal(
    await fateOf(onTwo, whole, blockRlp, { ...options, ...(preState.kind === 'witness' && proven) }, result),
    {
      kind: 'same',
    },
  )
  const random = new Random(11, block.name)
  const attempt = (less: WitnessPreState) => fateOf(inOrder, less, blockRlp, options, result)
  for (const which of ['nodes', 'codes'] as const) {
    const { same, other } = await removeEach(which, sampleOf(whole[which], count, random), whole, attempt)
    assert.equal([same, other], [0, []], `each of the ${which} is needed`)
  }
}

const bundled = suite('bundled blocks')
for (const path of mainnetCases()) {
  const block = loadCase(path)
  bundled(`${block.name}: what its witness holds is enough, and all needed`, () => check(block, PER_BUNDLED))
}

bundled('the same witness over every source that can make one', async () => {
  const { blocks, preState, common } = await workloadChain('mainnet-mix', 1_500_000, [1, 1])
  const makers: Record<string, () => Promise<StateSource>> = {
    memory: async () => memoryState(preState.accounts, preState.codes),
    merkle: async () => merkleState(await managerOf(preState, common)),
  }
  const found: string[][][] = []
  for (const make of Object.values(makers)) {
    const executor = await BlockExecutor.create({ common, hardfork: 'osaka', threads: 2, state: await make() })
    const witnesses: string[][] = []
    for (const block of blocks) {
      const { witness } = await executor.execute(block, { witness: true })
      witnesses.push([...(witness?.state ?? []), ...(witness?.codes ?? [])].map(hashOf).sort())
    }
    found.push(witnesses)
    await executor.close()
  }
  assert.ok(found[0]!.every((hashes) => hashes.length > 20))
  assert.equal(found[1], found[0])
  const executor = await BlockExecutor.create({
    common,
    hardfork: 'osaka',
    threads: 2,
    state: stateManagerState(await managerOf(preState, common)),
  })
  const error = await executor.execute(blocks[0] as Uint8Array, { witness: true }).then(
    () => undefined,
    (thrown: ParallevmError) => thrown,
  )
  assert.is(error?.code, 'UNSUPPORTED')
  // The state is as before.
  await executor.execute(blocks[0] as Uint8Array)
  await executor.close()
})
const real = suite('real blocks')
const data = dataFolder()
if (data === undefined) console.log('skipped: set PARALLEVM_FIXTURES to the folder with mainnet')
const folders = data === undefined ? [] : ['mainnet/witness', 'mainnet/flat'].map((name) => join(data, name))
for (const path of folders.length === 0 ? [] : listCases(folders)) {
  real(`${path}: what its witness holds is enough, and all needed`, () => check(loadCase(path), PER_REAL))
}
real.after(async () => {
  for (const executor of executors) await executor.close()
})

bundled.run()
real.run()
