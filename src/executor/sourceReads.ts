import { bytesToHex } from '@ethereumjs/util'
import { hex, sameBytes } from '../bytes.js'
import { OutOfSpaceError, type ParallevmError } from '../errors.js'
import { RpcError } from '../rpc/errors.js'
import { checkedAccount, checkedStorage } from '../sources/answers.js'
import { capabilitiesOf } from '../sources/capabilities.js'
import { StateSourceError } from '../sources/errors.js'
import { InvalidStateError } from '../sources/inputs.js'
import type { BaseAccount, StateSource } from '../sources/source.js'
import type { BlockCore, MissingValue } from '../wasm/blockCore.js'
import { keccak256 } from '../wasm/keccak.js'
import { HostFailure } from '../workers/hostFailure.js'
import type { MissingMessage, Parked } from '../workers/protocol.js'
import { TrieReads } from './trieReads.js'

/** Milliseconds until a transaction that cannot get what it asked for is executed again. */
const RETRY_MS = 1

/**
 * Brings values from an asynchronous source into memory while a block runs.
 *
 * Invariant: nothing is written into memory, resumed or failed for a block that is over. An answer that comes late may be
 * older than the state, and the transaction that waited for it has given its memory back.
 */
export class SourceReads {
  readonly #source: StateSource
  readonly #fetches: boolean
  readonly #block: BlockCore
  readonly #tries: TrieReads
  /** Number of the running block, of the last one between blocks. */
  #serial = 0
  #pending = new Map<string, Promise<void>>()
  /** To be resumed at the end of this turn. */
  #resumed: number[] = []
  /** Why the running block cannot get what it asked for. */
  failure: ParallevmError | undefined

  constructor(source: StateSource, block: BlockCore) {
    this.#source = source
    this.#fetches = capabilitiesOf(source).fetches
    this.#block = block
    this.#tries = new TrieReads(source, block)
  }

  /** Begins a block: the number that questions of its workers carry. */
  begin(): number {
    this.failure = undefined
    return this.#serial
  }

  /** The block is over. */
  end(): void {
    this.#serial = (this.#serial + 1) >>> 0
    this.#pending = new Map()
    this.#resumed = []
  }

