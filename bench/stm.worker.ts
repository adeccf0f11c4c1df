// Worker of stm.bench.ts: runs blocks of transactions that do a fixed amount of work and, in a chain, add to one slot.
import { parentPort, workerData } from 'node:worker_threads'
import { BlockCore } from '../src/wasm/blockCore.js'
import { Core } from '../src/wasm/core.js'
import type { WasmMemory } from '../src/wasm/host.js'
import { compile, instantiate } from '../src/wasm/instance.js'

export interface BenchBlock {
  /** Rounds of arithmetic in each transaction. */
  work: number
  chain: boolean
}

const { memory, thread } = workerData as { memory: WasmMemory; thread: number }
const block = new BlockCore(new Core(memory, instantiate(compile(), memory)), thread)
const { exports, scratch } = block
const account = block.account(new Uint8Array(20).fill(9))
const slot = block.slot(account, new Uint8Array(32))
let sink = 0

function run({ work, chain }: BenchBlock): void {
  for (let task = exports.nextTask(); task >= 0; task = exports.nextTask()) {
    exports.txBegin(task)
    if (chain && exports.txReadSlot(slot, scratch) !== 0) {
      exports.txSuspend()
      continue
    }
    for (let i = 0; i < work; i++) sink = (Math.imul(sink, 31) + i) | 0
    if (chain) {
      block.core.view.setUint32(scratch, task, true)
      exports.txWriteSlot(slot, scratch)
    }
    exports.txEnd(0, 0)
  }
}

parentPort!.on('message', (message: BenchBlock) => {
  run(message)
  parentPort!.postMessage(sink)
})
parentPort!.postMessage('ready')
