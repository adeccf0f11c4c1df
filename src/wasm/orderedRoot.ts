import { SLICE_ADDRESS, SLICE_LENGTH, SLICE_SIZE, Status } from '../abi/core.generated.js'
import { OutOfSpaceError } from '../errors.js'
import { type Core, defaultCore } from './core.js'

/**
 * Root hash (32 bytes) of the trie from RLP(index) to `values[index]`: the transactions, receipts and withdrawals roots of a
 * block. A value is the item as the trie holds it (typed transactions and receipts: type byte and payload), not empty.
 * @throws OutOfSpaceError
 */
export function orderedRoot(values: readonly Uint8Array[], core: Core = defaultCore()): Uint8Array {
  const list = 32
  const data = list + SLICE_SIZE * values.length
  const size = values.reduce((sum, value) => sum + value.length, data)
  const at = core.transfer.reserve(size)
  const { bytes, view } = core
  let next = at + data
  for (const [index, value] of values.entries()) {
    const slice = at + list + SLICE_SIZE * index
    view.setUint32(slice + SLICE_ADDRESS, next, true)
    view.setUint32(slice + SLICE_LENGTH, value.length, true)
    bytes.set(value, next)
    next += value.length
  }
  if (core.exports.orderedRoot(at + list, values.length, at) !== Status.OK) {
    throw new OutOfSpaceError(core.memory.buffer.byteLength, size)
  }
  return core.read(at, 32)
}
