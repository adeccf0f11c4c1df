import { parentPort, workerData } from 'node:worker_threads'
import { type WasmMemory, type WasmModule, wasmApi } from '../../src/wasm/host.js'

const { module, memory } = workerData as { module: WasmModule; memory: WasmMemory }
const instance = new wasmApi!.Instance(module, { env: { memory } })
parentPort!.postMessage((instance.exports as { copyPages(): number }).copyPages())
