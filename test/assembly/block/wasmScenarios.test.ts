// Every hand-made scenario in the core, in order and on several threads, fork after fork: always the result of plain
// @ethereumjs/vm. PARALLEVM_TEST_FORKS=cancun,osaka: these forks alone.
import { suite } from 'uvu'
import { agreeInCore, Executors } from '../../support/engines.js'
import { FORKS } from '../../support/scenario.js'
import { FAMILIES } from '../../support/scenarios/index.js'

const wanted = process.env.PARALLEVM_TEST_FORKS?.split(',')

for (const hardfork of FORKS) {
  if (wanted !== undefined && !wanted.includes(hardfork)) continue
  const scenarios = suite(hardfork)
  const executors = new Executors()
  for (const { name, forks, blocks } of FAMILIES) {
    if (!forks.includes(hardfork)) continue
    scenarios(name, async () => {
      for (const scenario of await blocks(hardfork)) await agreeInCore(executors, scenario)
    })
  }
  // Before the next fork's: an executor has threads of its own.
  scenarios.after(() => executors.close())
  scenarios.run()
}
