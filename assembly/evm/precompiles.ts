import { BLAKE2F_INPUT } from '../abi/blake2f'
import { BLS12381_OUTPUT, BLS12381_WORK } from '../abi/bls12381'
import { BN254_OUTPUT, BN254_WORK } from '../abi/bn254'
import { OUT_OF_GAS, PRECOMPILE_FAILED } from '../abi/halts'
import { P256_WORK } from '../abi/p256'
import { CUSTOM_PRECOMPILE } from '../abi/state'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { bls12381 } from '../bls12381/precompile'
import { bn254With } from '../bn254/precompile'
import { blake2f } from '../hash/blake2f'
import { ripemd160 } from '../hash/ripemd160'
import { sha256 } from '../hash/sha256'
import { P256_INPUT, p256Verify } from '../p256/verify'
import { ecrecover } from '../secp256k1/recover'
import { registeredPrice } from '../registry.generated'
import { u256FitsU64, u256FromBytes } from '../u256'
import { msmG1Gas, msmG2Gas } from './blsGas'
import { callCustom } from './customPrecompiles'
import { returnData, scratch, setReturnLength, workMemory } from './frames'
import { charge } from './memory'
import { modexp, modexpGas } from './modexp'
import { keptOfPoint } from './pointMemo'
import { memoEntry, memoHolds, memoKeep, memoRecall } from './precompileMemo'

/** Gas that the precompile asks for this input: the registry's price, or the formula that it leaves to this. */
function priceOf(id: u32, input: usize, length: u32): i64 {
  switch (id) {
    case 0x05:
      return modexpGas(input, length)
    case 0x09: // BLAKE2 F (EIP-152): the number of rounds
      return length == BLAKE2F_INPUT ? <i64>bswap<u32>(load<u32>(input)) : 0
    case 0x0c:
      return msmG1Gas(length)
    case 0x0e:
      return msmG2Gas(length)
    default: {
      const price = registeredPrice(id, length)
      // A test holds these cases to the registry. A trap, not another one's price.
      return price >= 0 ? price : unreachable()
    }
  }
}

/** Calls a precompile with `gasLeft`; the output becomes the return data. */
export function callPrecompile(id: u32, input: usize, length: u32): i32 {
  if (id >= CUSTOM_PRECOMPILE) return callCustom(id - CUSTOM_PRECOMPILE, input, length)
  if (!charge(priceOf(id, input, length))) return OUT_OF_GAS
  const entry = memoEntry(id, input, length)
  if (entry == 0) return runPrecompile(id, input, length)
  if (memoHolds(entry, id, input, length)) return memoRecall(entry)
  const status = runPrecompile(id, input, length)
  if (status == OK) memoKeep(entry, id, input, length)
  return status
}

function runPrecompile(id: u32, input: usize, length: u32): i32 {
  switch (id) {
    case 0x01:
      return recoverSender(input, length)
    case 0x02:
      if (!setReturnLength(32)) return OUT_OF_SPACE
      sha256(input, length, returnData)
      return OK
    case 0x03:
      if (!setReturnLength(32)) return OUT_OF_SPACE
      fillBytes(returnData, 0, 12)
      ripemd160(input, length, returnData + 12)
      return OK
    case 0x04: // identity
      if (!setReturnLength(length)) return OUT_OF_SPACE
      copyBytes(returnData, input, length)
      return OK
    case 0x05:
      return modexp(input, length)
    case 0x06:
    case 0x07:
    case 0x08:
      return onBn254(id, input, length)
    case 0x09:
      if (length != BLAKE2F_INPUT || load<u8>(input, BLAKE2F_INPUT - 1) > 1) return PRECOMPILE_FAILED
      if (!setReturnLength(64)) return OUT_OF_SPACE
      blake2f(input, returnData)
      return OK
    case 0x0a:
    case 0x0b:
    case 0x0c:
    case 0x0d:
    case 0x0e:
    case 0x0f:
    case 0x10:
    case 0x11:
      return onBls12381(id, input, length)
    case 0x100:
      return verifyP256(input, length)
    default:
      // A test holds these cases to the registry.
      return unreachable()
  }
}

/** ECRECOVER: hash, v, r, s (32 bytes each, zeros beyond). No output when no key made the signature. */
function recoverSender(input: usize, length: u32): i32 {
  const at = scratch
  fillBytes(at, 0, 128)
  copyBytes(at, input, length < 128 ? <usize>length : 128)
  if (!setReturnLength(32)) return OUT_OF_SPACE
  u256FromBytes(at + 32, at + 32)
  const v = load<u64>(at, 32)
  if (u256FitsU64(at + 32) && (v == 27 || v == 28)) {
    fillBytes(returnData, 0, 12)
    const status = ecrecover(at, at + 64, at + 96, <u32>v - 27, returnData + 12)
    if (status != MALFORMED) return status
  }
  setReturnLength(0)
  return OK
}

function onBn254(id: u32, input: usize, length: u32): i32 {
  const work = workMemory(BN254_WORK)
  if (work == 0 || !setReturnLength(BN254_OUTPUT)) return OUT_OF_SPACE
  const kept = id == 0x07 ? keptOfPoint(input, length) : 0
  return returned(bn254With(id, input, length, returnData, work, kept))
}

function onBls12381(id: u32, input: usize, length: u32): i32 {
  const work = workMemory(BLS12381_WORK)
  if (work == 0 || !setReturnLength(BLS12381_OUTPUT)) return OUT_OF_SPACE
  return returned(bls12381(id, input, length, returnData, work))
}

/** P256VERIFY: the number 1, or nothing; it never fails. */
function verifyP256(input: usize, length: u32): i32 {
  const work = workMemory(P256_WORK)
  if (work == 0 || !setReturnLength(32)) return OUT_OF_SPACE
  if (<usize>length == P256_INPUT && p256Verify(input, work)) {
    fillBytes(returnData, 0, 31)
    store<u8>(returnData, 1, 31)
  } else setReturnLength(0)
  return OK
}

/** The call returns so many bytes of what it was given room for; it fails when that is -1. */
function returned(written: i32): i32 {
  setReturnLength(<u32>max(written, 0))
  return written < 0 ? PRECOMPILE_FAILED : OK
}
