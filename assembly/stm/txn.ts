import { STAT_BLOCKED, STAT_EXECUTIONS, STAT_MISSING, STAT_REEXECUTIONS } from '../abi/stats'
import {
  EVENT_EXECUTED,
  EVENT_GIVEN_UP,
  EVENT_SUSPEND,
  POINT_END,
  POINT_ENDED,
  POINT_PARKED,
  POINT_READY,
  POINT_SUSPENDED,
  POINT_TURN,
} from '../abi/debug'
import {
  BLOCKED,
  MISGUIDED,
  MISSING,
  MODE_GUIDED,
  MODE_PARALLEL,
  OK,
  OUT_OF_SPACE,
} from '../abi/status'
import { arenaAlloc } from '../mem/arena'
import { blockArena, context, THREAD_MISSING, THREAD_TEMP2 } from '../mem/thread'
import { resolveCode } from '../state/base'
import { copy32, isZero32, zero32 } from '../mem/bytes32'
import { codeKnown, EMPTY_CODE_HASH, internCode, internCodeHash, isEmptyCode } from '../state/code'
import { ACC_BALANCE, ACC_CODE, ACC_LIFE, ACC_NONCE, CODE_HASH, KIND_LIFE, LOC_KIND, SLOT_LOC } from '../abi/state'
import {
  BEGAN_AT_FRONT,
  BLOCK_MODE,
  COMMITTED,
  EXECUTED,
  EXECUTION_INDEX,
  FRONT,
  IN_ORDER,
  EXECUTING,
  nextIncarnation,
  PARKED,
  READY,
  REACHED_FRONT,
  SPECULATIVE,
  STATUS_BITS,
  STATUS_MASK,
  SUSPENDED,
  TX_AT_FRONT,
  TX_COST,
  TX_DEPENDENTS,
  TX_MISSING_KIND,
  TX_MISSING_RECORD,
  TX_NEXT_DEPENDENT,
  TX_NOTES,
  TX_OUTCOME,
  TX_OUTCOME_LENGTH,
  TX_READS,
  TX_REASON,
  TX_STATUS,
  TX_TARGET,
  TX_WRITES,
  txRecord,
  txStatus,
  WINDOW,
  withStatus,
} from './block'
import { awaitLower, isCrowded } from './crowded'
import { logEvent, yieldPoint } from './debug'
import { G_CODE, G_CODE_LENGTH, G_VALUE, givenBelow, spendGiven } from './given'
import { allKnown, blocker, isKnown, lookBegin, looked, lookIsSure, lookNotes } from './look'
import {
  blockFail,
  hidesLatency,
  lowerExecution,
  lowerValidation,
  offer,
  resumeMissing,
  resumeDependents,
  setHurry,
  setRunAgain,
} from './queue'
import {
  READ_BALANCE_AT_LEAST,
  READ_EMPTY,
  READ_EXISTS,
  READ_HAS_STORAGE,
  READ_KIND,
  READ_NEXT,
  READ_SEEN,
  READ_SIZE,
  READ_SLOT,
  READ_TARGET,
  READ_VALUE,
  READ_WORD,
  WRITE_ENTRY,
  WRITE_LOCATION,
  WRITE_NEXT,
  WRITE_SIZE,
} from './readWriteSet'
import { count } from './stats'
import { readsHold } from './validate'
import {
  answer,
  changed,
  creditLocation,
  DELTA,
  dropVersion,
  ESTIMATE,
  entryPut,
  KEEP_EPOCH,
  markEstimate,
  putVersion,
  readBalanceAtLeast,
  readEmpty,
  readExists,
  readHasStorage,
  readSlotValue,
  readValue,
  setSingleVersion,
} from './versions'

// The transaction that this thread is running, for both engines: reads (each recorded with what it saw), then writes,
// then txEnd; or txSuspend after a read that returned BLOCKED or MISSING. All state here is the thread's own.
//
// Nothing is recorded when all lower transactions are committed already: then no read can change any more.

/** Of the running transaction. */
export let index: u32 = 0
let record: usize = 0
let incarnation: u32 = 0
/** All lower transactions were committed when it began, or when it looked last (txTurn). */
let atFront: bool = false
let recording: bool = false
let parallel: bool = false
/**
 * What lower transactions do is read from the block's access list: nothing is recorded, and nothing written but lives,
 * which no list has and the state difference tells.
 */
