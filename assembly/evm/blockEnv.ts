import { B_FORK } from '../abi/blockEnv'
import { setFork } from '../fork'
import { setGasSchedule } from './gas'
import { forgetHashes } from './hashMemo'
import { forgetPoints } from './pointMemo'
import { forgetContracts } from './precompileMemo'

// The block as its transactions see it: one record in shared memory that the host fills before execution.

/** Address of the record. */
export let blockEnv: usize = 0

/** Makes this thread's instance run transactions of the block. */
export function setBlockEnv(record: usize): void {
  blockEnv = record
  setFork(load<u32>(record, B_FORK))
  setGasSchedule(record)
  forgetContracts()
  forgetPoints()
  forgetHashes()
}
