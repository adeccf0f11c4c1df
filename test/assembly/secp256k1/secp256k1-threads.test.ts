// Tables that the first thread builds for all: threads that want them at once, and one that dies while it builds.

import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { SIGNATURE_SIZE } from '../../../src/abi/core.generated.js'
import type { WasmMemory } from '../../../src/wasm/host.js'
import { recoverAddresses, writeSignature } from '../../support/coreCrypto.js'
import { addressOf, bytes32, expectedKey, Point } from '../../support/signatures.js'
import type { SignatureWork } from '../../support/signatureWorker.js'
import { newHost } from '../../support/stmCore.js'

const tests = suite('secp256k1 on threads')

/** More than make the windows worth building. */
const COUNT = 500
/** A thread that takes longer is stuck: it takes some 40 ms. */
const PATIENCE = 20_000

const signatures = Array.from({ length: COUNT }, (_, i) => ({
  hash: BigInt(i + 1),
  r: Point.BASE.multiply(BigInt(i + 2)).x,
  s: BigInt(i * i + 3),
  id: i & 1,
}))
const records = new Uint8Array(COUNT * SIGNATURE_SIZE)
for (const [i, { hash, r, s, id }] of signatures.entries()) {
  writeSignature(records, i * SIGNATURE_SIZE, bytes32(hash), r, s, id)
}
const sampled = Array.from({ length: 20 }, (_, i) => i * 25)
const expected = sampled.map((i) => addressOf(expectedKey(signatures[i]!)))
const hex = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex')

function message(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('stuck')), PATIENCE)
    worker.once('message', resolve).once('error', reject)
    worker.once('message', () => clearTimeout(timer))
  })
}

async function startWorkers(memory: WasmMemory, threads: number[]) {
  const start = new SharedArrayBuffer(4)
  const module = new URL('../../support/signatureWorker.js', import.meta.url)
  const workers = threads.map((thread) => {
    const workerData: SignatureWork = { memory, thread, records, start }
    return new Worker(module, { workerData })
  })
  await Promise.all(workers.map(message))
  const go = (): void => {
    Atomics.store(new Int32Array(start), 0, 1)
    Atomics.notify(new Int32Array(start), 0)
  }
  return { workers, go }
}

/** What each thread recovers, all at once. */
async function recoverOn(memory: WasmMemory, threads: number[]): Promise<(string | undefined)[][]> {
  const { workers, go } = await startWorkers(memory, threads)
  try {
    const answers = Promise.all(workers.map(message))
    go()
    return (await answers).map((addresses) => (addresses as (Uint8Array | undefined)[]).map(hex))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

tests('threads that want the tables at once share one of each, and recover the same signers', async () => {
  const alone = recoverAddresses(records).map(hex)
  assert.equal(
    sampled.map((i) => alone[i]),
    expected,
  )
  for (let round = 0; round < 4; round++) {
    const host = newHost()
    const answers = await recoverOn(host.block.core.memory, [1, 2, 3, 4])
    for (const answer of answers) assert.equal(answer, alone)
  }
})

tests('one that dies while it builds holds no lock after the recovery', async () => {
  const alone = recoverAddresses(records).map(hex)
  let unfinished = 0
  for (let round = 0; round < 8; round++) {
    const host = newHost()
    const { memory } = host.block.core
    const { workers, go } = await startWorkers(memory, [1])
    let done = false
    workers[0]?.once('message', () => {
      done = true
    })
    go()
    await sleep(1 + round)
    await Promise.all(workers.map((worker) => worker.terminate()))
    if (!done) unfinished++
    host.block.exports.recover()
    assert.equal(await recoverOn(memory, [1]), [alone])
  }
  assert.ok(unfinished > 0, 'no thread was stopped while it recovered')
})

tests.run()
