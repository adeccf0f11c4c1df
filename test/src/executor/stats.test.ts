// The times of a block's stages: none is negative, and together they are the whole time.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledCases, loadCase } from '../../../src/blockFiles/index.js'
import { BlockExecutor, witnessState } from '../../../src/index.js'

const block = loadCase(bundledCases().find((path) => path.includes('erc20-many')) as string)

for (const engine of ['wasm', 'ethereumjs'] as const) {
  for (const verify of ['none', 'header', 'sequential'] as const) {
    test(`stages add up: ${engine}, verify ${verify}`, async () => {
      if (block.preState.kind !== 'witness') throw new Error('the bundled blocks are witnesses')
      const { parentHeaders, blockHashes } = block
      const executor = await BlockExecutor.create({ engine, threads: 2, verify, state: witnessState(block.preState) })
      try {
        for (let run = 0; run < (engine === 'wasm' ? 12 : 3); run++) {
          const mode = run % 3 === 2 ? 'sequential' : 'parallel'
          const began = performance.now()
          const { stats } = await executor.execute(block.blockRlp, { parentHeaders, blockHashes, mode, advance: false })
          const { total, ...stages } = stats.ms
          assert.ok(total <= performance.now() - began)
          for (const [stage, ms] of Object.entries(stages)) assert.ok(ms >= 0, `${stage} took ${ms} ms: run ${run}`)
          const sum = Object.values(stages).reduce((all, ms) => all + ms, 0)
          assert.ok(Math.abs(sum - total) < 1e-6, `${sum} is not ${total}: run ${run}`)
          assert.ok(stages.execution > 0 && stages.senders > 0 && stages.root > 0, JSON.stringify(stats.ms))
        }
      } finally {
        await executor.close()
      }
    })
  }
}

test.run()
