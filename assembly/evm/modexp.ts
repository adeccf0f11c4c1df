import { BERLIN, OSAKA } from '../abi/forks'
import { PRECOMPILE_FAILED } from '../abi/halts'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { power, preparePower, setBase } from '../bignum/power'
import { copyBytes, fillBytes } from '../mem/bulk'
import {
  u256BitLength,
  u256Copy,
  u256FitsU64,
  u256FromBytes,
  u256IsZero,
  u256PowMod,
  u256PowModLong,
  u256ToBytes,
} from '../u256'
import { fork } from '../fork'
import { fermatInverse } from './fermat'
import { returnData, scratch, setReturnLength, workMemory } from './frames'

// MODEXP: EIP-198, 2565 (Berlin), 7883 and 7823 (Osaka).
//
//   input: base length, exponent length, modulus length (32 bytes each, big-endian), base, exponent, modulus; zeros
// beyond

const UNPAYABLE: i64 = i64.MAX_VALUE
const HEAD: u32 = 32

/** Lengths of base, exponent and modulus; u64.MAX_VALUE stands for anything from 2^64 on. */
let baseLength: u64 = 0
let exponentLength: u64 = 0
let modulusLength: u64 = 0

/** 32 bytes of input from `offset` as a word in scratch, zeros beyond the end. */
function wordAt(input: usize, length: u32, offset: u64, bytes: u32): void {
  fillBytes(scratch + 32, 0, 32)
  if (offset < <u64>length) {
    let available = length - <u32>offset
    if (available > bytes) available = bytes
    // Right-aligned: `bytes` may be fewer than 32.
    copyBytes(scratch + 64 - bytes, input + <usize>offset, available)
  }
  u256FromBytes(scratch + 32, scratch)
}

function lengthAt(input: usize, length: u32, offset: u64): u64 {
  wordAt(input, length, offset, HEAD)
  return u256FitsU64(scratch) ? load<u64>(scratch) : u64.MAX_VALUE
}

/** Reads the three lengths. */
function modexpLengths(input: usize, length: u32): void {
  baseLength = lengthAt(input, length, 0)
  exponentLength = lengthAt(input, length, 32)
  modulusLength = lengthAt(input, length, 64)
}

/** EIP-7823: no operand is longer than 1024 bytes. */
function tooLong(): bool {
  return fork >= OSAKA && (baseLength > 1024 || exponentLength > 1024 || modulusLength > 1024)
}

/** Bytes of base or modulus beyond which no memory is asked for; they cost 10^11 gas and more. */
const MOST_BYTES: u64 = 1 << 24

/** Computes what has been paid for: the output becomes the return data. */
export function modexp(input: usize, length: u32): i32 {
  modexpLengths(input, length)
  if (tooLong()) return PRECOMPILE_FAILED
  if (baseLength > MOST_BYTES || modulusLength > MOST_BYTES) return OUT_OF_SPACE
  if (!setReturnLength(<u32>modulusLength)) return OUT_OF_SPACE
  if (modulusLength == 0) return OK
  if (baseLength <= HEAD && modulusLength <= HEAD && exponentLength <= MOST_EXPONENT) {
    return modexpWords(input, length) ? OK : OUT_OF_SPACE
  }
  const exponentOffset = 96 + baseLength
  const modulusOffset = exponentOffset + exponentLength
  setBase(input + 96, present(length, 96, baseLength), <usize>baseLength)
  const size = preparePower(
    input + <usize>exponentOffset,
    present(length, exponentOffset, exponentLength),
    <usize>exponentLength,
    input + <usize>modulusOffset,
    present(length, modulusOffset, modulusLength),
    <usize>modulusLength,
  )
  const work: usize = size == 0 ? 0 : workMemory(size)
  if (work == 0) return OUT_OF_SPACE
  power(work, returnData)
  return OK
}

/** How many of an operand's bytes the input has. */
function present(length: u32, offset: u64, bytes: u64): usize {
  if (offset >= <u64>length) return 0
  const available = <u64>length - offset
  return <usize>(available < bytes ? available : bytes)
}

/** Bytes of an exponent that is copied: the most since EIP-7823. */
const MOST_EXPONENT: u64 = 1024

/** Base and modulus of at most 32 bytes each. False when out of space. */
function modexpWords(input: usize, length: u32): bool {
  const words = scratch + 128
  wordAt(input, length, 96, <u32>baseLength)
  u256Copy(scratch, words)
  wordAt(input, length, 96 + baseLength + exponentLength, <u32>modulusLength)
  u256Copy(scratch, words + 64)
  const work = words + 96
  if (exponentLength > HEAD) {
    const exponent = workMemory(<usize>MOST_EXPONENT)
    if (exponent == 0) return false
    u256PowModLong(words, exponent, exponentWords(input, length, exponent), words + 64, words, work)
  } else {
    wordAt(input, length, 96 + baseLength, <u32>exponentLength)
    u256Copy(scratch, words + 32)
    if (!fermatInverse(words, words + 32, words + 64, work)) u256PowMod(words, words + 32, words + 64, words, work)
  }
  u256ToBytes(words, words)
  copyBytes(returnData, words + 32 - <usize>modulusLength, <usize>modulusLength)
  return true
}

/** Writes the exponent as words, the lowest first; how many. */
function exponentWords(input: usize, length: u32, out: usize): usize {
  let count: usize = 0
  for (let left = exponentLength; left > 0; count++) {
    const bytes: u64 = left < HEAD ? left : HEAD
    left -= bytes
    wordAt(input, length, 96 + baseLength + left, <u32>bytes)
    u256Copy(scratch, out + (count << 5))
  }
  return count
}

export function modexpGas(input: usize, length: u32): i64 {
  modexpLengths(input, length)
  const longest = baseLength > modulusLength ? baseLength : modulusLength
  if (longest > 0xffff_ffff) return UNPAYABLE
  let complexity = fork >= BERLIN ? complexity2565(longest) : complexity198(longest)
  if (fork >= OSAKA) complexity = complexity7883(longest)
  const least: i64 = fork >= OSAKA ? 500 : fork >= BERLIN ? 200 : 0
  if (complexity == 0) return least

  let iterations: u64 = 0
  const head = exponentLength < HEAD ? <u32>exponentLength : HEAD
  if (head != 0) {
    wordAt(input, length, 96 + baseLength, head)
    if (!u256IsZero(scratch)) iterations = <u64>u256BitLength(scratch) - 1
  }
  if (exponentLength > HEAD) {
    if (exponentLength > 0xffff_ffff) return UNPAYABLE
    iterations += (fork >= OSAKA ? 16 : 8) * (exponentLength - HEAD)
  }
  if (iterations == 0) iterations = 1
  if (complexity > (<u64>UNPAYABLE) / iterations) return UNPAYABLE
  const product = <i64>(complexity * iterations)
  const gas = fork >= OSAKA ? product : fork >= BERLIN ? product / 3 : product / 20
  return gas > least ? gas : least
}

function complexity198(x: u64): u64 {
  if (x <= 64) return x * x
  if (x <= 1024) return x * x / 4 + 96 * x - 3072
  return x * x / 16 + 480 * x - 199680
}

function complexity2565(x: u64): u64 {
  const words = (x + 7) / 8
  return words * words
}

function complexity7883(x: u64): u64 {
  if (x <= 32) return 16
  const words = (x + 7) / 8
  return 2 * words * words
}
