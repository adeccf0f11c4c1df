import { SIGNER_SIZE } from '../abi/signature'
import { MALFORMED_TRANSACTION } from '../abi/refusals'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { R_SENDER } from '../abi/transaction'
import { copyBytes } from '../mem/bulk'
import { ecrecoverBatch } from '../secp256k1/recover'
import { blockAlloc } from '../stm/txn'
import { invalidOutcome } from '../tx/outcome'
import { finish, runTransaction } from '../tx/run'
import { decodeTransaction, record, RECORD_SIGNATURE } from './decode'

/**
 * Runs the transaction whose EIP-2718 bytes lie in [at, at + length), sent by whoever signed it: a status. Like
 * runTransaction for one that is no part of a block's request; bytes that are no transaction are refused.
 */
export function runSigned(at: usize, length: usize): i32 {
  const status = decodeTransaction(at, length, true)
  if (status == OUT_OF_SPACE) return status
  if (status != OK) return finish(invalidOutcome(MALFORMED_TRANSACTION))
  const signer = blockAlloc(SIGNER_SIZE)
  if (signer == 0 || ecrecoverBatch(record + RECORD_SIGNATURE, 1, signer) != OK) return OUT_OF_SPACE
  if (load<u8>(signer) == 0) return finish(invalidOutcome(MALFORMED_TRANSACTION))
  copyBytes(record + R_SENDER, signer + 1, 20)
  return runTransaction(record)
}
