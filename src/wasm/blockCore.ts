// State tables and the running block of one shared memory, as one thread sees them.

import * as abi from '../abi/core.generated.js'
import { Missing, type Source, Status } from '../abi/core.generated.js'
import type { Exports } from '../abi/exports.js'
import type { OutcomeHead } from '../abi/outcome.js'
import { decodeDiff } from '../abi/packedDiff.js'
import { getWord, getWordBytes, putWord, putWordBytes } from '../abi/word256.js'
import { hex, sameBytes } from '../bytes.js'
import { OutOfSpaceError, ParallevmError } from '../errors.js'
import type { BaseAccount } from '../sources/source.js'
import type { LocationKind, StateDiff } from '../types.js'
import type { Core } from './core.js'

/** Input bytes in the core's memory are not what their format demands, e.g. a trie node of a witness. */
export class MalformedStateError extends ParallevmError {
  constructor(what: string) {
    super('MALFORMED_STATE', `${what} is not well-formed: check where the state or witness comes from`)
  }
}

/** A value before the block is not in memory. */
export class MissingStateError extends ParallevmError {
  /** What it is, when it is known exactly. */
  readonly missing: MissingValue | undefined
  /** `what`: how to call it when it cannot be named exactly. */
  constructor(missing: MissingValue | undefined, what = 'a value') {
    super(
      'MISSING_STATE',
      `${missing === undefined ? what : nameOf(missing)} before the block is not known: ` +
        'supply it through the state source, or give a complete witness',
    )
    this.missing = missing
  }
}

function nameOf({ kind, address, key, codeHash }: MissingValue): string {
  const which = key ?? codeHash
  return `the ${kind}${which === undefined ? '' : ` 0x${hex(which)}`} of ${kind === 'account' ? '' : 'account '}0x${hex(address)}`
}

/** What a suspended transaction, or collectDiff, needs from the source. */
export interface MissingValue {
  kind: 'account' | 'storage' | 'code'
  /** 20 bytes. */
  address: Uint8Array
  /** Of the slot: 32 bytes, big-endian. Only for `storage`. */
  key?: Uint8Array
  /** keccak-256. Only for `code`. */
  codeHash?: Uint8Array
}

/** Counters of one thread for the running block. */
export interface ThreadStats {
  executions: number
  reexecutions: number
  validations: number
  commits: number
  blocked: number
  missing: number
  waits: number
  /** Failed validations by the first location that differed. */
  conflicts: Record<LocationKind, number>
}

/** keccak-256 of nothing. */
const EMPTY_CODE_HASH = Uint8Array.from(
  'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'.match(/../g) as string[],
  (byte) => Number.parseInt(byte, 16),
)

export class BlockCore {
  readonly core: Core
  readonly exports: Exports
  /** Address of this thread's window of 64 KiB for passing bytes. */
  readonly scratch: number

  /**
   * Makes the core's instance thread `threadId` (0 to 63); each thread of the memory has another one.
   * @throws OutOfSpaceError
   */
  constructor(core: Core, threadId: number) {
    this.core = core
    this.exports = core.exports
    this.scratch = core.exports.threadInit(threadId) >>> 0
    if (this.scratch === 0) throw this.outOfSpace(abi.SCRATCH_SIZE)
    this.check(core.exports.trieInit(threadId), 'the tries')
  }

  /** Makes this instance that thread again, after another one was it. Between blocks. @throws OutOfSpaceError */
  renew(threadId: number): void {
    this.exports.threadInit(threadId)
    this.check(this.exports.trieInit(threadId), 'the tries')
  }

  /**
   * Makes the empty tables: once per memory, before any other thread starts.
   * `seed`: 64 unpredictable bits, against chosen storage keys that fall into one bucket; results do not depend on it.
   * @throws OutOfSpaceError
   */
  initTables(seed: bigint): void {
    if (!this.exports.initTables(seed)) throw this.outOfSpace(3 * abi.CHUNK_SIZE)
  }

  // --- Handles and base values ----------------------------------------------------------------------------------------

  /** Handle of the account with a 20-byte address. @throws OutOfSpaceError */
  account(address: Uint8Array): number {
    this.core.bytes.set(address, this.scratch)
    return this.#pointer(this.exports.internAccount(this.scratch))
  }

  /** Handle of an account's slot; `key`: at most 32 bytes, big-endian. @throws OutOfSpaceError */
  slot(account: number, key: Uint8Array): number {
    putWordBytes(this.core.bytes, this.scratch, key)
    return this.#pointer(this.exports.internSlot(account, this.scratch))
  }

