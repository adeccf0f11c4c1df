// Keccak-256 in WebAssembly. The message is copied into linear memory and the hash out of it.
import { type Core, defaultCore } from './core.js'

/**
 * Keccak-256 (the original padding, as Ethereum uses it) of `message`: 32 bytes.
 * @throws OutOfSpaceError when the message does not fit into the memory
 */
export function keccak256(message: Uint8Array, core: Core = defaultCore()): Uint8Array {
  const at = core.transfer.reserve(32 + message.length)
  core.bytes.set(message, at + 32)
  core.exports.keccak256(at + 32, message.length, at)
  return core.read(at, 32)
}

/**
 * Keccak-256 of `messages.length / length` messages of equal `length` (in bytes, at least 1) that lie one after another;
 * their hashes, 32 bytes each, likewise.
 * @throws RangeError when `messages.length` is no multiple of `length`
 */
export function keccak256Batch(messages: Uint8Array, length: number, core: Core = defaultCore()): Uint8Array {
  const count = messages.length / length
  if (!Number.isInteger(count)) {
    throw new RangeError(`${messages.length} bytes do not divide into messages of ${length} bytes: pass whole messages`)
  }
  const at = core.transfer.reserve(32 * count + messages.length)
  const inputs = at + 32 * count
  core.bytes.set(messages, inputs)
  core.exports.keccak256Batch(inputs, length, length, count, at)
  return core.read(at, 32 * count)
}
