// A worker thread that runs blocks with the core's EVM.
import { parentPort, workerData } from 'node:worker_threads'
import type { WasmMemory } from '../../src/wasm/host.js'
import { type Jobs, newEvmThread, runJob } from './evmBlocks.js'

export interface WorkerBlock extends Jobs {
  memory: WasmMemory
}

const { thread: id } = workerData as { thread: number }

parentPort!.on('message', ({ memory, env, jobs }: WorkerBlock) => {
  const thread = newEvmThread(memory, id)
  thread.evm.setBlock(env)
  let task = thread.block.nextTask()
  for (; task >= 0; task = thread.block.nextTask()) runJob(thread, task, jobs[task]!)
  parentPort!.postMessage(task)
})
