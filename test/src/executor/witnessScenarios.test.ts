// Every hand-made scenario from an execution witness with one node or code left out: the result of the whole state, or an error
// that names what is missing. PARALLEVM_TEST_FORKS=cancun,osaka: these forks; PARALLEVM_WITNESS_REMOVALS=all (or a number):
// how many are left out of each scenario, one after the other.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type ExecuteOptions, memoryState } from '../../../src/index.js'
import { Random } from '../../../src/workloads/random.js'
import { commonAt, Executors } from '../../support/engines.js'
import { build, FORKS, type Scenario } from '../../support/scenario.js'
import { FAMILIES } from '../../support/scenarios/index.js'
import { fateOf, removeEach, sampleOf, type WitnessPreState, witnessOf } from '../../support/witnesses.js'

const DEFAULT_FORKS = ['tangerineWhistle', 'london', 'prague']
const wanted = process.env.PARALLEVM_TEST_FORKS?.split(',') ?? DEFAULT_FORKS
const removals = process.env.PARALLEVM_WITNESS_REMOVALS ?? '6'

async function leaveOut(executors: Executors, scenario: Scenario, random: Random, threads: number): Promise<void> {
  const { blockRlp, senders, preState, block } = build(scenario)
  const executor = await executors.get(scenario.hardfork, threads)
  const mode = threads === 1 ? 'sequential' : 'parallel'
  const options: ExecuteOptions = { senders, blockHashes: block.blockHashes, mode }
  await executor.setState(memoryState(preState.accounts, preState.codes))
  const right = await executor.execute(blockRlp, { ...options, advance: false })
  const witness = await witnessOf(preState, commonAt(scenario.hardfork))
  const fate = (part: WitnessPreState) => fateOf(executor, part, blockRlp, options, right)
  assert.equal(await fate(witness), { kind: 'same' })
  for (const which of ['nodes', 'codes'] as const) {
    const { other } = await removeEach(which, sampleOf(witness[which], removals, random), witness, fate)
    assert.equal(other, [])
  }
}

for (const hardfork of FORKS) {
  if (!wanted.includes(hardfork)) continue
  const scenarios = suite(`${hardfork}, from witnesses`)
  const executors = new Executors()
  const random = new Random(1, hardfork)
  for (const { name, forks, blocks } of FAMILIES) {
    if (!forks.includes(hardfork)) continue
    scenarios(name, async () => {
      for (const scenario of await blocks(hardfork)) {
        await leaveOut(executors, scenario, random, random.below(4) === 0 ? 2 : 1)
      }
    })
  }
  scenarios.after(() => executors.close())
  scenarios.run()
}
