// A second thread for benchmarks of the state root stage: it sleeps on a shared word and answers by another, so that the
// measured thread needs no event loop.
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { BlockCore } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import type { WasmMemory } from '../../src/wasm/host.js'
import { compile, instantiate } from '../../src/wasm/instance.js'

interface Gate {
  memory: WasmMemory
  /** [rounds started, rounds finished by all helpers]. */
  words: Int32Array
  thread: number
}

export class RootHelpers {
  readonly #words = new Int32Array(new SharedArrayBuffer(8))
  readonly #workers: Worker[]

  private constructor(block: BlockCore, count: number) {
    this.#workers = Array.from({ length: count }, (_, i) => {
      const data: Gate = { memory: block.core.memory, words: this.#words, thread: i + 1 }
      return new Worker(new URL('./rootGate.js', import.meta.url), { workerData: data })
    })
  }

  static async start(block: BlockCore, count: number): Promise<RootHelpers> {
    const helpers = new RootHelpers(block, count)
    await Promise.all(helpers.#workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
    return helpers
  }

  /** Runs the prepared stage in this thread and the helpers; returns when all have left it. */
  run(block: BlockCore): void {
    const finished = Atomics.load(this.#words, 1) + this.#workers.length
    Atomics.add(this.#words, 0, 1)
    Atomics.notify(this.#words, 0)
    block.exports.rootWork()
    for (let seen = Atomics.load(this.#words, 1); seen !== finished; seen = Atomics.load(this.#words, 1)) {
      Atomics.wait(this.#words, 1, seen)
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

if (parentPort !== null) {
  const { memory, words, thread } = workerData as Gate
  const block = new BlockCore(new Core(memory, instantiate(compile(), memory)), thread)
  parentPort.postMessage('ready')
  for (let round = 0; ; round++) {
    Atomics.wait(words, 0, round)
    block.exports.rootWork()
    Atomics.add(words, 1, 1)
    Atomics.notify(words, 1)
  }
}