export let guided: bool = false
let reads: usize = 0
let writes: usize = 0
let anyChanged: bool = false
/** It has looked ahead to its end. */
let flushed: bool = false
/** Nothing could change any more of what led to the value that is missing. */
let suspendedSure: bool = false
/** What the last read that was not OK returned. */
let stuck: i32 = OK
/**
 * Its execution is given up: its turn came while it ran, and what it had read no longer held; or the block goes on in
 * order.
 */
let givenUp: bool = false

/** Of the running transaction, in units of 1,024 gas; when nobody says, that of a call of some size. */
const USUAL_COST: u32 = 128
let cost: u32 = 0
/** Of the transactions that this thread ran lately, beyond that of a plain transfer. */
export let latelyCost: u32 = USUAL_COST
const TRANSFER_COST: u32 = 20
/** Some 0.05 ms of most transactions: what others wait for is looked at before the next one. */
const LONG: u32 = 256

/** Index of the running transaction. */
export function txIndex(): u32 {
  return index
}

/** Whom the running transaction calls: the same of two for the same. At its start. */
export function txTarget(target: u32): void {
  atomic.store<u32>(record, target, TX_TARGET)
}

/** What the running transaction cost, for the scheduler: before txEnd or txSuspend. */
export function txGas(used: u64): void {
  cost = <u32>(used >> 10)
}

function noteCost(): void {
  store<u32>(record, cost, TX_COST)
  latelyCost = (3 * latelyCost + cost - min(cost, TRANSFER_COST)) >> 2
  if (cost > LONG) setHurry(true)
}

let notes: usize = 0
/** What the running transaction touched (abi/accessList.ts, memory of the block): before txEnd. */
export function txNotes(at: usize): void {
  notes = at
}

/** Starts the transaction that nextTask returned. */
export function txBegin(task: u32): void {
  index = task
  record = txRecord(task)
  incarnation = atomic.load<u32>(record, TX_STATUS) >> STATUS_BITS
  parallel = (load<u32>(BLOCK_MODE) & MODE_PARALLEL) != 0
  guided = (load<u32>(BLOCK_MODE) & MODE_GUIDED) != 0
  // From a list nothing that it reads can change, wherever the front is.
  atFront = guided || atomic.load<u32>(FRONT) == task
  store<u32>(record, atFront ? BEGAN_AT_FRONT : SPECULATIVE, TX_AT_FRONT)
  recording = !atFront
  reads = 0
  writes = 0
  anyChanged = false
  lookBegin(false)
  flushed = false
  stuck = OK
  givenUp = false
  cost = USUAL_COST
  notes = 0
  setSingleVersion(!parallel)
  count(STAT_EXECUTIONS)
  if (incarnation != 0) count(STAT_REEXECUTIONS)
}

/** Begins a run of a transaction of a block that is over, on the values that it had: nothing is recorded. */
export function txReplay(task: u32): void {
  index = task
  record = txRecord(task)
  incarnation = 0
  // The versions are there, each for itself.
  parallel = true
  setSingleVersion(false)
  atFront = false
  recording = false
  lookBegin(false)
  stuck = OK
}

/**
 * To be called now and then while a transaction runs; each read does. When its turn has come meanwhile, what it read so
 * far is read again. It holds: the transaction goes on as one that began at the front. It does not: BLOCKED, and after
 * txSuspend this thread runs it again at once, so that the front never waits for the end of an execution in vain.
 * BLOCKED too when the block goes on in order: then executions before their turn are most likely in vain.
 * Invariant: FRONT == index means that all lower transactions are committed, so what is read from here on is final; and
 * this one is EXECUTING, so nobody else looks at its record's TX_AT_FRONT until its status changes.
 */
// @ts-ignore: decorator
@inline
export function txTurn(): i32 {
  return recording && (atomic.load<u32>(FRONT) == index || goesInOrder()) ? turn() : OK
}

// @ts-ignore: decorator
@inline
function goesInOrder(): bool {
  return atomic.load<u32>(WINDOW) == IN_ORDER && atomic.load<u32>(PARKED) == 0
}

function turn(): i32 {
  if (looked) return OK
  yieldPoint(POINT_TURN)
  recording = false
  atFront = atomic.load<u32>(FRONT) == index
  if (atFront && readsHold(reads, index)) {
    store<u32>(record, REACHED_FRONT, TX_AT_FRONT)
    return OK
  }
  givenUp = true
  stuck = BLOCKED
  return BLOCKED
}

// --- Reads -----------------------------------------------------------------------------------------------------------
// Status OK, BLOCKED, MISSING, MALFORMED or OUT_OF_SPACE. The caller reads a location at most once.

/** Balance in wei, a word of 32 bytes. */
export function txReadBalance(account: usize, out: usize): i32 {
  return readAndRecord(account + ACC_BALANCE, out)
}

