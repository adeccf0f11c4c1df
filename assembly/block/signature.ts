import { SCRATCH_SIZE } from '../abi/memory'
import { SIGNATURE_ID, SIGNATURE_R, SIGNATURE_S } from '../abi/signature'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { keccak256 } from '../hash/keccak'
import { context, THREAD_SCRATCH } from '../mem/thread'
import { u64Size, writeListHeader, writeU64 } from '../rlp/encode'
import { blockAlloc } from '../stm/txn'
import { u256Lt, u256ToBytes } from '../u256'
import { wordField } from './fields'

// What was signed, and by which signature: the records that secp256k1/recover.ts takes.

/** A recovery id that nobody's signature has. */
const NOBODY: u32 = 4

/** Half the order of the group: a larger s is not accepted (EIP-2). */
const HALF_ORDER: usize = memory.data<u64>([
  0xdfe92f46681b20a0, 0x5d576e7357a4501d, 0xffffffffffffffff, 0x7fffffffffffffff,
])

/** More than a list header, a type and three more items. */
const FRAME: usize = 64

/** Reads the next two fields, r and s, into a signature record. With `low`, a high s is nobody's signature. */
export function writeSignature(signature: usize, id: u32, low: bool): i32 {
  const word = context + THREAD_SCRATCH
  if (!wordField(word)) return MALFORMED
  u256ToBytes(word, signature + SIGNATURE_R)
  if (!wordField(word)) return MALFORMED
  if (low && u256Lt(HALF_ORDER, word)) id = NOBODY
  u256ToBytes(word, signature + SIGNATURE_S)
  store<u8>(signature, id, SIGNATURE_ID)
  return OK
}

/**
 * Writes into the signature record the hash of what was signed: a list of the items in [fields, fields + length), after
 * the byte `type` (-1: none), and for EIP-155 (`chainId` not 0) with the chain id and two zeros at its end.
 */
export function signingHash(fields: usize, length: usize, type: i32, chainId: u64, signature: usize): i32 {
  const buffer = length + FRAME <= SCRATCH_SIZE ? context + THREAD_SCRATCH : blockAlloc(length + FRAME)
  if (buffer == 0) return OUT_OF_SPACE
  let at = buffer
  if (type >= 0) {
    store<u8>(at, type)
    at += 1
  }
  at = writeListHeader(at, chainId == 0 ? length : length + u64Size(chainId) + 2)
  copyBytes(at, fields, length)
  at += length
  if (chainId != 0) {
    at = writeU64(at, chainId)
    store<u16>(at, 0x8080)
    at += 2
  }
  keccak256(buffer, at - buffer, signature)
  return OK
}
