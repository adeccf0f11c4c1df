import { BN254_WORK } from '../abi/bn254'
import { copyBytes, fillBytes } from '../mem/bulk'
import { ADD_MUL_WORK, bn254Add, bn254Mul } from './addMul'
import { bn254Pairing, PAIRING_WORK } from './pairing'

const ADD: u32 = 6
const PAIRING: u32 = 8
const LONGEST: usize = 128

/**
 * The precompiled contract at address `id`, 6 to 8, on `length` bytes of any content: writes at most BN254_OUTPUT bytes
 * and returns their number, -1 when the call fails. `work` has BN254_WORK bytes.
 */
export function bn254(id: u32, input: usize, length: usize, out: usize, work: usize): i32 {
  return bn254With(id, input, length, out, work, 0)
}

/** The same, with REPEATED_SIZE bytes that are kept of the point that is multiplied, or 0. */
export function bn254With(id: u32, input: usize, length: usize, out: usize, work: usize, kept: usize): i32 {
  if (LONGEST + ADD_MUL_WORK > BN254_WORK || PAIRING_WORK > BN254_WORK) ERROR('BN254_WORK is too small')
  if (id == PAIRING) return bn254Pairing(input, length, out, work) ? 32 : -1
  // What is missing is zero, what is too much is not looked at (EIP-196).
  fillBytes(work, 0, LONGEST)
  copyBytes(work, input, min(length, LONGEST))
  const done = id == ADD ? bn254Add(work, out, work + LONGEST) : bn254Mul(work, out, work + LONGEST, kept)
  return done ? 64 : -1
}
