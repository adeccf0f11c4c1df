import { SIGNATURE_SIZE } from '../abi/signature'
import {
  RECORD_CREATE,
  RECORD_HAS_CHAIN_ID,
  R_BLOB_FEE,
  R_CHAIN_ID,
  R_DATA,
  R_DATA_LENGTH,
  R_FLAGS,
  R_GAS_LIMIT,
  R_MAX_FEE,
  R_NONCE,
  R_PRIORITY_FEE,
  R_SIZE,
  R_TO,
  R_TYPE,
  R_VALUE,
} from '../abi/transaction'
import { HOMESTEAD, SPURIOUS_DRAGON } from '../abi/forks'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { copyBytes, fillBytes } from '../mem/bulk'
import { fork } from '../fork'
import { blockAlloc } from '../stm/txn'
import {
  bytesField, enterList, fieldAt, fieldsEnd, integerField, listField, payload, payloadLength, wordField,
} from './fields'
import { decodeAccessList, decodeAuthorisations, decodeBlobs } from './lists'
import { signingHash, writeSignature } from './signature'

// A transaction from its EIP-2718 bytes to the record that tx/run.ts takes, in memory of the block, with the record of
// its signature behind it. What the record says of lists and data may lie anywhere: offsets count modulo 2^32.

/** The signature record (signature.ts) in a decoded record. */
export const RECORD_SIGNATURE: usize = R_SIZE
const RECORD_SIZE: usize = RECORD_SIGNATURE + SIGNATURE_SIZE
/** Recovery ids of a legacy transaction without and with replay protection (EIP-155). */
const V_PLAIN: u64 = 27
const V_PROTECTED: u64 = 35

/** The record made last. */
export let record: usize = 0

/** Whether what was signed has to be hashed: only to recover the sender. */
let hashing: bool = false
/** Whether the record will be executed: otherwise nobody wants to know who signed its authorisations. */
let whole: bool = true

/**
 * Decodes the transaction in [at, at + length). OK, MALFORMED or OUT_OF_SPACE. Without `signed` the signature record
 * lacks its hash.
 */
export function decodeTransaction(at: usize, length: usize, signed: bool): i32 {
  hashing = signed
  whole = true
  return decode(at, length)
}

/** The same for the signature record alone; authorisations are not looked at. */
export function decodeSignature(at: usize, length: usize): i32 {
  hashing = true
  whole = false
  return decode(at, length)
}

function decode(at: usize, length: usize): i32 {
  record = blockAlloc(RECORD_SIZE)
  if (record == 0) return OUT_OF_SPACE
  fillBytes(record, 0, RECORD_SIZE)
  if (length == 0) return MALFORMED
  const first = load<u8>(at)
  if (first >= 0xc0) return enterList(at, at + length) ? legacy() : MALFORMED
  if (first == 0 || first > 4) return MALFORMED
  return enterList(at + 1, at + length) ? typed(first) : MALFORMED
}

function legacy(): i32 {
  const fields = fieldAt
  if (!integerField(record + R_NONCE) || !wordField(record + R_MAX_FEE) || !body()) return MALFORMED
  const signed = fieldAt - fields
  const v = record + R_CHAIN_ID
  if (!integerField(v)) return MALFORMED
  const value = load<u64>(v)
  store<u64>(v, 0)
  let id: u64
  let chainId: u64 = 0
  if (value == V_PLAIN || value == V_PLAIN + 1) id = value - V_PLAIN
  else {
    if (value < V_PROTECTED || fork < SPURIOUS_DRAGON) return MALFORMED
    id = (value - V_PROTECTED) & 1
    chainId = (value - V_PROTECTED) >> 1
    store<u64>(v, chainId)
    store<u32>(record, load<u32>(record, R_FLAGS) | RECORD_HAS_CHAIN_ID, R_FLAGS)
  }
  return signature(fields, signed, -1, chainId, <u32>id)
}

function typed(type: u32): i32 {
  const fields = fieldAt
  store<u32>(record, type, R_TYPE)
  store<u32>(record, RECORD_HAS_CHAIN_ID, R_FLAGS)
  if (!integerField(record + R_CHAIN_ID) || !integerField(record + R_NONCE)) return MALFORMED
  if (type >= 2 && !wordField(record + R_PRIORITY_FEE)) return MALFORMED
  if (!wordField(record + R_MAX_FEE) || !body()) return MALFORMED
  let status = decodeAccessList(record)
  if (status != OK) return status
  if (type == 3) {
    if (!wordField(record + R_BLOB_FEE)) return MALFORMED
    status = decodeBlobs(record)
  } else if (type == 4) status = whole ? decodeAuthorisations(record) : listField() ? OK : MALFORMED
  if (status != OK) return status
  const signed = fieldAt - fields
  // The sender's place is free until it is recovered.
  const parity = record + RECORD_SIGNATURE
  if (!integerField(parity) || load<u64>(parity) > 1) return MALFORMED
  return signature(fields, signed, type, 0, load<u32>(parity))
}

/** Gas limit, recipient, value, data. */
function body(): bool {
  if (!integerField(record + R_GAS_LIMIT) || !bytesField()) return false
  if (payloadLength == 0) store<u32>(record, load<u32>(record, R_FLAGS) | RECORD_CREATE, R_FLAGS)
  else if (payloadLength == 20) copyBytes(record + R_TO, payload, 20)
  else return false
  if (!wordField(record + R_VALUE) || !bytesField()) return false
  store<u32>(record, <u32>(payload - record), R_DATA)
  store<u32>(record, <u32>payloadLength, R_DATA_LENGTH)
  return true
}

function signature(fields: usize, signed: usize, type: i32, chainId: u64, id: u32): i32 {
  const at = record + RECORD_SIGNATURE
  const status = writeSignature(at, id, fork >= HOMESTEAD)
  if (status != OK) return status
  if (fieldAt != fieldsEnd) return MALFORMED
  return hashing ? signingHash(fields, signed, type, chainId, at) : OK
}
