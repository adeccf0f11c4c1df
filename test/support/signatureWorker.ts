// A worker thread that recovers signers in a memory which other threads use too.
import { parentPort, workerData } from 'node:worker_threads'
import { Core } from '../../src/wasm/core.js'
import type { WasmMemory } from '../../src/wasm/host.js'
import { compile, instantiate } from '../../src/wasm/instance.js'
import { recoverAddresses } from './coreCrypto.js'

export interface SignatureWork {
  memory: WasmMemory
  thread: number
  records: Uint8Array
  /** One word: it starts when that is not 0, so that threads start together. */
  start: SharedArrayBuffer
}

const { memory, thread, records, start } = workerData as SignatureWork
const core = new Core(memory, instantiate(compile(), memory))
core.exports.threadInit(thread)
parentPort?.postMessage('ready')
Atomics.wait(new Int32Array(start), 0, 0)
parentPort?.postMessage(recoverAddresses(records, core))
