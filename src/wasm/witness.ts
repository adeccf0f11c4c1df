import { LENGTH_PREFIX, Status } from '../abi/core.generated.js'
import { OutOfSpaceError } from '../errors.js'
import type { Core } from './core.js'

/**
 * Adds trie nodes (RLP each) to those by which partial tries are completed. Not while other threads work on tries.
 * @throws OutOfSpaceError
 */
export function addWitness(core: Core, nodes: Iterable<Uint8Array>): void {
  const list = Array.from(nodes)
  let size = 0
  for (const node of list) size += LENGTH_PREFIX + node.length
  const packed = core.exports.witnessReserve(size) >>> 0
  if (packed === 0) throw new OutOfSpaceError(core.memory.buffer.byteLength, size)
  const { bytes, view } = core
  let at = packed
  for (const node of list) {
    view.setUint32(at, node.length, true)
    bytes.set(node, at + LENGTH_PREFIX)
    at += LENGTH_PREFIX + node.length
  }
  const status = core.exports.witnessAddAll(packed, list.length)
  if (status !== Status.OK) throw new OutOfSpaceError(core.memory.buffer.byteLength, 0)
}
