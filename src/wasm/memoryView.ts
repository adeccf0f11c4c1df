import type { MemoryView } from '../abi/blockRequest.js'
import type { BlockCore } from './blockCore.js'

/** The shared memory as the request of a block needs it. */
export function memoryView(block: BlockCore): MemoryView {
  const { core, exports } = block
  return {
    blockAlloc(size: number): number {
      const at = exports.blockAlloc(size) >>> 0
      if (at === 0) throw block.outOfSpace(size)
      return at
    },
    bytes: (pointer: number, length: number): Uint8Array => core.bytes.subarray(pointer, pointer + length),
    words: (pointer: number, count: number): Int32Array => new Int32Array(core.bytes.buffer, pointer, count),
  }
}