  /** Puts code into the table; its record, 0 for empty code. `hash`: its keccak-256 when known. @throws OutOfSpaceError */
  putCode(code: Uint8Array, hash?: Uint8Array): number {
    if (code.length === 0) return 0
    // Code can be larger than the window; what does not fit passes through chunks.
    const small = code.length + 32 <= abi.SCRATCH_SIZE
    const chunks = Math.ceil((code.length + 32) / abi.CHUNK_SIZE)
    const at = small ? this.scratch : this.#pointer(this.exports.takeChunks(chunks))
    this.core.bytes.set(code, at + 32)
    if (hash !== undefined) this.core.bytes.set(hash, at)
    const record = this.exports.internCode(at + 32, code.length, hash === undefined ? 0 : at) >>> 0
    if (!small) this.exports.giveChunks(at, chunks)
    return this.#pointer(record)
  }

  /** keccak-256 of the code in a record of {@link putCode}. */
  codeHashOf(record: number): Uint8Array {
    return record === 0 ? EMPTY_CODE_HASH : this.core.read(record + abi.CODE_HASH, 32)
  }

  /** The record of a code by its hash, 0 for empty code; its bytes need not be there. @throws OutOfSpaceError */
  codeRecord(hash: Uint8Array): number {
    if (sameBytes(hash, EMPTY_CODE_HASH)) return 0
    this.core.bytes.set(hash, this.scratch)
    return this.#pointer(this.exports.internCodeHash(this.scratch))
  }

  hasCode(hash: Uint8Array): boolean {
    if (sameBytes(hash, EMPTY_CODE_HASH)) return true
    this.core.bytes.set(hash, this.scratch)
    return this.exports.findCode(this.scratch) !== 0
  }

  setSource(source: Source): void {
    this.exports.setSource(source)
  }

  /** Sets what an account is before the block; undefined: it does not exist. Its code is put too when it is given. */
  setBaseAccount(address: Uint8Array, account: BaseAccount | undefined, storageRoot?: Uint8Array): void {
    const handle = this.account(address)
    if (account === undefined) {
      this.exports.setBaseAbsent(handle)
      return
    }
    const record = account.code === undefined ? 0 : this.putCode(account.code, account.codeHash)
    const codeHash = account.codeHash ?? this.codeHashOf(record)
    const at = this.scratch
    putWord(this.core.view, at, account.balance)
    this.core.bytes.set(codeHash, at + 32)
    if (storageRoot !== undefined) this.core.bytes.set(storageRoot, at + 64)
    this.exports.setBaseAccount(handle, account.nonce, at, at + 32, storageRoot === undefined ? 0 : at + 64)
  }

  /** The account is contract `index` of the chain's own precompiled ones; before any thread executes. @throws OutOfSpaceError */
  setPrecompile(address: Uint8Array, index: number): void {
    const handle = this.account(address)
    this.core.view.setUint32(handle + abi.ACC_PRECOMPILE, abi.CUSTOM_PRECOMPILE + index, true)
  }

  /** Whether it is known what the account is before the block. */
  knowsAccount(address: Uint8Array): boolean {
    return this.core.u32(this.account(address) + abi.ACC_LIFE + abi.LOC_BASE_KNOWN) !== 0
  }

  knowsSlot(address: Uint8Array, key: Uint8Array): boolean {
    return this.core.u32(this.slot(this.account(address), key) + abi.SLOT_LOC + abi.LOC_BASE_KNOWN) !== 0
  }

  /** Sets what a slot is before the block; `key` and `value`: at most 32 bytes, big-endian. */
  setBaseSlot(address: Uint8Array, key: Uint8Array, value: Uint8Array): void {
    const slot = this.slot(this.account(address), key)
    putWordBytes(this.core.bytes, this.scratch, value)
    this.exports.setBaseSlot(slot, this.scratch)
  }

  /**
   * What an account is before the running block; undefined: it does not exist.
   * @throws MissingStateError, MalformedStateError, OutOfSpaceError
   */
  baseAccount(address: Uint8Array): { nonce: bigint; balance: bigint; codeHash: Uint8Array } | undefined {
    const at = this.account(address)
    this.check(this.exports.resolveAccount(at), 'the account trie')
    const { core } = this
    if (core.u32(at + abi.ACC_LIFE + abi.LOC_BASE) === 0) return undefined
    return {
      nonce: core.view.getBigUint64(at + abi.ACC_NONCE + abi.LOC_BASE, true),
      balance: getWord(core.view, at + abi.ACC_BALANCE + abi.LOC_BASE),
      codeHash: core.read(at + abi.ACC_CODE + abi.LOC_BASE, 32),
    }
  }

  /** What a slot is before the running block: 32 bytes, big-endian. @throws as baseAccount */
  baseSlot(address: Uint8Array, key: Uint8Array): Uint8Array {
    const at = this.slot(this.account(address), key)
    this.check(this.exports.resolveSlot(at), 'a storage trie')
    return getWordBytes(this.core.bytes, at + abi.SLOT_LOC + abi.LOC_BASE)
  }

