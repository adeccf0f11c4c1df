import {
  BLOCK_COUNT,
  FAILURE,
  FRONT,
  TX_MISSING_KIND,
  TX_MISSING_RECORD,
  TX_NOTES,
  TX_OUTCOME,
  TX_OUTCOME_LENGTH,
  txRecord,
  WINDOW,
} from './block'

// What the host may ask about the running block.

/** Transactions below this index are committed. */
export function blockFront(): u32 {
  return atomic.load<u32>(FRONT)
}

/** The code given to blockFail, 0 while the block did not fail. */
export function blockFailure(): u32 {
  return atomic.load<u32>(FAILURE)
}

/** How many transactions from the front on may be executed now. */
export function blockWindow(): u32 {
  return atomic.load<u32>(WINDOW) >> 4
}

/** Outcome of a transaction that is committed, 0 when it left none. */
export function outcomeOf(index: u32): usize {
  return index < load<u32>(BLOCK_COUNT) ? <usize>load<u32>(txRecord(index), TX_OUTCOME) : 0
}

/** What a transaction that is committed noted (abi/accessList.ts), 0 when it noted nothing. */
export function notesOf(index: u32): usize {
  return index < load<u32>(BLOCK_COUNT) ? <usize>load<u32>(txRecord(index), TX_NOTES) : 0
}

/** Of a block that is over: what transaction `from` left counts as that of `to`. */
export function moveOutcome(from: u32, to: u32): void {
  const source = txRecord(from)
  const target = txRecord(to)
  store<u32>(target, load<u32>(source, TX_OUTCOME), TX_OUTCOME)
  store<u32>(target, load<u32>(source, TX_OUTCOME_LENGTH), TX_OUTCOME_LENGTH)
  store<u32>(target, load<u32>(source, TX_NOTES), TX_NOTES)
}

export function outcomeLength(index: u32): u32 {
  return index < load<u32>(BLOCK_COUNT) ? load<u32>(txRecord(index), TX_OUTCOME_LENGTH) : 0
}

/** What a transaction suspended as MISSING asked for: MISSING_* of state/base.ts, and the account or slot record. */
export function txMissingKind(index: u32): u32 {
  return load<u32>(txRecord(index), TX_MISSING_KIND)
}

export function txMissingRecord(index: u32): usize {
  return load<u32>(txRecord(index), TX_MISSING_RECORD)
}
