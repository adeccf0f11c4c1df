// A body that is not the header's is refused for that, whatever becomes of its execution meanwhile, and leaves nothing behind.
import { RLP } from '@ethereumjs/rlp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type BlockCase, BlockExecutor, bundledCases, loadCase, witnessState } from '../../../src/index.js'

const test = suite('body check')

type Parts = [Uint8Array[], Uint8Array[], Uint8Array[], Uint8Array[][]?]

const block = load('mainnet-mix.')

function load(name: string): BlockCase {
  const path = bundledCases().find((candidate) => candidate.includes(name))
  assert.ok(path)
  return loadCase(path as string)
}

/** The block with another body under the same header. */
function withBody(change: (parts: Parts) => void): Uint8Array {
  const parts = RLP.decode(block.blockRlp) as unknown as Parts
  change(parts)
  return RLP.encode(parts as never)
}

const WRONG: [name: string, code: string, bytes: Uint8Array][] = [
  // Nonces are missed: the execution refuses transactions.
  ['a transaction less', 'INVALID_TRANSACTIONS_ROOT', withBody(([, transactions]) => void transactions.shift())],
  ['a transaction twice', 'INVALID_TRANSACTIONS_ROOT', withBody(([, list]) => void list.push(list[0] as Uint8Array))],
  ['the other way round', 'INVALID_TRANSACTIONS_ROOT', withBody(([, transactions]) => void transactions.reverse())],
  // Accounts are touched that the witness does not have.
  [
    'transactions of another block before',
    'INVALID_TRANSACTIONS_ROOT',
    withBody((parts) => {
      parts[1].unshift(...(RLP.decode(load('erc20-many').blockRlp) as unknown as Parts)[1])
    }),
  ],
  [
    'a withdrawal more',
    'INVALID_WITHDRAWALS_ROOT',
    withBody((parts) => {
      parts[3]?.push([Uint8Array.of(9), Uint8Array.of(9), new Uint8Array(20).fill(9), Uint8Array.of(9)])
    }),
  ],
]

for (const verify of ['header', 'sequential', 'ethereumjs'] as const) {
  for (const [threads, mode] of [
    [1, 'auto'],
    [2, 'sequential'],
    [2, 'parallel'],
  ] as const) {
    test(`verify ${verify}, ${threads} threads, ${mode}`, async () => {
      assert.ok(block.preState.kind === 'witness')
      const executor = await BlockExecutor.create({ state: witnessState(block.preState), threads, verify })
      const { parentHeaders, blockHashes } = block
      const options = { parentHeaders, blockHashes, mode, advance: false }
      try {
        for (const [name, code, bytes] of WRONG) {
          try {
            await executor.execute(bytes, options)
            assert.unreachable(`${name} was accepted`)
          } catch (error) {
            assert.is((error as { code?: string }).code, code, `${name}: ${error}`)
          }
          const { number } = await executor.execute(block.blockRlp, options)
          assert.is(String(number), block.number.toString(), `after ${name}`)
        }
      } finally {
        await executor.close()
      }
    })
  }
}

test.run()
