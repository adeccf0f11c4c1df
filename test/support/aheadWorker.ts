// A worker thread that recovers senders of the block that comes next for as long as it lives.
import { parentPort, workerData } from 'node:worker_threads'
import { BlockCore } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import type { WasmMemory } from '../../src/wasm/host.js'
import { compile, instantiate } from '../../src/wasm/instance.js'

const { memory, thread } = workerData as { memory: WasmMemory; thread: number }
const { exports } = new BlockCore(new Core(memory, instantiate(compile(), memory)), thread)
parentPort?.postMessage('ready')
for (;;) exports.recoverAhead(16)
