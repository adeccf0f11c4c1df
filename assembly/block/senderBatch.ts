import { SIGNATURE_SIZE, SIGNER_SIZE } from '../abi/signature'
import { OK, OUT_OF_SPACE } from '../abi/status'
import {
  Q_SENDER_WORDS, Q_SENDERS, SENDER_BATCH_MOST, SENDER_INVALID, SENDER_KNOWN,
} from '../abi/blockRequest'
import { copyBytes } from '../mem/bulk'
import { ecrecoverBatch } from '../secp256k1/recover'

// The senders of a request, known or not, and some signatures of it that are recovered together.
//
// Invariant: a sender's bytes are written before its word leaves SENDER_UNKNOWN; all who write them write the same.

const MOST: usize = <usize>SENDER_BATCH_MOST
/** Bytes of a batch: signature records, then what they recover to, then u32 numbers of transactions. */
export const GATHERED: usize = MOST * (SIGNATURE_SIZE + SIGNER_SIZE + 4)
const SIGNERS: usize = MOST * SIGNATURE_SIZE
const NUMBERS: usize = SIGNERS + MOST * SIGNER_SIZE

let batch: usize = 0
let size: usize = 0

/** Begins with an empty batch in GATHERED bytes. */
export function gatherInto(at: usize): void {
  batch = at
  size = 0
}

/** Adds the signature record of a transaction, the SENDER_BATCH_MOST-th at most. */
export function gather(index: u32, signature: usize): void {
  copyBytes(batch + size * SIGNATURE_SIZE, signature, SIGNATURE_SIZE)
  store<u32>(batch + NUMBERS + size * 4, index)
  size += 1
}

/** OK or OUT_OF_SPACE. */
export function recoverGathered(request: usize): i32 {
  if (ecrecoverBatch(batch, <u32>size, batch + SIGNERS) != OK) return OUT_OF_SPACE
  for (let i: usize = 0; i < size; i++)
    setSender(request, load<u32>(batch + NUMBERS + i * 4), batch + SIGNERS + i * SIGNER_SIZE)
  return OK
}

// @ts-ignore: decorator
@inline
function senderWord(request: usize, index: usize): usize {
  return <usize>load<u32>(request, Q_SENDER_WORDS) + index * 4
}

// @ts-ignore: decorator
@inline
export function senderState(request: usize, index: usize): u32 {
  return atomic.load<u32>(senderWord(request, index))
}

// @ts-ignore: decorator
@inline
export function senderAt(request: usize, index: usize): usize {
  return <usize>load<u32>(request, Q_SENDERS) + index * 20
}

/** The signature recovers to no address. */
export function refuseSender(request: usize, index: usize): void {
  atomic.store<u32>(senderWord(request, index), SENDER_INVALID)
}

export function setSender(request: usize, index: usize, signer: usize): void {
  const valid = load<u8>(signer) != 0
  if (valid) copyBytes(senderAt(request, index), signer + 1, 20)
  atomic.store<u32>(senderWord(request, index), valid ? SENDER_KNOWN : SENDER_INVALID)
}
