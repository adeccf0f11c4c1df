// The stream of events of the tracing module (assembly/abi/trace.ts) taken apart.
import { T_SIZE, T_TYPE, type TraceEvent } from '../abi/core.generated.js'

export type OnEvent = (type: TraceEvent, view: DataView, bytes: Buffer, at: number) => void

const NOTHING = Buffer.alloc(0)

/** Calls back for each event, one that came in pieces as a whole. */
export class EventStream {
  readonly #onEvent: OnEvent
  /** The beginning of an event whose end has not come yet. */
  #rest = NOTHING

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent
  }

  /** One event as a whole. */
  tell: OnEvent = (type, view, bytes, at) => this.#onEvent(type, view, bytes, at)

  /** The next bytes of the stream, which may change afterwards. */
  feed(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    while (at + 4 <= bytes.length) {
      const size = view.getUint32(at + T_SIZE, true)
      if (at + size > bytes.length) break
      this.#onEvent(bytes[at + T_TYPE] as TraceEvent, view, bytes, at)
      at += size
    }
    bytes = bytes.subarray(at)
    this.#rest = bytes.length === 0 ? NOTHING : Buffer.from(bytes)
  }

  /** Forgets an event that never ends. */
  clear(): void {
    this.#rest = NOTHING
  }
}
