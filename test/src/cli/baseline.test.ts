import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledCases, dataFolder, loadCase } from '../../../src/blockFiles/index.js'
import { sequentialContender } from '../../../src/cli/baseline.js'
import { measure } from '../../../src/cli/measure.js'

/** All roots must come out, from the block and its pre-state alone: the baseline is also the oracle. */
async function check(path: string): Promise<void> {
  const block = loadCase(path)
  const contender = sequentialContender(block, { root: true, givenSenders: false })
  const { mismatches, measurements } = await measure(
    block.name,
    [contender],
    block.expected,
    { runs: 2, warmup: 0 },
    () => {},
  )
  assert.equal(mismatches, [])
  assert.ok(measurements[0]!.ms.total > 0)
  if (block.preState.kind === 'witness') assert.ok(measurements[0]!.ms.root! > 0)
}

test('sequential execution gives every root of a bundled block of each kind', async () => {
  for (const name of ['mainnet-mix-small', 'erc20-hot', 'transfers-hot']) {
    await check(bundledCases().find((path) => path.includes(`${name}.`))!)
  }
})

const folder = dataFolder()
if (folder) {
  test('sequential execution gives the state roots of real blocks, uncles and the DAO fork among them', async () => {
    for (const number of [97, 85858, 1920000, 2463000, 2675000, 4370000, 15537394, 24628607]) {
      await check(join(folder, 'mainnet/witness/blocks', `${number}.json.gz`))
    }
  })
}

test.run()
