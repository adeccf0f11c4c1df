// The core's hashes and batches of signatures, which products reach through the EVM and the senders of a block alone.
import {
  BLAKE2F_INPUT,
  CHUNK_SIZE,
  RECOVERY_CHUNKS,
  SIGNATURE_ID,
  SIGNATURE_R,
  SIGNATURE_S,
  SIGNATURE_SIZE,
  SIGNER_ADDRESS,
  SIGNER_SIZE,
  Status,
} from '../../src/abi/core.generated.js'
import { OutOfSpaceError } from '../../src/errors.js'
import { type Core, defaultCore } from '../../src/wasm/core.js'

/** Signatures in one call: as many as share their inversions in the core, several times over. */
const BATCH = 2048

/** RIPEMD-160 of `message`: 20 bytes. @throws OutOfSpaceError when it does not fit into the memory */
export function ripemd160(message: Uint8Array, core: Core = defaultCore()): Uint8Array {
  const at = core.transfer.reserve(32 + message.length)
  core.bytes.set(message, at + 32)
  core.exports.ripemd160(at + 32, message.length, at)
  return core.read(at, 20)
}

/**
 * The compression function F of BLAKE2b as EIP-152 encodes it: 64 bytes, `undefined` when the input is not 213 bytes long
 * or its final flag is neither 0 nor 1. @throws OutOfSpaceError when the memory is at its maximum
 */
export function blake2f(input: Uint8Array, core: Core = defaultCore()): Uint8Array | undefined {
  if (input.length !== BLAKE2F_INPUT) return undefined
  const at = core.transfer.reserve(64 + BLAKE2F_INPUT)
  core.bytes.set(input, at + 64)
  return core.exports.blake2f(at + 64, at) ? core.read(at, 64) : undefined
}

/**
 * Writes a signature record (SIGNATURE_SIZE bytes) at `offset` of `records`.
 * @param hash 32 bytes that were signed
 * @param recoveryId parity of R's y, plus 2 when its x was at least the order of the group; any other value makes a record
 * that recovers to nothing
 */
export function writeSignature(
  records: Uint8Array,
  offset: number,
  hash: Uint8Array,
  r: bigint,
  s: bigint,
  recoveryId: number,
): void {
  records.set(hash, offset)
  writeWord(records, offset + SIGNATURE_R, r)
  writeWord(records, offset + SIGNATURE_S, s)
  records[offset + SIGNATURE_ID] = recoveryId >= 0 && recoveryId < 4 ? recoveryId : 4
}

/** A number that does not fit is replaced by zero, which no signature may have. */
function writeWord(bytes: Uint8Array, offset: number, value: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 32)
  const fits = value >= 0n && value >> 256n === 0n
  for (let i = 0; i < 4; i++) {
    view.setBigUint64(i * 8, fits ? BigInt.asUintN(64, value >> BigInt(192 - 64 * i)) : 0n)
  }
}

/**
 * The signers of `records` (SIGNATURE_SIZE bytes each): 20-byte addresses, `undefined` where no key made the signature
 * (Yellow Paper, appendix F: r or s out of range, no such point, or the key at infinity). High s is accepted here: that a
 * transaction's s be low (EIP-2) is the transaction's rule.
 * @throws RangeError when `records` is no whole number of records, OutOfSpaceError when the memory is at its maximum
 */
export function recoverAddresses(records: Uint8Array, core: Core = defaultCore()): (Uint8Array | undefined)[] {
  const count = records.length / SIGNATURE_SIZE
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `${records.length} bytes do not divide into records of ${SIGNATURE_SIZE} bytes: pass whole ones`,
    )
  }
  const addresses: (Uint8Array | undefined)[] = []
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first)
    const inputs = core.transfer.reserve(size * (SIGNATURE_SIZE + SIGNER_SIZE))
    const out = inputs + size * SIGNATURE_SIZE
    core.bytes.set(records.subarray(first * SIGNATURE_SIZE, (first + size) * SIGNATURE_SIZE), inputs)
    if (core.exports.ecrecoverBatch(inputs, size, out) !== Status.OK) {
      throw new OutOfSpaceError(core.memory.buffer.byteLength, RECOVERY_CHUNKS * CHUNK_SIZE)
    }
    const bytes = core.bytes
    for (let at = out; at < out + size * SIGNER_SIZE; at += SIGNER_SIZE) {
      addresses.push(bytes[at] === 1 ? bytes.slice(at + SIGNER_ADDRESS, at + SIGNER_SIZE) : undefined)
    }
  }
  return addresses
}
