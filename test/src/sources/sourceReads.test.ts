// Answers of a source that come when the block that asked is over.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SourceReads } from '../../../src/executor/sourceReads.js'
import type { BaseAccount, StateSource } from '../../../src/index.js'
import type { BlockCore } from '../../../src/wasm/blockCore.js'

const address = new Uint8Array(20).fill(7)
const missing = { kind: 'account' as const, address }

/** Reads over a core that only takes down what is done to it, and answers that are given by hand. */
function setup() {
  const done: string[] = []
  const block = {
    exports: {
      blockFail: (code: number) => done.push(`fail ${code}`),
    },
    resume: (indexes: number[]) => done.push(...indexes.map((index) => `resume ${index}`)),
    setBaseAccount: (_: Uint8Array, account: BaseAccount | undefined) => done.push(`account ${account?.nonce}`),
  } as unknown as BlockCore
  const asked: { answer(account: BaseAccount | undefined): void; refuse(error: Error): void }[] = []
  const source: StateSource = {
    kind: 'async',
    attach() {},
    account: () => new Promise((answer, refuse) => asked.push({ answer, refuse })),
    storage: async () => new Uint8Array(0),
  }
  return { reads: new SourceReads(source, block), done, asked }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const settled = async (): Promise<void> => {
  await turn()
  await turn()
}

test('an answer in time is put into memory and resumes who asked', async () => {
  const { reads, done, asked } = setup()
  const block = reads.begin()
  reads.answer({ kind: 'missing', block, parked: [{ index: 3, missing: [missing], sure: true }] })
  reads.answer({ kind: 'missing', block, parked: [{ index: 4, missing: [missing], sure: true }] })
  await settled()
  assert.is(asked.length, 1)
  asked[0]?.answer({ nonce: 5n, balance: 0n })
  await settled()
  assert.equal(done, ['account 5', 'resume 3', 'resume 4'])
})

test('an answer to a block that is over is dropped, and the next block asks again', async () => {
  const { reads, done, asked } = setup()
  const old = reads.begin()
  reads.answer({ kind: 'missing', block: old, parked: [{ index: 3, missing: [missing], sure: true }] })
  await settled()
  reads.end()
  const block = reads.begin()
  assert.is.not(block, old)
  reads.answer({ kind: 'missing', block, parked: [{ index: 0, missing: [missing], sure: true }] })
  await settled()
  assert.is(asked.length, 2)
  asked[0]?.answer({ nonce: 5n, balance: 0n })
  await settled()
  assert.equal(done, [])
  asked[1]?.answer({ nonce: 6n, balance: 0n })
  await settled()
  assert.equal(done, ['account 6', 'resume 0'])
})

test('a failure that is heard of late does not fail the next block', async () => {
  const { reads, done, asked } = setup()
  reads.answer({ kind: 'missing', block: reads.begin(), parked: [{ index: 3, missing: [missing], sure: true }] })
  await settled()
  reads.end()
  reads.begin()
  asked[0]?.refuse(new Error('too late'))
  await settled()
  assert.equal(done, [])
  assert.is(reads.failure, undefined)
})

test('a question that is heard of late is not asked', async () => {
  const { reads, asked } = setup()
  const old = reads.begin()
  reads.end()
  reads.begin()
  reads.answer({ kind: 'missing', block: old, parked: [{ index: 3, missing: [missing], sure: true }] })
  await settled()
  assert.is(asked.length, 0)
})

test.run()
