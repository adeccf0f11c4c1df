import { Q_ENV } from '../abi/blockRequest'
import { OK } from '../abi/status'
import { setBlockEnv } from '../evm/blockEnv'
import { txReplay } from '../stm/txn'
import { replayTransaction } from '../tx/run'
import { found, sendersBegin, transactionRecord } from './senders'

// Transactions of a block that has been executed and is not ended yet, run once more to be traced: each on the values
// that the versions give it, so in any order and on any thread. Only in the tracing module.
//
// Invariant: all transactions are committed and nothing is published any more, so that versions do not change.
// Decision 36 (docs/adr/0036-tracers-over-events.md).

/** Takes the block's request (abi/blockRequest.ts). False when out of space. */
export function enterReplay(request: usize): bool {
  setBlockEnv(load<u32>(request, Q_ENV))
  return sendersBegin(request)
}

/** Runs transaction `index` of the block. OK, or a status that says what it lacks. */
export function replay(index: u32): i32 {
  txReplay(index + 1)
  const status = transactionRecord(index)
  return status == OK ? replayTransaction(found) : status
}
