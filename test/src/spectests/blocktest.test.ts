// Blockchain tests: our own files with both engines, and a sample of the official ones where they are
// unpacked. All of them: parallevm blocktest FOLDER. PARALLEVM_BLOCK_TESTS names that folder.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor } from '../../../src/executor/blockExecutor.js'
import { BlockTestMachine } from '../../../src/spectests/blockFile.js'
import { BlockTestRun, stateOf } from '../../../src/spectests/blockTest.js'
import { readTests, testFiles } from '../../../src/spectests/files.js'
import { rulesOfNetwork } from '../../../src/spectests/forks.js'
import type { BlockTest, TestBlock } from '../../../src/spectests/json.js'
import { blockTest } from '../../../src/spectests/schema.js'

const own = join(process.cwd(), 'test/data/blocks')

// One thread with ethereumjs is what executor.test.ts does all the time.
for (const [engine, threads] of [
  ['ethereumjs', 2],
  ['wasm', 1],
  ['wasm', 2],
] as const) {
  test(`our blockchain tests: ${engine}, ${threads} threads`, async () => {
    const machine = new BlockTestMachine(engine, threads)
    const results = await machine.runFile(join(own, 'basics.json'), {}).finally(() => machine.close())
    assert.equal(
      results.filter(({ pass }) => !pass),
      [],
    )
    assert.is(results.length, 6)
  })
}

test('what is wrong in a test is found', async () => {
  const tests = readTests<BlockTest>(join(own, 'basics.json'), 'genesisRLP', blockTest)
  const [, shanghai] = tests.find(([name]) => name === 'twoBlocks_Shanghai')!
  const common = new Common({ chain: rulesOfNetwork('Shanghai').chain })
  const executor = await BlockExecutor.create({ common, engine: 'wasm', threads: 1, state: stateOf({}) })
  const run = async (change: (copy: BlockTest) => void): Promise<string> => {
    const copy = structuredClone(shanghai)
    change(copy)
    return (await new BlockTestRun(executor, copy).run()) ?? 'none'
  }
  try {
    assert.is(await run(() => {}), 'none')
    // A side chain: the second block once more, on the first one.
    assert.is(await run(({ blocks }) => blocks.push(blocks.at(-1)!)), 'none')
    assert.match(
      await run(({ blocks }) => {
        delete blocks[1]!.expectException
      }),
      /block 2 of 3: refused although it is valid: INVALID_STATE_ROOT/,
    )
    assert.match(
      await run(({ blocks }) => {
        blocks[1]!.expectException = 'BlockException.INVALID_GASLIMIT'
      }),
      /block 2 of 3: refused by INVALID_STATE_ROOT .* not for BlockException.INVALID_GASLIMIT/,
    )
    assert.match(
      await run(({ blocks }) => {
        blocks[2]!.expectException = 'BlockException.INVALID_GASLIMIT'
      }),
      /block 3 of 3: accepted, but breaks/,
    )
    assert.match(
      await run((copy) => {
        copy.blocks.pop()
      }),
      /the last block should be/,
    )
    assert.match(
      await run(({ postState }) => {
        Object.values(postState!)[0]!.balance = '0x1'
      }),
      /after the last block: balance of 0x[0-9a-f]{40} is \d+, not 1/,
    )
    assert.match(
      await run(({ pre }) => {
        Object.values(pre)[1]!.storage = {}
      }),
      /block 1 of 3: WRONG_STATE: the state has root 0x/,
    )
    const bent = (block: TestBlock): string => {
      const parts = RLP.decode(hexToBytes(block.rlp)) as Uint8Array[][]
      parts[0]!.pop()
      return bytesToHex(RLP.encode(parts))
    }
    assert.match(
      await run(({ blocks }) => {
        blocks[0]!.rlp = bent(blocks[0]!) as never
      }),
      /block 1 of 3: refused although it is valid: INVALID_HEADER/,
    )
  } finally {
    await executor.close()
  }
})

/** Refused blocks of every kind, transitions, requests, uncles' difficulty. */
const SAMPLE = [
  'frontier/validation',
  'cancun/eip4844_blobs/test_invalid_negative_excess_blob_gas.json',
  'prague/eip6110_deposits',
]

const folder = process.env.PARALLEVM_BLOCK_TESTS
if (folder === undefined) console.log('no official blockchain tests: set PARALLEVM_BLOCK_TESTS to the folder')

for (const path of SAMPLE.filter((each) => folder !== undefined && existsSync(join(folder, each)))) {
  test(`official blockchain tests: ${path}`, async () => {
    const machine = new BlockTestMachine('wasm', 2)
    const failures: unknown[] = []
    try {
      for (const file of testFiles([join(folder!, path)])) {
        failures.push(...(await machine.runFile(file, {})).filter(({ pass }) => !pass))
      }
    } finally {
      await machine.close()
    }
    assert.equal(failures.slice(0, 10), [])
  })
}

test.run()