  /** Keys of the account's slots that are in memory, 32 bytes each. Between blocks. @throws OutOfSpaceError */
  baseSlotKeys(address: Uint8Array): Uint8Array[] {
    const keys: Uint8Array[] = []
    for (let slot = this.core.u32(this.account(address) + abi.ACC_SLOTS); slot !== 0; ) {
      keys.push(getWordBytes(this.core.bytes, slot + abi.SLOT_KEY))
      slot = this.core.u32(slot + abi.SLOT_SIBLING)
    }
    return keys
  }

  /** Whether an account has storage before the running block (EIP-7610). @throws as baseAccount */
  baseHasStorage(address: Uint8Array): boolean {
    const at = this.account(address)
    this.check(this.exports.resolveAccount(at), 'the account trie')
    return this.exports.hasBaseStorage(at) !== 0
  }

  /** The code with a hash, empty for the hash of nothing. @throws MissingStateError, MalformedStateError, OutOfSpaceError */
  codeOf(hash: Uint8Array): Uint8Array {
    if (sameBytes(hash, EMPTY_CODE_HASH)) return new Uint8Array(0)
    const record = this.codeRecord(hash)
    if (this.core.u32(record + abi.CODE_BYTES) === 0) {
      const status = this.exports.resolveCode(record, 0)
      if (status === Status.MISSING) throw new MissingStateError(undefined, `the code 0x${hex(hash)}`)
      this.check(status, 'a code')
    }
    return this.readCode(record)
  }

  // --- The block ------------------------------------------------------------------------------------------------------

  /** Starts a block; no thread may be inside one. `mode`: bits of {@link BlockMode}. @throws OutOfSpaceError */
  blockBegin(txCount: number, threads: number, mode: number): void {
    this.check(this.exports.blockBegin(txCount, threads, mode), 'the block')
  }

  /**
   * Credits to this account (20 bytes) are to be kept by thread: most transactions of the block make one.
   * Between blockBegin and the first task of a parallel block. @throws OutOfSpaceError
   */
  setFeeRecipient(address: Uint8Array): void {
    this.exports.setFeeRecipient(this.account(address))
  }

  /** Index of the transaction to run now, or one of {@link Task}. Blocks the thread while there is nothing to do. */
  nextTask(): number {
    return this.exports.nextTask()
  }

  /** Outcome bytes of a committed transaction, undefined when it left none. */
  outcome(index: number): Uint8Array | undefined {
    const at = this.exports.outcomeOf(index) >>> 0
    return at === 0 ? undefined : this.core.read(at, this.exports.outcomeLength(index) >>> 0)
  }

  /** What decides whether the transaction may be in the block, undefined when it left no outcome. */
  outcomeHead(index: number): OutcomeHead | undefined {
    const at = this.exports.outcomeOf(index) >>> 0
    if (at === 0) return undefined
    const kind = this.core.bytes[at + abi.O_KIND] as number
    const { view } = this.core
    const execution = view.getBigUint64(at + abi.O_BLOCK_GAS, true)
    const state = view.getBigUint64(at + abi.O_STATE_GAS, true)
    return { kind, blockGas: { execution, state }, beforehand: view.getBigUint64(at + abi.O_STATE_BEFOREHAND, true) }
  }

  /** Copies `outcome` into memory of the block and ends the running transaction. @throws OutOfSpaceError */
  txEnd(outcome: Uint8Array): void {
    const at = outcome.length === 0 ? 0 : this.#pointer(this.exports.blockAlloc(outcome.length))
    if (at !== 0) this.core.bytes.set(outcome, at)
    this.exports.txEnd(at, outcome.length)
  }

  /** What these suspended transactions were said to wait for is in memory. */
  resume(indexes: readonly number[]): void {
    const most = abi.SCRATCH_SIZE / 4
    for (let from = 0; from < indexes.length; from += most) {
      const some = indexes.slice(from, from + most)
      for (const [i, index] of some.entries()) this.core.view.setUint32(this.scratch + 4 * i, index, true)
      this.exports.resumeAll(this.scratch, some.length)
    }
  }

  /** What the suspended transaction `index` waits for. */
  missingOf(index: number): MissingValue | undefined {
    return this.#missing(this.exports.txMissingKind(index), this.exports.txMissingRecord(index) >>> 0)
  }

  /** What the last read of this thread that answered MISSING asked for. */
  lastMissing(): MissingValue | undefined {
    return this.#missing(this.exports.lastMissingKind(), this.exports.lastMissingRecord() >>> 0)
  }

