import { OK } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import {
  itemData,
  itemEnd,
  itemInteger,
  itemLength,
  rlpFixed,
  rlpList,
  rlpString,
  rlpU64,
  rlpWord,
} from '../rlp/decode'

// The fields of an RLP list one after the other: each call reads the next one and says whether it is what it must be.

/** Where the next field begins, and where the list ends. */
export let fieldAt: usize = 0
export let fieldsEnd: usize = 0
/** Payload of the last list or byte string. */
export let payload: usize = 0
export let payloadLength: usize = 0

/** Begins with the fields of the list that fills [at, end). */
export function enterList(at: usize, end: usize): bool {
  if (rlpList(at, end) != OK || itemEnd != end) return false
  fieldAt = itemData
  fieldsEnd = end
  return true
}

/** Goes on with the fields in [at, end). */
// @ts-ignore: decorator
@inline
export function enterFields(at: usize, end: usize): void {
  fieldAt = at
  fieldsEnd = end
}

/** An integer below 2^64. */
export function integerField(out: usize): bool {
  if (rlpU64(fieldAt, fieldsEnd) != OK) return false
  store<u64>(out, itemInteger)
  fieldAt = itemEnd
  return true
}

/** An integer below 2^256, as a word. */
export function wordField(out: usize): bool {
  if (rlpWord(fieldAt, fieldsEnd, out) != OK) return false
  fieldAt = itemEnd
  return true
}

/** Exactly `length` bytes. */
export function fixedField(length: usize, out: usize): bool {
  if (rlpFixed(fieldAt, fieldsEnd, length) != OK) return false
  copyBytes(out, itemData, length)
  fieldAt = itemEnd
  return true
}

/** Bytes of any length, at `payload`. */
export function bytesField(): bool {
  if (rlpString(fieldAt, fieldsEnd) != OK) return false
  leave()
  return true
}

/** A list, whose items fill [payload, payload + payloadLength). */
export function listField(): bool {
  if (rlpList(fieldAt, fieldsEnd) != OK) return false
  leave()
  return true
}

function leave(): void {
  payload = itemData
  payloadLength = itemLength
  fieldAt = itemEnd
}
