// State tables and the running block of one shared memory, as one thread sees them.

import { type Exports, Status } from '../abi/exports.js'
import * as layout from '../abi/layout.js'
import { getWord, getWordBytes, putWord, putWordBytes } from '../abi/words.js'
import { OutOfSpaceError, ParallevmError } from '../errors.js'
import type { BaseAccount } from '../sources/source.js'
import type { LocationKind, StateDiff, StateDiffAccount } from '../types.js'
import type { Core } from './core.js'

/** Where values that are not in memory come from (assembly/state/base.ts). */
export const Source = { CLOSED: 0, WITNESS: 1, ASYNC: 2 } as const
export type Source = (typeof Source)[keyof typeof Source]

/** Bits of the mode of a block (assembly/stm/block.ts). Without PARALLEL one thread runs it in order. */
export const BlockMode = { SEQUENTIAL: 0, PARALLEL: 1, LAST_IS_BARRIER: 2 } as const

/** Answers of {@link BlockCore.nextTask} that are not a transaction's index. */
export const Task = { DONE: -1, FAILED: -2, IDLE: -3 } as const

/** Input bytes in the core's memory are not what their format demands, e.g. a trie node of a witness. */
export class MalformedStateError extends ParallevmError {
  constructor(what: string) {
    super('MALFORMED_STATE', `${what} is not well-formed: check where the state or witness comes from`)
  }
}

/** A value before the block is not in memory. */
export class MissingStateError extends ParallevmError {
  readonly missing: Missing | undefined
  constructor(missing: Missing | undefined) {
    super(
      'MISSING_STATE',
      `the ${missing?.kind ?? 'value'} of account ${missing ? hex(missing.address) : 'unknown'} before the block is not known: ` +
        'supply it through the state source, or give a complete witness',
    )
    this.missing = missing
  }
}

