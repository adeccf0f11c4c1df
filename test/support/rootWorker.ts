import { parentPort, workerData } from 'node:worker_threads'
import { BlockCore } from '../../src/wasm/blockCore.js'
import { Core } from '../../src/wasm/core.js'
import type { WasmMemory } from '../../src/wasm/host.js'
import { compile, instantiate } from '../../src/wasm/instance.js'

const { memory, thread } = workerData as { memory: WasmMemory; thread: number }
const block = new BlockCore(new Core(memory, instantiate(compile(), memory)), thread)
parentPort!.on('message', () => parentPort!.postMessage(block.exports.rootWork()))
parentPort!.postMessage(0)
