// Transactions of a block that has been executed, run once more by an instance of the tracing module on the same memory.
import { CHUNK_SIZE, CODE_HASH, EVM_THREAD_CHUNKS } from '../abi/core.generated.js'
import { BlockCore } from '../wasm/blockCore.js'
import { Core } from '../wasm/core.js'
import type { WasmImports, WasmMemory, WasmModule } from '../wasm/host.js'
import { instantiate } from '../wasm/instance.js'
import { EventStream, type OnEvent } from '../wasm/traceStream.js'
import { type TraceExports, traceImports } from '../wasm/tracing.js'
import { hexAt } from './text.js'
import type { TraceContext } from './tracer.js'

/**
 * A thread's instance of the tracing module. It has the place of the thread's instance of the core, so that only one of them is
 * used at a time, and the other begins anew after it: `begin` here, `BlockCore.renew` there.
 */
export class Replayer {
  readonly block: BlockCore
  readonly #thread: number
  readonly #exports: TraceExports
  readonly #stream: EventStream
  #onEvent: OnEvent = () => {}
  #buffer = 0

  /** @param imports what the instance asks of its thread @throws OutOfSpaceError */
  constructor(module: WasmModule, memory: WasmMemory, thread: number, imports: WasmImports) {
    this.#stream = new EventStream((type, view, bytes, at) => this.#onEvent(type, view, bytes, at))
    const trace = traceImports(() => core, this.#stream)
    const core: Core = new Core(memory, instantiate(module, memory, { env: { ...imports.env, ...trace.env } }))
    this.#thread = thread
    this.block = new BlockCore(core, thread)
    this.#exports = this.block.exports as unknown as TraceExports
  }

  /** Takes the request of an executed block. @throws OutOfSpaceError */
  begin(request: number): void {
    const { exports } = this.block
    this.block.renew(this.#thread)
    if (!exports.evmThreadInit(this.#thread)) throw this.block.outOfSpace(EVM_THREAD_CHUNKS * CHUNK_SIZE)
    if (this.#buffer === 0) this.#buffer = exports.takeChunks(1) >>> 0
    if (this.#buffer === 0) throw this.block.outOfSpace(CHUNK_SIZE)
    if (!this.#exports.enterReplay(request)) throw this.block.outOfSpace(0)
  }

  /** Gives its memory back. */
  end(): void {
    if (this.#buffer !== 0) this.block.exports.giveChunks(this.#buffer, 1)
    this.#buffer = 0
  }

  /**
   * Runs a transaction. What `onEvent` throws ends it, and is thrown.
   * @throws MissingStateError, OutOfSpaceError, MalformedStateError
   */
  run(index: number, wanted: number, onEvent: OnEvent): void {
    this.#onEvent = onEvent
    this.#stream.clear()
    this.#exports.setTrace(wanted, this.#buffer, CHUNK_SIZE)
    this.block.check(this.#exports.replay(index), 'the state before the block')
  }

  /** The bytes and the hash of a code record. */
  readonly code: TraceContext['code'] = (record) => {
    const hash = Buffer.from(this.block.core.read(record + CODE_HASH, 32))
    return { bytes: Buffer.from(this.block.readCode(record)), hash: hexAt(hash, 0, 32) }
  }
}
