// Signatures and SHA-256 in WebAssembly, for any thread: every call uses the calling thread's own instance.

import { CHUNK_SIZE, RECOVERY_CHUNKS, Status } from '../abi/core.generated.js'
import { OutOfSpaceError } from '../errors.js'
import { type Core, defaultCore } from './core.js'

/** SHA-256 (FIPS 180-4) of `message`: 32 bytes. @throws OutOfSpaceError when it does not fit into the memory */
export function sha256(message: Uint8Array, core: Core = defaultCore()): Uint8Array {
  const at = core.transfer.reserve(32 + message.length)
  core.bytes.set(message, at + 32)
  core.exports.sha256(at + 32, message.length, at)
  return core.read(at, 32)
}

/**
 * The public key (64 bytes: x and y) that signed `hash`, `undefined` when there is none. r and s are 32 bytes, big-endian.
 * @throws OutOfSpaceError when the memory is at its maximum
 */
export function recoverPublicKey(
  hash: Uint8Array,
  r: Uint8Array,
  s: Uint8Array,
  recoveryId: number,
  core: Core = defaultCore(),
): Uint8Array | undefined {
  const at = core.transfer.reserve(160)
  const bytes = core.bytes
  bytes.set(hash, at)
  bytes.set(r, at + 32)
  bytes.set(s, at + 64)
  const status = core.exports.recoverPublicKey(at, at + 32, at + 64, recoveryId, at + 96)
  if (status === Status.MALFORMED) return undefined
  if (status === Status.OUT_OF_SPACE) {
    throw new OutOfSpaceError(core.memory.buffer.byteLength, RECOVERY_CHUNKS * CHUNK_SIZE)
  }
  return core.read(at + 96, 64)
}