/** Nonce, u64. */
export function txReadNonce(account: usize, out: usize): i32 {
  const word = context + THREAD_TEMP2
  const status = readAndRecord(account + ACC_NONCE, word)
  if (status == OK) store<u64>(out, load<u64>(word))
  return status
}

/** keccak-256 of the code, 32 bytes; that of nothing for an account without code, existing or not. */
export function txReadCodeHash(account: usize, out: usize): i32 {
  return readAndRecord(account + ACC_CODE, out)
}

/** Code record, u32, with its bytes; 0 when there is no code. */
export function txReadCode(account: usize, out: usize): i32 {
  const status = txReadCodeRecord(account, out)
  return status == OK ? txNeedBytes(account, load<u32>(out)) : status
}

/** Code record, u32, of which only the hash need be there; 0 when there is no code. */
export function txReadCodeRecord(account: usize, out: usize): i32 {
  const hash = context + THREAD_TEMP2
  const status = readAndRecord(account + ACC_CODE, hash)
  if (status != OK) return status
  let code: usize = 0
  if (!isEmptyCode(hash)) {
    code = internCodeHash(hash)
    if (code == 0) {
      stuck = OUT_OF_SPACE
      return OUT_OF_SPACE
    }
  }
  store<u32>(out, <u32>code)
  return OK
}

/** MISSING when the bytes of the account's code, whose record was read, are not there. */
// @ts-ignore: decorator
@inline
export function txNeedBytes(account: usize, code: usize): i32 {
  if (code == 0 || codeKnown(code)) return OK
  if (guided) {
    const claim = givenBelow(account + ACC_CODE, index)
    if (claim != 0) {
      const bytes: usize = load<u32>(claim, G_CODE)
      if (internCode(bytes, load<u32>(claim, G_CODE_LENGTH), claim + G_VALUE) != 0) return OK
      stuck = OUT_OF_SPACE
      return OUT_OF_SPACE
    }
  }
  stuck = resolveCode(code, account)
  return stuck
}

/** Value of a slot, a word of 32 bytes. */
export function txReadSlot(slot: usize, out: usize): i32 {
  if (txTurn() != OK) return BLOCKED
  if (recording && isCrowded(slot)) {
    awaitLower(slot, index)
    if (txTurn() != OK) return BLOCKED
  }
  const status = readSlotValue(slot, index, out)
  if (status != OK) {
    stuck = status
    return status
  }
  return recording ? note(READ_SLOT, slot, 0, out) : OK
}

/** Whether the account exists, u32: it says so itself (possible for empty ones before EIP-161), or it is not empty. */
export function txExists(account: usize, out: usize): i32 {
  if (txTurn() != OK) return BLOCKED
  return predicate(READ_EXISTS, account, readExists(account, index), 0, out)
}

/** Whether nonce and balance are 0 and there is no code (EIP-161), u32. */
export function txIsEmpty(account: usize, out: usize): i32 {
  if (txTurn() != OK) return BLOCKED
  return predicate(READ_EMPTY, account, readEmpty(account, index), 0, out)
}

/** Whether there is storage under an address that has neither nonce nor code (EIP-7610), u32. */
export function txHasStorage(account: usize, out: usize): i32 {
  return predicate(READ_HAS_STORAGE, account, readHasStorage(account, index), 0, out)
}

/** Whether the balance is at least the word at `bound`, u32. */
export function txBalanceAtLeast(account: usize, bound: usize, out: usize): i32 {
  if (txTurn() != OK) return BLOCKED
  return predicate(READ_BALANCE_AT_LEAST, account, readBalanceAtLeast(account, index, bound), bound, out)
}

// @ts-ignore: decorator
@inline
function readAndRecord(location: usize, out: usize): i32 {
  if (txTurn() != OK) return BLOCKED
  const status = readValue(location, index, out)
  if (status != OK) {
    stuck = status
    return status
  }
  return recording ? note(READ_VALUE, location, 0, out) : OK
}

// @ts-ignore: decorator
@inline
function predicate(kind: u32, account: usize, status: i32, word: usize, out: usize): i32 {
  if (status != OK) {
    stuck = status
    return status
  }
  store<u32>(out, <u32>answer)
  return recording ? note(kind, account, <u32>answer, word) : OK
}

