import { blsAdd, blsMsm } from './addMul'
import { ORDER } from './constants'
import { coordinate, useG1, useG2 } from './coordinates'
import { FE_SIZE } from './field'
import { ELEMENT, pointBytes, readElements, writePoint } from './input'
import { mapToGroup } from './maps'
import { POINT_SIZE } from './points'
import { KZG_INPUT, kzgHolds } from './kzg'
import { blsPairing } from './pairing'
import { drop, setStack, take } from '../mem/stack'
import { u256ToBytes } from '../u256/index'

const SCALAR: usize = 32
const PAIR: usize = 384
const WORD: usize = 32
/** Field elements in a blob. */
const BLOB_ELEMENTS: u32 = 4096

/**
 * The precompiled contract at address `id`, 10 to 17, on `length` bytes of any content: writes at most
 * BLS12381_OUTPUT bytes and returns their number, -1 when the call fails. `work` has BLS12381_WORK bytes.
 */
export function bls12381(id: u32, input: usize, length: usize, out: usize, work: usize): i32 {
  setStack(work)
  switch (id) {
    case 0x0a:
      return pointEvaluation(input, length, out)
    case 0x0b:
      useG1()
      return add(input, length, out)
    case 0x0c:
      useG1()
      return msm(input, length, out)
    case 0x0d:
      useG2()
      return add(input, length, out)
    case 0x0e:
      useG2()
      return msm(input, length, out)
    case 0x0f:
      return pairing(input, length, out)
    case 0x10:
      useG1()
      return map(input, length, out)
    default:
      useG2()
      return map(input, length, out)
  }
}

/** Output: how many field elements are in a blob, and their modulus. */
function pointEvaluation(input: usize, length: usize, out: usize): i32 {
  if (length != KZG_INPUT || !kzgHolds(input)) return -1
  memory.fill(out, 0, WORD)
  store<u32>(out, bswap<u32>(BLOB_ELEMENTS), WORD - 4)
  u256ToBytes(ORDER, out + WORD)
  return 64
}

function add(input: usize, length: usize, out: usize): i32 {
  return length == 2 * pointBytes() && blsAdd(input, out) ? <i32>pointBytes() : -1
}

function msm(input: usize, length: usize, out: usize): i32 {
  const valid = length != 0 && length % (pointBytes() + SCALAR) == 0
  return valid && blsMsm(input, length, out) ? <i32>pointBytes() : -1
}

function pairing(input: usize, length: usize, out: usize): i32 {
  const result = length != 0 && length % PAIR == 0 ? blsPairing(input, length) : -1
  if (result < 0) return -1
  memory.fill(out, 0, WORD)
  store<u8>(out, <u8>result, WORD - 1)
  return 32
}

function map(input: usize, length: usize, out: usize): i32 {
  const elements = coordinate / FE_SIZE
  const u = take(2 * POINT_SIZE)
  const point = u + POINT_SIZE
  const valid = length == elements * ELEMENT && readElements(input, elements, u)
  if (valid) {
    if (mapToGroup(u, point)) writePoint(point, out)
    else memory.fill(out, 0, pointBytes())
  }
  drop(2 * POINT_SIZE)
  return valid ? <i32>pointBytes() : -1
}
