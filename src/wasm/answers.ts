import type { MemoryView } from '../abi/blockRequest.js'
import { D_SIZE, D_TX_COUNT } from '../abi/core.generated.js'
import { ParallevmError } from '../errors.js'
import type { BlockCore } from './blockCore.js'

/**
 * The outcomes of a finished block of questions, one behind the other, each at a multiple of 8: bytes of the caller's own.
 * @throws OutOfSpaceError, ParallevmError when one lacks
 */
export function packAnswers({ core, exports }: BlockCore, count: number): Uint8Array {
  const at = exports.packAnswers(count) >>> 0
  if (at === 0) throw new ParallevmError('ENGINE_FAILED', 'a call left no outcome, or there is no room for all of them')
  return core.read(at, exports.answersLength.value >>> 0)
}

/** The parts of a block of which only the number of transactions is ever asked for; its address. */
export function putParts(memory: MemoryView, count: number): number {
  const parts = memory.blockAlloc(D_SIZE)
  const words = memory.words(parts, D_SIZE / 4).fill(0)
  words[D_TX_COUNT / 4] = count
  return parts
}
