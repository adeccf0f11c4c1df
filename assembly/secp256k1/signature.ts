import { copyBytes } from '../mem/bulk'
import { keccak256 } from '../hash/keccak'
import { takeChunks } from '../mem/chunks'
import { context } from '../mem/thread'
import { u256FromBytes, u256IsZero, u256Lt } from '../u256/index'
import { N } from './constants'
import { scalarReduce } from './scalar'

// What recovery of one signature and of several share: numbers in, addresses out, memory of a thread.

// The scalars of a signature at work, words.
export const SIG_R: usize = 0
export const SIG_S: usize = 32
/** The message hash modulo n. */
export const SIG_Z: usize = 64
export const SIG_SCALARS: usize = 96

/** Fills R, S and Z from big-endian bytes; false when r or s is not in [1, n - 1]. */
export function readScalars(hash: usize, r: usize, s: usize, sig: usize): bool {
  u256FromBytes(r, sig + SIG_R)
  u256FromBytes(s, sig + SIG_S)
  if (u256IsZero(sig + SIG_R) || u256IsZero(sig + SIG_S)) return false
  if (!u256Lt(sig + SIG_R, N) || !u256Lt(sig + SIG_S, N)) return false
  u256FromBytes(hash, sig + SIG_Z)
  scalarReduce(sig + SIG_Z, sig + SIG_Z)
  return true
}

/** The address, 20 bytes, of a public key, 64 bytes; `digest` is 32 bytes. */
export function writeAddress(key: usize, out: usize, digest: usize): void {
  keccak256(key, 64, digest)
  copyBytes(out, digest + 12, 20)
}

/**
 * A working chunk for the calling instance, 0 when out of space. `chunks`: u32 per thread in the control block, its
 * chunk, for a replacement of the thread to take over. An instance without a thread context has a chunk of its own.
 *
 * Invariant: a thread's word is written by that thread only.
 */
export function threadChunk(chunks: usize): usize {
  const word: usize = context != 0 ? chunks + (<usize>load<u32>(context) << 2) : 0
  let at: usize = 0
  if (word != 0) at = load<u32>(word)
  if (at == 0) {
    at = takeChunks(1)
    if (at != 0 && word != 0) store<u32>(word, <u32>at)
  }
  return at
}