function note(kind: u32, target: usize, seen: u32, word: usize): i32 {
  const read = arenaAlloc(blockArena, READ_SIZE)
  if (read == 0) {
    stuck = OUT_OF_SPACE
    return OUT_OF_SPACE
  }
  store<u32>(read, <u32>reads, READ_NEXT)
  store<u32>(read, kind, READ_KIND)
  store<u32>(read, <u32>target, READ_TARGET)
  store<u32>(read, seen, READ_SEEN)
  if (word != 0) copy32(read + READ_WORD, word)
  reads = read
  return OK
}

// --- Writes ----------------------------------------------------------------------------------------------------------
// At the end of the transaction, each location once. Status OK or OUT_OF_SPACE.

/** Sets the balance to a word in wei. */
export function txWriteBalance(account: usize, value: usize): i32 {
  return write(account + ACC_BALANCE, 0, value)
}

/**
 * Adds a word (modulo 2^256, so also a negative amount) to a balance whose value was not read. Commutes with others.
 */
export function txCreditBalance(account: usize, delta: usize): i32 {
  if (isZero32(delta)) return OK
  return write(creditLocation(account + ACC_BALANCE), DELTA, delta)
}

export function txWriteNonce(account: usize, nonce: u64): i32 {
  const word = context + THREAD_TEMP2
  zero32(word)
  store<u64>(word, nonce)
  return write(account + ACC_NONCE, 0, word)
}

/** Sets the code to a code record, 0 for no code. */
export function txWriteCode(account: usize, code: usize): i32 {
  return write(account + ACC_CODE, 0, code == 0 ? EMPTY_CODE_HASH : code + CODE_HASH)
}

export function txWriteSlot(slot: usize, value: usize): i32 {
  return write(slot + SLOT_LOC, 0, value)
}

/**
 * Sets whether the account exists even if it is empty. `how`: 0 the storage stays, 1 it was cleared by a creation
 * before this transaction's writes to it, 2 by a destruction after them. Balance, nonce and code are written
 * separately.
 */
export function txWriteLife(account: usize, exists: u32, how: u32): i32 {
  const word = context + THREAD_TEMP2
  zero32(word)
  store<u64>(word, u64(exists != 0))
  if (how != 0) store<u64>(word, (<u64>index << 1) + how, 8)
  return write(account + ACC_LIFE, how == 0 ? KEEP_EPOCH : 0, word)
}

// @ts-ignore: decorator
@inline
function write(location: usize, flags: u32, value: usize): i32 {
  if (guided && load<u32>(location, LOC_KIND) != KIND_LIFE) return OK
  const status = putVersion(location, index, incarnation, looked ? flags | ESTIMATE : flags, value)
  return status == OK && parallel ? keepWrite(location) : status
}

function keepWrite(location: usize): i32 {
  const node = arenaAlloc(blockArena, WRITE_SIZE)
  if (node == 0) return OUT_OF_SPACE
  store<u32>(node, <u32>writes, WRITE_NEXT)
  store<u32>(node, <u32>location, WRITE_LOCATION)
  store<u32>(node, <u32>entryPut, WRITE_ENTRY)
  writes = node
  if (changed) anyChanged = true
  return OK
}

/** Memory that lives until the block ends, 16-byte aligned; 0 when out of space. */
export function blockAlloc(size: usize): usize {
  return arenaAlloc(blockArena, size)
}

// --- End -------------------------------------------------------------------------------------------------------------

/** The transaction has run: `outcome` (from blockAlloc, 0 for none) counts once it is committed. */
export function txEnd(outcome: usize, outcomeLength: u32): void {
  if (parallel) dropStale()
  store<u32>(record, <u32>outcome, TX_OUTCOME)
  store<u32>(record, outcomeLength, TX_OUTCOME_LENGTH)
  store<u32>(record, <u32>notes, TX_NOTES)
  noteCost()
  if (guided && !spendGiven(cost)) blockFail(MISGUIDED)
  atomic.store<u32>(record, <u32>reads, TX_READS)
  atomic.store<u32>(record, <u32>writes, TX_WRITES)
  yieldPoint(POINT_END)
  // From here on validators, the committer and dependents see this incarnation.
  atomic.store<u32>(record, (incarnation << STATUS_BITS) | EXECUTED, TX_STATUS)
  logEvent(EVENT_EXECUTED, index, incarnation)
  yieldPoint(POINT_ENDED)
  if (!parallel) return
  resumeDependents(index)
  // What lower transactions wrote meanwhile may concern this one, what it wrote may concern higher ones.
  if (recording) lowerValidation(index)
  else if (anyChanged && atomic.load<u32>(EXECUTION_INDEX) > index + 1) lowerValidation(index + 1)
  offer()
}

