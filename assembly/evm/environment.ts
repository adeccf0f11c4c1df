import { HASH_MISSING, OUT_OF_GAS } from '../abi/halts'
import { B_HASHES, B_HASH_COUNT, B_NUMBER } from '../abi/blockEnv'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { u256Copy, u256FitsU64, u256FromBytes, u256IsZero, u256SetU64, u256SetZero } from '../u256'
import { CODE_HASH } from '../abi/state'
import { lookAt, warmAccount } from '../journal/journal'
import { txAccount } from '../journal/txTable'
import { answer, codeBytes, codeLength, needBalance, needCode, needCodeHash, needEmpty } from '../journal/txReads'
import { A_BALANCE, A_CODE, A_FLAGS, WARM } from '../journal/txRecords'
import { blockEnv } from './blockEnv'
import { copyPadded } from './copy'
import { coldAccount, gasBalance, gasExtCode, gasExtCodeHash, gasSecondRead, WARM_ACCESS, warmth, wordsOf } from './gas'
import { charge, memoryRange, rangeLength } from './memory'
import { blobCount, blobHashes } from './txEnv'

// Opcodes that look at accounts, and at the block's ancestors.

/** The account of the last accessAccount. */
export let accessed: usize = 0

/** Finds the account in a word and charges for the access: cold or warm from Berlin on, `flat` before. */
export function accessAccount(word: usize, flat: i64): i32 {
  const account = txAccount(word)
  if (account == 0) return OUT_OF_SPACE
  accessed = account
  if (!warmth) return charge(flat) ? 0 : OUT_OF_GAS
  if (load<u32>(account, A_FLAGS) & WARM) return charge(WARM_ACCESS) ? 0 : OUT_OF_GAS
  if (!charge(coldAccount)) return OUT_OF_GAS
  return warmAccount(account)
}

/** The same for an operation that looks at the state once it has paid. */
function look(word: usize, flat: i64): i32 {
  const status = accessAccount(word, flat)
  if (status == OK) lookAt(accessed)
  return status
}

export function opBalance(sp: usize): i32 {
  let status = look(sp, gasBalance)
  if (status == OK) status = needBalance(accessed)
  if (status == OK) u256Copy(accessed + A_BALANCE, sp)
  return status
}

export function opExtCodeSize(sp: usize): i32 {
  if (!charge(gasSecondRead)) return OUT_OF_GAS
  let status = look(sp, gasExtCode)
  if (status == OK) status = needCode(accessed)
  if (status == OK) u256SetU64(<u64>codeLength(load<u32>(accessed, A_CODE)), sp)
  return status
}

export function opExtCodeCopy(frame: usize, sp: usize): i32 {
  let status = memoryRange(frame, sp - 32, sp - 96)
  if (status != OK) return status
  if (!charge(3 * wordsOf(rangeLength) + gasSecondRead)) return OUT_OF_GAS
  status = look(sp, gasExtCode)
  // Of nothing no byte is looked at.
  if (status != OK || rangeLength == 0) return status
  status = needCode(accessed)
  if (status != OK) return status
  const code: usize = load<u32>(accessed, A_CODE)
  copyPadded(frame, codeBytes(code), codeLength(code), sp - 64)
  return OK
}

/**
 * EIP-1052: 0 for an account that is absent or empty, else the hash of its code (whose bytes nobody needs for that).
 */
export function opExtCodeHash(sp: usize): i32 {
  let status = look(sp, gasExtCodeHash)
  if (status == OK) status = needCodeHash(accessed)
  if (status != OK) return status
  const code: usize = load<u32>(accessed, A_CODE)
  if (code != 0) {
    u256FromBytes(code + CODE_HASH, sp)
    return OK
  }
  status = needEmpty(accessed)
  if (status != OK) return status
  if (answer) {
    u256SetZero(sp)
  } else {
    store<u64>(sp, 0x7bfad8045d85a470)
    store<u64>(sp, 0xe500b653ca82273b, 8)
    store<u64>(sp, 0x927e7db2dcc703c0, 16)
    store<u64>(sp, 0xc5d2460186f7233c, 24)
  }
  return OK
}

/** One of the 256 ancestors, else 0. HASH_MISSING when the host did not give that hash, or gave zeros for it. */
export function opBlockHash(sp: usize): i32 {
  const number = load<u64>(blockEnv, B_NUMBER)
  const wanted = load<u64>(sp)
  if (!u256FitsU64(sp) || wanted >= number || number - wanted > 256) {
    u256SetZero(sp)
    return OK
  }
  const index = <u32>(number - wanted - 1)
  if (index >= load<u32>(blockEnv, B_HASH_COUNT)) return HASH_MISSING
  u256FromBytes(blockEnv + B_HASHES + <usize>index * 32, sp)
  return u256IsZero(sp) ? HASH_MISSING : OK
}

/** EIP-4844: the hash with the index in the top word, 0 beyond the last. */
export function opBlobHash(sp: usize): void {
  const index = load<u64>(sp)
  if (!u256FitsU64(sp) || index >= <u64>blobCount) u256SetZero(sp)
  else u256FromBytes(blobHashes + <usize>index * 32, sp)
}
