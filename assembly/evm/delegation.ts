import { CODE_BYTES, CODE_LENGTH } from '../state/layout'
import { txAccount } from '../journal/txTable'
import { wordFromAddress } from '../u256/address'
import { scratch } from './frames'

// EIP-7702: an account whose code is 0xef0100 || address runs the code of that address.

/** Length of a delegation designator. */
export const DELEGATION_LENGTH: u32 = 23

/** Whether a code record (0 = none) is a delegation designator. */
export function isDelegation(code: usize): bool {
  if (code == 0 || load<u32>(code, CODE_LENGTH) != DELEGATION_LENGTH) return false
  const bytes: usize = load<u32>(code, CODE_BYTES)
  return load<u16>(bytes) == 0x01ef && load<u8>(bytes, 2) == 0
}

/** Address of the word with the delegate's address, in scratch. */
export function delegateWord(code: usize): usize {
  wordFromAddress(<usize>load<u32>(code, CODE_BYTES) + 3, scratch)
  return scratch
}

/** TxAccount of the delegate; 0 when out of space. */
export function delegateOf(code: usize): usize {
  return txAccount(delegateWord(code))
}
