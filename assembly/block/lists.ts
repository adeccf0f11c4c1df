import { SIGNATURE_SIZE, SIGNER_SIZE } from '../abi/signature'
import {
  AUTH_ADDRESS,
  AUTH_AUTHORITY,
  AUTH_CHAIN_ID,
  AUTH_NONCE,
  AUTH_RECOVERED,
  AUTH_SIZE,
  R_ACCESS_COUNT,
  R_ACCESS_LIST,
  R_AUTHS,
  R_AUTH_COUNT,
  R_BLOBS,
  R_BLOB_COUNT,
} from '../abi/transaction'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes } from '../mem/bulk'
import { ecrecoverBatch } from '../secp256k1/recover'
import { blockAlloc } from '../stm/txn'
import {
  enterFields,
  fieldAt,
  fieldsEnd,
  fixedField,
  integerField,
  listField,
  payload,
  payloadLength,
  wordField,
} from './fields'
import { signingHash, writeSignature } from './signature'

// The lists of a transaction: access list (EIP-2930), blob hashes (EIP-4844), authorisations (EIP-7702). Each function
// reads the next field and leaves `fieldAt` behind it. OK, MALFORMED or OUT_OF_SPACE.

export function decodeAccessList(record: usize): i32 {
  if (!listField()) return MALFORMED
  if (payloadLength == 0) return OK
  const next = fieldAt
  const end = fieldsEnd
  // An entry takes at least 23 bytes of RLP and a key 33, against 24 and 32 here.
  const list = blockAlloc(payloadLength + payloadLength / 16 + 32)
  if (list == 0) return OUT_OF_SPACE
  let out = list
  let count: u32 = 0
  const entriesEnd = payload + payloadLength
  let entry = payload
  while (entry < entriesEnd) {
    enterFields(entry, entriesEnd)
    if (!listField()) return MALFORMED
    entry = fieldAt
    enterFields(payload, entry)
    if (!fixedField(20, out) || !listField() || fieldAt != entry) return MALFORMED
    const keysAt = out + 20
    out += 24
    let keys: u32 = 0
    enterFields(payload, entry)
    while (fieldAt < entry) {
      if (!fixedField(32, out)) return MALFORMED
      out += 32
      keys += 1
    }
    store<u32>(keysAt, keys)
    count += 1
  }
  store<u32>(record, <u32>(list - record), R_ACCESS_LIST)
  store<u32>(record, count, R_ACCESS_COUNT)
  enterFields(next, end)
  return OK
}

export function decodeBlobs(record: usize): i32 {
  if (!listField()) return MALFORMED
  const next = fieldAt
  const end = fieldsEnd
  const list = blockAlloc(payloadLength + 16)
  if (list == 0) return OUT_OF_SPACE
  let out = list
  const listEnd = payload + payloadLength
  enterFields(payload, listEnd)
  while (fieldAt < listEnd) {
    if (!fixedField(32, out)) return MALFORMED
    out += 32
  }
  store<u32>(record, <u32>(list - record), R_BLOBS)
  store<u32>(record, <u32>((out - list) >> 5), R_BLOB_COUNT)
  enterFields(next, end)
  return OK
}

/** Bytes of the shortest authorisation. */
const MIN_AUTHORISATION: usize = 27
/** First byte of what an authority signs. */
const MAGIC: i32 = 5

/** Also recovers who signed each of them. */
export function decodeAuthorisations(record: usize): i32 {
  if (!listField()) return MALFORMED
  const next = fieldAt
  const end = fieldsEnd
  const most = payloadLength / MIN_AUTHORISATION + 1
  const list = blockAlloc(most * AUTH_SIZE)
  const signatures = blockAlloc(most * (SIGNATURE_SIZE + SIGNER_SIZE))
  if (list == 0 || signatures == 0) return OUT_OF_SPACE
  let count: u32 = 0
  const listEnd = payload + payloadLength
  let item = payload
  while (item < listEnd) {
    enterFields(item, listEnd)
    if (!listField()) return MALFORMED
    item = fieldAt
    const status = authorisation(
      payload, item, list + <usize>count * AUTH_SIZE, signatures + <usize>count * SIGNATURE_SIZE,
    )
    if (status != OK) return status
    count += 1
  }
  const signers = signatures + <usize>count * SIGNATURE_SIZE
  if (count != 0 && ecrecoverBatch(signatures, count, signers) != OK) return OUT_OF_SPACE
  for (let i: usize = 0; i < count; i++) {
    const signer = signers + i * SIGNER_SIZE
    const at = list + i * AUTH_SIZE
    store<u32>(at, load<u8>(signer), AUTH_RECOVERED)
    copyBytes(at + AUTH_AUTHORITY, signer + 1, 20)
  }
  store<u32>(record, <u32>(list - record), R_AUTHS)
  store<u32>(record, count, R_AUTH_COUNT)
  enterFields(next, end)
  return OK
}

/** Reads one; what no key can have signed becomes a signature that recovers to nobody. */
function authorisation(fields: usize, end: usize, out: usize, signature: usize): i32 {
  enterFields(fields, end)
  if (!wordField(out + AUTH_CHAIN_ID) || !fixedField(20, out + AUTH_ADDRESS) || !integerField(out + AUTH_NONCE)) {
    return MALFORMED
  }
  const signed = fieldAt - fields
  // The authority's place is free until it is recovered.
  const parity = out + AUTH_AUTHORITY
  if (!integerField(parity) || load<u64>(parity) > 255) return MALFORMED
  const id = load<u64>(parity)
  const status = writeSignature(signature, id <= 1 ? <u32>id : 4, true)
  if (status != OK) return status
  if (fieldAt != end) return MALFORMED
  return signingHash(fields, signed, MAGIC, 0, signature)
}