  /**
   * Everything that the transaction which this thread has just suspended met that is missing, in the order in which it did.
   * All but the first follow from guesses, and the first as well unless {@link isSure}.
   */
  allMissing(): MissingValue[] {
    const { exports } = this
    const all: MissingValue[] = []
    for (let note = exports.lookNotes() >>> 0; note !== 0; note = exports.noteNext(note) >>> 0) {
      const missing = this.#missing(exports.noteKind(note), exports.noteRecord(note) >>> 0)
      if (missing !== undefined) all.push(missing)
    }
    const last = all.length === 0 ? this.lastMissing() : undefined
    return last === undefined ? all.reverse() : [last]
  }

  /** Whether the first of {@link allMissing} is needed for certain: nothing can change any more of what led to it. */
  isSure(): boolean {
    return this.exports.isSure() !== 0
  }

  /**
   * Makes the state difference of the finished block.
   * @returns what must be fetched first (async source), or undefined when it is made
   * @throws OutOfSpaceError, MalformedStateError; MissingStateError when what is missing cannot be named
   */
  collectDiff(): MissingValue[] | undefined {
    const status = this.exports.collectDiff()
    if (status !== Status.MISSING) {
      this.check(status, 'the state before the block')
      return undefined
    }
    const missing = this.allMissing()
    if (missing.length === 0) throw new MissingStateError(undefined)
    return missing
  }

  /**
   * The state difference made by {@link collectDiff} as bytes of the caller's own, for decodeDiff.
   * @throws OutOfSpaceError, MissingStateError
   */
  packDiff(): Uint8Array {
    this.check(this.exports.packDiff(), 'the state difference')
    return this.core.read(this.exports.packedDiff() >>> 0, this.exports.packedDiffLength() >>> 0)
  }

  /** The same as objects. @throws as packDiff */
  readDiff(): StateDiff {
    return decodeDiff(this.packDiff())
  }

  /** The bytes of a code record. */
  readCode(record: number): Uint8Array {
    return this.core.read(this.core.u32(record + abi.CODE_BYTES), this.core.u32(record + abi.CODE_LENGTH))
  }

  /** Counters of a thread for the running or last block. */
  stats(thread: number): ThreadStats {
    const at = this.exports.statsOf(thread) >>> 0
    const get = (offset: number) => (at === 0 ? 0 : this.core.u32(at + offset))
    return {
      executions: get(abi.STAT_EXECUTIONS),
      reexecutions: get(abi.STAT_REEXECUTIONS),
      validations: get(abi.STAT_VALIDATIONS),
      commits: get(abi.STAT_COMMITS),
      blocked: get(abi.STAT_BLOCKED),
      missing: get(abi.STAT_MISSING),
      waits: get(abi.STAT_WAITS),
      conflicts: {
        balance: get(abi.STAT_CONFLICTS_BALANCE) + get(abi.STAT_CONFLICTS_BALANCE_AT_LEAST),
        nonce: get(abi.STAT_CONFLICTS_NONCE),
        code: get(abi.STAT_CONFLICTS_CODE),
        existence: get(abi.STAT_CONFLICTS_LIFE) + get(abi.STAT_CONFLICTS_EXISTS) + get(abi.STAT_CONFLICTS_EMPTY),
        storage: get(abi.STAT_CONFLICTS_SLOT),
      },
    }
  }

  /** @throws OutOfSpaceError, MalformedStateError, MissingStateError for a status that is not OK */
  check(status: number, what: string): void {
    if (status === Status.OK) return
    if (status === Status.OUT_OF_SPACE) throw this.outOfSpace(0)
    if (status === Status.MISSING) throw new MissingStateError(this.lastMissing())
    throw new MalformedStateError(what)
  }

  outOfSpace(size: number): OutOfSpaceError {
    return new OutOfSpaceError(this.core.memory.buffer.byteLength, size)
  }

  #pointer(at: number): number {
    if (at === 0) throw this.outOfSpace(0)
    return at >>> 0
  }

  #missing(kind: number, record: number): MissingValue | undefined {
    const { core } = this
    if (kind === Missing.SLOT) {
      const account = core.u32(record + abi.SLOT_ACCOUNT)
      const key = getWordBytes(core.bytes, record + abi.SLOT_KEY)
      return { kind: 'storage', address: core.read(account + abi.ACC_ADDRESS, 20), key }
    }
    if (kind !== Missing.ACCOUNT && kind !== Missing.CODE) return undefined
    const address = core.read(record + abi.ACC_ADDRESS, 20)
    if (kind === Missing.ACCOUNT) return { kind: 'account', address }
    return { kind: 'code', address, codeHash: core.read(record + abi.ACC_CODE + abi.LOC_BASE, 32) }
  }
}
