import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { timed } from '../../../src/fuzz/mutations/patience.js'

test('whoever waits is not slow; whoever computes for long is', async () => {
  const waiting = await timed(() => new Promise((resolve) => setTimeout(resolve, 500, 'waited')), 400)
  assert.equal([waiting.result, waiting.problem], ['waited', undefined])

  const computing = await timed(async () => {
    const before = process.cpuUsage()
    while (process.cpuUsage(before).user < 60_000);
    return 'computed'
  }, 50)
  assert.is(computing.result, 'computed')
  assert.match(computing.problem ?? '', /^it took \d+ ms, \d+ ms of them of processors$/)
})

test.run()