/** Unlinks what the previous incarnation wrote and this one did not. */
function dropStale(): void {
  let node: usize = atomic.load<u32>(record, TX_WRITES)
  while (node != 0) {
    if (dropVersion(load<u32>(node, WRITE_LOCATION), index, incarnation)) anyChanged = true
    node = load<u32>(node, WRITE_NEXT)
  }
}

/** The running transaction may look ahead (look.ts): its engine ends it with txSuspend when it has. */
export function txMayLook(): void {
  lookBegin(hidesLatency())
}

/** It has looked ahead, and all that it would write is written. */
export function txLooked(): void {
  flushed = true
}

/**
 * Ends an execution that returned BLOCKED or MISSING: the transaction is parked, or to be run again at once (txTurn).
 * MISSING when something must be fetched for it, else BLOCKED.
 */
export function txSuspend(): i32 {
  if (looked) stuck = lookNotes() != 0 || stuck == MISSING ? MISSING : BLOCKED
  if (flushed) replaceWrites()
  else keepPartialWrites()
  store<u32>(record, <u32>stuck, TX_REASON)
  store<u32>(record, load<u32>(context, THREAD_MISSING), TX_MISSING_KIND)
  store<u32>(record, load<u32>(context, THREAD_MISSING + 4), TX_MISSING_RECORD)
  // The status word still is EXECUTING of this incarnation: this thread owns it until here.
  suspendedSure = atFront && lookIsSure()
  const on = blocker
  if (givenUp) giveUp()
  else if (stuck == BLOCKED) {
    count(STAT_BLOCKED)
    atomic.store<u32>(record, withStatus(incarnation << STATUS_BITS, SUSPENDED), TX_STATUS)
    logEvent(EVENT_SUSPEND, index, on)
    yieldPoint(POINT_SUSPENDED)
    waitFor(on)
  } else {
    count(STAT_MISSING)
    store<u32>(record, MISSING, TX_REASON)
    if (hidesLatency()) atomic.add<u32>(PARKED, 1)
    atomic.store<u32>(record, withStatus(incarnation << STATUS_BITS, SUSPENDED), TX_STATUS)
    logEvent(EVENT_SUSPEND, index, 0xffff_ffff)
    yieldPoint(POINT_SUSPENDED)
    // The host may have fetched it for another transaction meanwhile.
    if (nowKnown()) resumeMissing(index)
    if (anyChanged) resumeDependents(index)
  }
  offer()
  return stuck
}

/** After txSuspend answered MISSING: what was met first is needed whatever others do. */
export function isSure(): bool {
  return suspendedSure
}

/** What a run that looked ahead writes takes the place of what earlier ones wrote. */
function replaceWrites(): void {
  dropStale()
  atomic.store<u32>(record, <u32>writes, TX_WRITES)
}

/** To be run again: at once by this thread when its turn has come, else in its turn by anyone. */
function giveUp(): void {
  logEvent(EVENT_GIVEN_UP, index, incarnation)
  const next = nextIncarnation(incarnation << STATUS_BITS, atFront ? EXECUTING : READY)
  store<u32>(record, cost, TX_COST)
  if (atFront) setRunAgain(index)
  atomic.store<u32>(record, next, TX_STATUS)
  yieldPoint(POINT_READY)
  if (!atFront) lowerExecution(index)
}

/** Writes are made after the last read, so normally there are none. */
function keepPartialWrites(): void {
  if (writes == 0) return
  let last: usize = 0
  for (let node = writes; node != 0; node = load<u32>(node, WRITE_NEXT)) {
    markEstimate(load<u32>(node, WRITE_ENTRY))
    last = node
  }
  store<u32>(last, atomic.load<u32>(record, TX_WRITES), WRITE_NEXT)
  atomic.store<u32>(record, <u32>writes, TX_WRITES)
}

/**
 * Joins the list of those that wait for transaction `on`. It empties the list after it became EXECUTED; if that
 * happened before this one joined, the second look at its status shows it.
 */
function waitFor(on: u32): void {
  const target = txRecord(on)
  let first = atomic.load<u32>(target, TX_DEPENDENTS)
  while (true) {
    store<u32>(record, first, TX_NEXT_DEPENDENT)
    const seen = atomic.cmpxchg<u32>(target, first, index + 1, TX_DEPENDENTS)
    if (seen == first) break
    first = seen
  }
  yieldPoint(POINT_PARKED)
  const status = txStatus(on) & STATUS_MASK
  if (status == EXECUTED || status == COMMITTED) resumeDependents(on)
}

function nowKnown(): bool {
  return isKnown(load<u32>(context, THREAD_MISSING), load<u32>(context, THREAD_MISSING + 4)) && allKnown()
}