  /**
   * Answers a worker's questions; the parked transactions go on, or the block fails. What a source that put everything at
   * once does not have stays missing: the scheduler fails the block when the transaction's turn comes.
   */
  answer({ block, parked }: MissingMessage): void {
    if (!this.#fetches || block !== this.#serial) return
    for (const one of parked) void this.#resume(block, one)
  }

  /**
   * What follows from a guess, or was read before its turn, may be something that no source has: a failure is the block's
   * only when nothing can change any more of what led to it.
   */
  async #resume(block: number, { index, missing, sure }: Parked): Promise<void> {
    const [first, ...rest] = await Promise.all(missing.map((value) => this.load(value).catch((error) => error)))
    if (block !== this.#serial) return
    if (sure && first instanceof Error) this.#fail(first as ParallevmError)
    else if (first === undefined && rest.every((error) => error === undefined)) this.#ready(index)
    else setTimeout(() => this.#retry(block, index), RETRY_MS)
  }

  #fail(error: ParallevmError): void {
    this.failure ??= error
    this.#block.exports.blockFail(HostFailure.SOURCE)
  }

  /** It may need something else by now, or its turn may have come. */
  #retry(block: number, index: number): void {
    if (block === this.#serial) this.#ready(index)
  }

  /** Transactions whose values came in the same turn of the event loop go on together. */
  #ready(index: number): void {
    const serial = this.#serial
    if (this.#resumed.push(index) > 1) return
    setImmediate(() => {
      if (serial !== this.#serial) return
      const indexes = this.#resumed
      this.#resumed = []
      this.#block.resume(indexes)
    })
  }

  /** Brings one value into memory. One fetch, however many ask for it. @throws StateSourceError, OutOfSpaceError */
  load(missing: MissingValue): Promise<void> {
    const { kind, address, key } = missing
    const name = `${kind} ${hex(address)}${key === undefined ? '' : hex(key)}`
    let fetch = this.#pending.get(name)
    if (fetch === undefined) {
      fetch = this.#fetch(missing)
      this.#pending.set(name, fetch)
      // Once it is in memory nobody asks again; an answer that did not help must not be asked for twice.
      fetch.catch(() => {})
    }
    return fetch
  }

  /**
   * The state root by tries whose nodes are fetched, once the block's difference has been made.
   * @throws StateSourceError, OutOfSpaceError
   */
  async root(): Promise<Uint8Array> {
    try {
      return await this.#tries.root(this.#over())
    } catch (error) {
      throw sourceError('the state root', error)
    }
  }

  /** Whether the block that runs now is over, to be asked later. */
  #over(): () => boolean {
    const serial = this.#serial
    return () => serial !== this.#serial
  }

  async #fetch(missing: MissingValue): Promise<void> {
    const over = this.#over()
    const put = await this.#ask(missing, over).catch((error: unknown) => {
      throw sourceError(nameOf(missing), error)
    })
    if (!over()) put()
  }

  /** What puts the answer into memory. */
  async #ask(missing: MissingValue, over: () => boolean): Promise<() => void> {
    const { kind, address, key, codeHash } = missing
    const source = this.#source
    const block = this.#block
    if (source.node !== undefined) {
      if (kind === 'account') await this.#tries.account(address, over)
      else if (key !== undefined) await this.#tries.slot(address, key, over)
      else if (codeHash !== undefined) await this.#tries.code(codeHash, over)
      return () => {}
    }
    if (source.account === undefined || source.storage === undefined) {
      throw new InvalidStateError('source', 'an asynchronous source needs the methods `account` and `storage`')
    }
    if (kind === 'storage' && key !== undefined) {
      const value = checkedStorage(await source.storage(address, key))
      return () => block.setBaseSlot(address, key, value)
    }
    const account = checkedAccount(await source.account(address))
    checkCode(block, account)
    // The account itself is known already, and may have changed since the source was asked for it.
    if (kind === 'code') {
      const code = codeOf(account, missing)
      return () => void block.putCode(code, missing.codeHash)
    }
    return () => block.setBaseAccount(address, account, account?.storageRoot)
  }
}

/** That the memory is full is not the source's fault; what is wrong with a node is said already. */
function sourceError(what: string, error: unknown): ParallevmError {
  return error instanceof OutOfSpaceError || error instanceof RpcError ? error : new StateSourceError(what, error)
}

function nameOf({ kind, address, key }: MissingValue): string {
  if (kind === 'storage' && key !== undefined) return `slot ${bytesToHex(key)} of ${bytesToHex(address)}`
  return `${kind === 'code' ? 'the code of account' : 'account'} ${bytesToHex(address)}`
}

/** @throws InvalidStateError */
function checkCode(block: BlockCore, account: BaseAccount | undefined): void {
  if (account?.code === undefined || account.codeHash === undefined) return
  const hash = keccak256(account.code, block.core)
  if (sameBytes(hash, account.codeHash)) return
  throw new InvalidStateError(
    'account.code',
    `it has the hash ${bytesToHex(hash)}, not codeHash ${bytesToHex(account.codeHash)}`,
  )
}

/** @throws InvalidStateError when the answer does not have what was asked for: asking again would not help */
function codeOf(account: BaseAccount | undefined, { codeHash }: MissingValue): Uint8Array {
  if (account?.codeHash === undefined || codeHash === undefined || !sameBytes(account.codeHash, codeHash)) {
    const now = account?.codeHash === undefined ? 'no code' : `the code with hash ${bytesToHex(account.codeHash)}`
    throw new InvalidStateError(
      'account.codeHash',
      `it has ${now} now, not that with hash ${bytesToHex(codeHash ?? new Uint8Array())}`,
    )
  }
  if (account.code === undefined)
    throw new InvalidStateError('account.code', 'it answers with a codeHash, but without the code')
  return account.code
}
