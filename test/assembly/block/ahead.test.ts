// Senders of a block that is not begun: recovered by whoever has time, in memory that is the running block's in no way.
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockRequest } from '../../../src/abi/blockRequest.js'
import { BlockMode, SENDER_KNOWN, Task } from '../../../src/abi/core.generated.js'
import { type BlockCase, bundledCases, loadCase } from '../../../src/blockFiles/index.js'
import { OutOfSpaceError } from '../../../src/errors.js'
import { readInput } from '../../../src/executor/blockInput.js'
import { BlockPlaces } from '../../../src/executor/blockPlaces.js'
import type { BlockPlan } from '../../../src/executor/blockPlan.js'
import { writeBlockRequest } from '../../../src/executor/blockRequestOf.js'
import { hashing } from '../../../src/executor/hashing.js'
import { RecentHashes } from '../../../src/executor/recentHashes.js'
import type { BlockCore } from '../../../src/wasm/blockCore.js'
import { memoryView } from '../../../src/wasm/memoryView.js'
import { mainnet, sendersOf } from '../../support/blocks.js'
import { newEvmThread } from '../../support/evmBlocks.js'
import { hex } from '../../support/mapState.js'
import { newHost } from '../../support/stmCore.js'

const PLAN = { engine: 'wasm', threads: 2, flags: 0 } as BlockPlan
/** All transaction types; and one kind, many. */
const [mix, many] = ['mainnet-mix-small', 'transfers'].map((name) =>
  loadCase(bundledCases().find((path) => path.includes(name)) as string),
) as [BlockCase, BlockCase]

interface Ahead {
  /** Begins the block: pointer to its request. */
  begin(serial: number): number
  release(): void
}

function write(places: BlockPlaces, block: BlockCore, { blockRlp }: BlockCase): Ahead | undefined {
  const place = places.open()
  if (place === undefined) return undefined
  try {
    const input = readInput(
      new Uint8Array(blockRlp),
      {},
      mainnet,
      hashing(block.core),
      'none',
      new RecentHashes(),
      place,
    )
    const request = writeBlockRequest(place.memory, input, PLAN, undefined, false, 0)
    place.offer(request)
    return {
      begin(serial) {
        place.begin(request, serial)
        return request
      },
      release: () => place.release(),
    }
  } catch (error) {
    place.release()
    if (error instanceof OutOfSpaceError) return undefined
    throw error
  }
}

function known(block: BlockCore, pointer: number): (string | undefined)[] {
  const request = new BlockRequest(memoryView(block), pointer)
  return Array.from({ length: request.count }, (_, index) =>
    request.senderState(index) === SENDER_KNOWN ? hex(request.sender(index)) : undefined,
  )
}

/** Threads 0 and 1 of a memory, whose tables of signatures are built. */
function start() {
  const host = newHost().block
  const other = newEvmThread(host.core.memory, 1).block
  const ahead = new BlockPlaces(host)
  const first = write(ahead, host, many)
  while (host.exports.recoverAhead(16) || other.exports.recoverAhead(16)) {}
  first?.release()
  return { host, other, ahead }
}

test('all senders, whatever the block that runs does meanwhile', () => {
  const { host, other, ahead } = start()
  for (const [round, block] of [mix, many, mix, many].entries()) {
    const request = write(ahead, host, block)
    const used = host.exports.usedBytes()
    let batches = 0
    do {
      if (batches % 3 === 0) host.blockBegin(3, 1, BlockMode.SEQUENTIAL)
      if (batches % 3 === 1) host.exports.blockAlloc(300_000)
      if (batches % 3 === 2) host.exports.abandonBlock()
      batches++
    } while (other.exports.recoverAhead(batches % 2 ? 4 : 16))
    host.exports.abandonBlock()
    // The first rounds make tables that stay.
    if (round > 1) assert.is(host.exports.usedBytes(), used)
    assert.equal(known(host, request?.begin(1) as number), sendersOf(block).map(hex))
    request?.release()
  }
})

test('a thread that finds no transaction is told of them', () => {
  const { host, other, ahead } = start()
  // One transaction that this thread has, and no end.
  host.blockBegin(2, 2, BlockMode.PARALLEL | BlockMode.LAST_IS_BARRIER)
  assert.is(host.nextTask(), 0)
  const request = write(ahead, host, mix)
  let told = 0
  for (; other.nextTask() === Task.AHEAD; told++) {
    other.exports.recoverAhead(4)
    if (told === 3) {
      request?.release()
      host.exports.blockFail(1)
    }
  }
  assert.is(told, 4)
  assert.is(other.nextTask(), Task.FAILED)
  host.exports.abandonBlock()
})

test('once the block has begun nobody takes them before its time, and its threads go on from there', () => {
  const { host, other, ahead } = start()
  const request = write(ahead, host, many)
  assert.ok(other.exports.recoverAhead(4))
  const senders = known(host, request?.begin(7) as number)
  assert.not(other.exports.recoverAhead(4))
  assert.equal(
    senders,
    sendersOf(many).map((sender, index) => (index < 4 ? hex(sender) : undefined)),
  )
  assert.is(new BlockRequest(memoryView(host), request?.begin(7) as number).takeSenders().first, 4)
})

test('two places, and memory that comes back', () => {
  const { host, ahead } = start()
  let used: bigint | undefined
  for (let round = 0; round < 20; round++) {
    const [one, two, three] = [many, mix, many].map((block) => write(ahead, host, block))
    assert.ok(one && two)
    assert.is(three, undefined)
    one.release()
    two.release()
    used ??= host.exports.usedBytes()
    assert.is(host.exports.usedBytes(), used)
  }
})

test('without room it is written later, and nothing is lost', () => {
  const { block } = newHost(6 << 20)
  const ahead = new BlockPlaces(block)
  const before = block.exports.usedBytes()
  const chunks: number[] = []
  for (let at = block.exports.takeChunks(1); at !== 0; at = block.exports.takeChunks(1)) chunks.push(at >>> 0)
  block.exports.giveChunks(chunks.pop() as number, 1)
  assert.is(write(ahead, block, many), undefined)
  for (const at of chunks) block.exports.giveChunks(at, 1)
  assert.ok(block.exports.usedBytes() - before < 1_000_000n)
  assert.ok(write(ahead, block, many))
})

test('a thread that dies in there keeps the place until that is known', async () => {
  const { host, ahead } = start()
  const { memory } = host.core
  let inside = 0
  for (let round = 0; round < 20 && inside < 3; round++) {
    const worker = new Worker(new URL('../../support/aheadWorker.js', import.meta.url), {
      workerData: { memory, thread: 2 },
    })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    const request = write(ahead, host, many) as Ahead
    await sleep(2)
    await worker.terminate()
    request.release()
    if (!host.exports.aheadOpen(0)) inside++
    host.exports.freeLocks()
    host.exports.aheadReset()
    assert.ok(host.exports.aheadOpen(0))
    // Its successor, by the same name, has what it left.
    const successor = newEvmThread(memory, 2).block
    const again = write(ahead, host, many) as Ahead
    while (successor.exports.recoverAhead(16)) {}
    assert.equal(known(host, again.begin(1)), sendersOf(many).map(hex))
    again.release()
  }
  assert.ok(inside > 0, 'no thread died inside')
})

test.run()
