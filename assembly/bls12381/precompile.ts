import { blsAdd, blsMsm } from './addMul'
import { useG1, useG2 } from './coordinates'
import { pointBytes } from './input'
import { blsPairing } from './pairing'
import { setStack } from './stack'

const SCALAR: usize = 32
const PAIR: usize = 384
const WORD: usize = 32

/**
 * The precompiled contract at address `id`, 11 to 17, on `length` bytes of any content: writes at most
 * BLS12381_OUTPUT bytes and returns their number, -1 when the call fails. `work` has BLS12381_WORK bytes.
 */
export function bls12381(id: u32, input: usize, length: usize, out: usize, work: usize): i32 {
  setStack(work)
  switch (id) {
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
    default:
      return pairing(input, length, out)
  }
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
  return <i32>WORD
}