/** What a suspended transaction, or collectDiff, needs from the source. */
export interface Missing {
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

const THREAD_MISSING_FROM_SCRATCH = 65536 - 96

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
    if (this.scratch === 0) throw this.outOfSpace(65536)
    this.check(core.exports.trieInit(threadId), 'the tries')
  }

  /**
   * Makes the empty tables: once per memory, before any other thread starts.
   * `seed`: 64 unpredictable bits, against chosen storage keys that fall into one bucket; results do not depend on it.
   * @throws OutOfSpaceError
   */
  initTables(seed: bigint): void {
    if (!this.exports.initTables(seed)) throw this.outOfSpace(3 * 262144)
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
    const small = code.length + 32 <= 65536
    const chunks = Math.ceil((code.length + 32) / 262144)
    const at = small ? this.scratch : this.#pointer(this.exports.takeChunks(chunks))
    this.core.bytes.set(code, at + 32)
    if (hash !== undefined) this.core.bytes.set(hash, at)
    const record = this.exports.internCode(at + 32, code.length, hash === undefined ? 0 : at) >>> 0
    if (!small) this.exports.giveChunks(at, chunks)
    return this.#pointer(record)
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
    if (account.code !== undefined) this.putCode(account.code, account.codeHash)
    const at = this.scratch
    putWord(this.core.view, at, account.balance)
    this.core.bytes.set(account.codeHash ?? EMPTY_CODE_HASH, at + 32)
    if (storageRoot !== undefined) this.core.bytes.set(storageRoot, at + 64)
    this.exports.setBaseAccount(handle, account.nonce, at, at + 32, storageRoot === undefined ? 0 : at + 64)
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
    if (core.u32(at + layout.ACC_LIFE + layout.LOC_BASE) === 0) return undefined
    return {
      nonce: core.view.getBigUint64(at + layout.ACC_NONCE + layout.LOC_BASE, true),
      balance: getWord(core.view, at + layout.ACC_BALANCE + layout.LOC_BASE),
      codeHash: core.read(at + layout.ACC_CODE + layout.LOC_BASE, 32),
    }
  }

  /** What a slot is before the running block: 32 bytes, big-endian. @throws as baseAccount */
  baseSlot(address: Uint8Array, key: Uint8Array): Uint8Array {
    const at = this.slot(this.account(address), key)
    this.check(this.exports.resolveSlot(at), 'a storage trie')
    return getWordBytes(this.core.bytes, at + layout.SLOT_LOC + layout.LOC_BASE)
  }

  /** Whether an account has storage before the running block (EIP-7610). @throws as baseAccount */
  baseHasStorage(address: Uint8Array): boolean {
    const at = this.account(address)
    this.check(this.exports.resolveAccount(at), 'the account trie')
    return this.exports.hasBaseStorage(at) !== 0
  }

  /** The code with a hash. @throws MissingStateError */
  codeOf(hash: Uint8Array): Uint8Array {
    this.core.bytes.set(hash, this.scratch)
    const record = this.exports.findCode(this.scratch) >>> 0
    if (record === 0) throw new MissingStateError(undefined)
    return this.readCode(record)
  }

  // --- The block ------------------------------------------------------------------------------------------------------

  /** Starts a block; no thread may be inside one. `mode`: bits of {@link BlockMode}. @throws OutOfSpaceError */
  blockBegin(txCount: number, threads: number, mode: number): void {
    this.check(this.exports.blockBegin(txCount, threads, mode), 'the block')
  }

  /** Index of the transaction to run now, or one of {@link Task}. Blocks the thread while there is nothing to do. */
  /**
   * Credits to this account (20 bytes) are to be kept by thread: most transactions of the block make one.
   * Between blockBegin and the first task of a parallel block. @throws OutOfSpaceError
   */
  setFeeRecipient(address: Uint8Array): void {
    this.exports.setFeeRecipient(this.account(address))
  }

  nextTask(): number {
    return this.exports.nextTask()
  }

  /** Outcome bytes of a committed transaction, undefined when it left none. */
  outcome(index: number): Uint8Array | undefined {
    const at = this.exports.outcomeOf(index) >>> 0
    return at === 0 ? undefined : this.core.read(at, this.exports.outcomeLength(index) >>> 0)
  }

  /** Copies `outcome` into memory of the block and ends the running transaction. @throws OutOfSpaceError */
  txEnd(outcome: Uint8Array): void {
    const at = outcome.length === 0 ? 0 : this.#pointer(this.exports.blockAlloc(outcome.length))
    if (at !== 0) this.core.bytes.set(outcome, at)
    this.exports.txEnd(at, outcome.length)
  }

  /** What the suspended transaction `index` waits for. */
  missingOf(index: number): Missing | undefined {
    return this.#missing(this.exports.txMissingKind(index), this.exports.txMissingRecord(index) >>> 0)
  }

  /** What the last read of this thread that answered MISSING asked for. */
  lastMissing(): Missing | undefined {
    const at = this.scratch - THREAD_MISSING_FROM_SCRATCH
    return this.#missing(this.core.u32(at), this.core.u32(at + 4))
  }

  /**
   * Makes the state difference of the finished block.
   * @returns what must be fetched first (async source), or undefined when it is made
   * @throws OutOfSpaceError, MalformedStateError; MissingStateError when what is missing cannot be named
   */
  collectDiff(): Missing | undefined {
    const status = this.exports.collectDiff()
    if (status !== Status.MISSING) {
      this.check(status, 'the state before the block')
      return undefined
    }
    const missing = this.lastMissing()
    if (missing === undefined) throw new MissingStateError(undefined)
    return missing
  }

  /** The state difference made by {@link collectDiff}, sorted by address and key. */
  readDiff(): StateDiff {
    const records = this.exports.diffRecords() >>> 0
    const diff: StateDiff = []
    for (let i = 0; i < this.exports.diffCount(); i++) diff.push(this.#readAccount(this.core.u32(records + 4 * i)))
    return diff.sort((a, b) => compare(a.address, b.address))
  }

  #readAccount(at: number): StateDiffAccount {
    const { core } = this
    const record = core.u32(at + layout.DIFF_ACCOUNT)
    const flags = core.u32(at + layout.DIFF_FLAGS)
    const codeHash = core.read(at + layout.DIFF_CODE_HASH, 32)
    const account: StateDiffAccount = {
      address: core.read(record + layout.ACC_ADDRESS, 20),
      exists: (flags & layout.DIFF_EXISTS) !== 0,
      nonce: core.view.getBigUint64(at + layout.DIFF_NONCE, true),
      balance: getWord(core.view, at + layout.DIFF_BALANCE),
      codeHash,
      storageCleared: (flags & layout.DIFF_CLEARED) !== 0,
      storage: [],
    }
    const before = core.read(record + layout.ACC_CODE + layout.LOC_BASE, 32)
    if (compare(before, codeHash) !== 0) {
      const code = this.exports.findCode(at + layout.DIFF_CODE_HASH) >>> 0
      if (code !== 0) account.code = this.readCode(code)
    }
    const slots = core.u32(at + layout.DIFF_SLOTS)
    for (let i = 0; i < core.u32(at + layout.DIFF_SLOT_COUNT); i++) {
      const change = core.u32(slots + 4 * i)
      account.storage.push({
        key: getWordBytes(core.bytes, core.u32(change + layout.DSLOT_SLOT) + layout.SLOT_KEY),
        value: getWordBytes(core.bytes, change + layout.DSLOT_VALUE),
      })
    }
    account.storage.sort((a, b) => compare(a.key, b.key))
    return account
  }

  /** The bytes of a code record. */
  readCode(record: number): Uint8Array {
    return this.core.read(this.core.u32(record + layout.CODE_BYTES), this.core.u32(record + layout.CODE_LENGTH))
  }

  /** Counters of a thread for the running or last block. */
  stats(thread: number): ThreadStats {
    const at = this.exports.statsOf(thread) >>> 0
    const get = (offset: number) => (at === 0 ? 0 : this.core.u32(at + offset))
    return {
      executions: get(0),
      reexecutions: get(4),
      validations: get(8),
      commits: get(12),
      blocked: get(16),
      missing: get(20),
      waits: get(24),
      conflicts: {
        balance: get(32) + get(60),
        nonce: get(36),
        code: get(40),
        existence: get(44) + get(52) + get(56),
        storage: get(48),
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

  #missing(kind: number, record: number): Missing | undefined {
    const { core } = this
    if (kind === 2) {
      const account = core.u32(record + layout.SLOT_ACCOUNT)
      const key = getWordBytes(core.bytes, record + layout.SLOT_KEY)
      return { kind: 'storage', address: core.read(account + layout.ACC_ADDRESS, 20), key }
    }
    if (kind !== 1 && kind !== 3) return undefined
    const address = core.read(record + layout.ACC_ADDRESS, 20)
    if (kind === 1) return { kind: 'account', address }
    return { kind: 'code', address, codeHash: core.read(record + layout.ACC_CODE + layout.LOC_BASE, 32) }
  }
}

/** Makes the state difference of the finished block. @throws MissingStateError, OutOfSpaceError, MalformedStateError */
export function requireDiff(block: BlockCore): void {
  const missing = block.collectDiff()
  if (missing !== undefined) throw new MissingStateError(missing)
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}

function hex(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
