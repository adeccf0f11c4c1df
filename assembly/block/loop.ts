import { BLOCK_CLOSED, MALFORMED_TRANSACTION } from '../abi/refusals'
import {
  BLOCKED, MISSING, OK, OUT_OF_SPACE, TASK_FAILED, TASK_FETCH, TASK_RAN, TASK_ROOT, TASK_SENDERS,
} from '../abi/status'
import { RECORD_ESTIMATE, R_ENV, R_FLAGS, R_TO } from '../abi/transaction'
import { sourceIsAsync } from '../state/base'
import { blockFail } from '../stm/queue'
import { nextTask } from '../stm/scheduler'
import { txBegin, txMayLook, txTarget } from '../stm/txn'
import { setBlockEnv } from '../evm/blockEnv'
import { setNoting } from '../journal/notes'
import { invalidOutcome } from '../tx/outcome'
import { runEstimate } from '../tx/estimate'
import { finish, runTransaction } from '../tx/run'
import { runSequence } from '../tx/sequence'
import {
  FLAG_ACCESS_LIST,
  FLAG_LISTS,
  FLAG_TX_ROOTS,
  Q_BLOCK,
  Q_ENV,
  Q_FLAGS,
  Q_TX_COUNT,
  Q_WORK_AFTER,
  Q_WORK_AFTER_COUNT,
  Q_WORK_BEFORE,
  Q_WORK_BEFORE_COUNT,
} from '../abi/blockRequest'
import { hashingBegin } from './hashing'
import { found, sendersBegin, sendersDue, transactionRecord } from './senders'
import { runWork } from './work'

// A thread's part in executing a block, without its host. It comes back to the host when the block is over for this
// thread, and for what only the host can do.
// Decision 8 (docs/adr/0008-blocks-in-the-core.md).

let request: usize = 0
let count: u32 = 0
/** Nothing is executed. */
let lists: bool = false
/** Index of the task that runBlock came back with. */
export let stoppedAt: u32 = 0

/** The host of this thread wants to know of each execution (TASK_RAN). */
let tells: bool = false
export function setTellsRuns(value: bool): void {
  tells = value
}

/** Takes the block's request (abi/blockRequest.ts). False when out of space. */
export function enterBlock(at: usize): bool {
  request = at
  count = load<u32>(at, Q_TX_COUNT)
  setBlockEnv(load<u32>(at, Q_ENV))
  lists = (load<u32>(at, Q_FLAGS) & FLAG_LISTS) != 0
  setNoting((load<u32>(at, Q_FLAGS) & FLAG_ACCESS_LIST) != 0)
  hashingBegin(at)
  return sendersBegin(at)
}

/** Executes transactions of the entered block until there are none left, or the host is needed: then call it again. */
export function runBlock(): i32 {
  const roots = (load<u32>(request, Q_FLAGS) & FLAG_TX_ROOTS) != 0
  while (true) {
    if (sendersDue()) return TASK_SENDERS
    const task = nextTask()
    if (task < 0) return task
    const status = runTask(task)
    stoppedAt = task
    if (status == BLOCKED) {
      if (tells) return TASK_RAN
      continue
    }
    if (status == MISSING) {
      // Another source has said all it knows: the scheduler fails the block if the transaction still stands.
      if (!sourceIsAsync()) continue
      return TASK_FETCH
    }
    if (status != OK) {
      blockFail(status)
      return TASK_FAILED
    }
    if (roots && task != 0 && <u32>task <= count) return TASK_ROOT
    if (tells) return TASK_RAN
  }
}

function runTask(task: u32): i32 {
  txBegin(task)
  txMayLook()
  if (task == 0) return runWork(load<u32>(request, Q_WORK_BEFORE), load<u32>(request, Q_WORK_BEFORE_COUNT), 0)
  if (task > count) {
    const steps = load<u32>(request, Q_WORK_AFTER)
    return runWork(steps, load<u32>(request, Q_WORK_AFTER_COUNT), load<u32>(request, Q_BLOCK))
  }
  const status = transactionRecord(task - 1)
  if (status == OK && !lists) return runRecord(found)
  if (status == OUT_OF_SPACE) return status
  return finish(invalidOutcome(status == OK ? BLOCK_CLOSED : MALFORMED_TRANSACTION))
}

function runRecord(record: usize): i32 {
  txTarget(load<u32>(record, R_TO))
  if (load<u32>(record, R_FLAGS) & RECORD_ESTIMATE) return runEstimate(record)
  return load<u32>(record, R_ENV) != 0 ? runSequence(record) : runTransaction(record)
}
