import { sha256 } from '../hash/sha256'
import { MALFORMED, OUT_OF_SPACE } from '../mem/layout'
import { ecrecover } from '../secp256k1/recover'
import { u256FitsU64, u256FromBytes } from '../u256'
import { returnData, scratch, setReturnLength } from './frames'
import { charge } from './memory'
import { modexpLengths, modexpTooLong, modulusLength } from './modexp'
import { precompileGas } from './precompileGas'
import { OUT_OF_GAS, PRECOMPILE_FAILED } from './status'

/**
 * What the core does not compute itself: `id` is the precompile's address. Writes at most `capacity` bytes of output and
 * returns their number, or -1 when the input is not valid (a failed call). Anything else that goes wrong is thrown.
 */
// @ts-ignore: decorator
@external('env', 'hostPrecompile')
declare function hostPrecompile(id: u32, input: usize, length: u32, output: usize, capacity: u32): i32

/** Runs a precompile with `gasLeft`; the output becomes the return data. */
export function runPrecompile(id: u32, input: usize, length: u32): i32 {
  if (!charge(precompileGas(id, input, length))) return OUT_OF_GAS
  switch (id) {
    case 0x01:
      return recoverSender(input, length)
    case 0x02:
      if (!setReturnLength(32)) return OUT_OF_SPACE
      sha256(input, length, returnData)
      return 0
    case 0x04: // identity
      if (!setReturnLength(length)) return OUT_OF_SPACE
      memory.copy(returnData, input, length)
      return 0
    case 0x05:
      modexpLengths(input, length)
      if (modexpTooLong()) return PRECOMPILE_FAILED
      if (modulusLength == 0) {
        setReturnLength(0)
        return 0
      }
      return onHost(id, input, length, <u32>modulusLength)
    case 0x09:
      return length == 213 && load<u8>(input, 212) <= 1 ? onHost(id, input, length, 64) : PRECOMPILE_FAILED
    default:
      return onHost(id, input, length, 256)
  }
}

/** ECRECOVER: hash, v, r, s (32 bytes each, zeros beyond). No output when no key made the signature. */
function recoverSender(input: usize, length: u32): i32 {
  const at = scratch
  memory.fill(at, 0, 128)
  memory.copy(at, input, length < 128 ? <usize>length : 128)
  if (!setReturnLength(32)) return OUT_OF_SPACE
  u256FromBytes(at + 32, at + 32)
  const v = load<u64>(at, 32)
  if (u256FitsU64(at + 32) && (v == 27 || v == 28)) {
    memory.fill(returnData, 0, 12)
    const status = ecrecover(at, at + 64, at + 96, <u32>v - 27, returnData + 12)
    if (status != MALFORMED) return status
  }
  setReturnLength(0)
  return 0
}

function onHost(id: u32, input: usize, length: u32, capacity: u32): i32 {
  // The input lies in the memory buffer, never in the buffer of return data.
  if (!setReturnLength(capacity)) return OUT_OF_SPACE
  const written = hostPrecompile(id, input, length, returnData, capacity)
  if (written < 0) {
    setReturnLength(0)
    return PRECOMPILE_FAILED
  }
  setReturnLength(<u32>written)
  return 0
}
