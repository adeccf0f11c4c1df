// A worker thread that runs blocks of the synthetic language through the real scheduler.

import { parentPort, workerData } from 'node:worker_threads'
import { Task } from '../../src/abi/core.generated.js'
import type { WasmMemory } from '../../src/wasm/host.js'
import { Suspended } from '../../src/wasm/txStatePort.js'
import { newThread } from './stmCore.js'
import { type Program, randomFrom, runTransaction } from './stmProgram.js'

export interface WorkerBlock {
  program: Program
  /** 0: no forced delays. */
  seed: number
  /** Bits of the yield points of assembly/stm/debug.ts. */
  points: number
}

const { memory, thread } = workerData as { memory: WasmMemory; thread: number }
const { block, state } = newThread(memory, thread)
const pause = new Int32Array(new SharedArrayBuffer(4))

function delay(random: (below: number) => number): void {
  const kind = random(40)
  if (kind === 0) Atomics.wait(pause, 0, 0, random(100) / 1000)
  else if (kind < 4) for (let i = random(2000); i > 0; i--) Atomics.load(pause, 0)
}

function runBlock({ program, seed, points }: WorkerBlock): number {
  const random = randomFrom(seed + thread)
  block.exports.setDebug(points, seed * 64 + thread)
  while (true) {
    const task = block.nextTask()
    if (task === Task.KEYS) {
      block.exports.hashKeys()
      continue
    }
    if (task < 0) return task
    state.begin(task)
    try {
      const run = runTransaction(program, task, state)
      let step = run.next()
      while (!step.done) {
        if (seed !== 0) delay(random)
        step = run.next()
      }
      block.txEnd(step.value)
    } catch (error) {
      if (error instanceof Suspended) block.exports.txSuspend()
      else {
        block.exports.blockFail(99)
        throw error
      }
    }
  }
}

parentPort!.on('message', (message: WorkerBlock | 'root') => {
  if (message === 'root') return parentPort!.postMessage(block.exports.rootWork())
  const answer = runBlock(message)
  if (answer !== Task.DONE && answer !== Task.FAILED) throw new Error(`nextTask answered ${answer}`)
  parentPort!.postMessage(answer)
})
parentPort!.postMessage('ready')
