// TxState over the core: the running transaction of this thread's instance.

import { Status } from '../abi/core.generated.js'
import { getWord, getWordBytes, putWord, putWordBytes } from '../abi/word256.js'
import type { BlockCore } from './blockCore.js'
import { type AccountHandle, type SlotHandle, type StorageFate, Suspended, type TxState } from './txStatePort.js'

const HOW: Record<StorageFate, number> = { keep: 0, created: 1, destroyed: 2 }
const NO_CODE = new Uint8Array(0)
/** Codes kept as JavaScript arrays; they change rarely, so that the whole cache is dropped when it is full. */
const MAX_CODES = 2000

/**
 * The transaction begun with {@link begin}. One object serves all transactions of a thread, one after another.
 * Reads throw Suspended; reads and writes throw OutOfSpaceError or MalformedStateError, which fail the block.
 */
export class CoreTxState implements TxState {
  readonly #block: BlockCore
  readonly #out: number
  readonly #codes = new Map<number, Uint8Array>()

  constructor(block: BlockCore) {
    this.#block = block
    // The start of the window is used for passing addresses and keys in.
    this.#out = block.scratch + 64
  }

  /** Begins transaction `index`, which nextTask answered. */
  begin(index: number): void {
    this.#block.exports.txBegin(index)
  }

  account(address: Uint8Array): AccountHandle {
    return this.#block.account(address)
  }

  slot(account: AccountHandle, key: Uint8Array): SlotHandle {
    return this.#block.slot(account, key)
  }

  exists(account: AccountHandle): boolean {
    this.#check(this.#block.exports.txExists(account, this.#out))
    return this.#block.core.u32(this.#out) !== 0
  }

  isEmpty(account: AccountHandle): boolean {
    this.#check(this.#block.exports.txIsEmpty(account, this.#out))
    return this.#block.core.u32(this.#out) !== 0
  }

  /** Whether the balance is at least `wei`; recorded as this predicate, not as the value. */
  balanceAtLeast(account: AccountHandle, wei: bigint): boolean {
    putWord(this.#block.core.view, this.#out + 32, wei)
    this.#check(this.#block.exports.txBalanceAtLeast(account, this.#out + 32, this.#out))
    return this.#block.core.u32(this.#out) !== 0
  }

  hasStorage(account: AccountHandle): boolean {
    this.#check(this.#block.exports.txHasStorage(account, this.#out))
    return this.#block.core.u32(this.#out) !== 0
  }

  balance(account: AccountHandle): bigint {
    this.#check(this.#block.exports.txReadBalance(account, this.#out))
    return getWord(this.#block.core.view, this.#out)
  }

  nonce(account: AccountHandle): bigint {
    this.#check(this.#block.exports.txReadNonce(account, this.#out))
    return this.#block.core.view.getBigUint64(this.#out, true)
  }

  codeHash(account: AccountHandle): Uint8Array {
    this.#check(this.#block.exports.txReadCodeHash(account, this.#out))
    return this.#block.core.read(this.#out, 32)
  }

  code(account: AccountHandle): Uint8Array {
    this.#check(this.#block.exports.txReadCode(account, this.#out))
    const record = this.#block.core.u32(this.#out)
    if (record === 0) return NO_CODE
    let code = this.#codes.get(record)
    if (code === undefined) {
      if (this.#codes.size >= MAX_CODES) this.#codes.clear()
      code = this.#block.readCode(record)
      this.#codes.set(record, code)
    }
    return code
  }

  storage(slot: SlotHandle): Uint8Array {
    this.#check(this.#block.exports.txReadSlot(slot, this.#out))
    return getWordBytes(this.#block.core.bytes, this.#out)
  }

  setBalance(account: AccountHandle, wei: bigint): void {
    putWord(this.#block.core.view, this.#out, wei)
    this.#check(this.#block.exports.txWriteBalance(account, this.#out))
  }

  credit(account: AccountHandle, wei: bigint): void {
    putWord(this.#block.core.view, this.#out, wei)
    this.#check(this.#block.exports.txCreditBalance(account, this.#out))
  }

  setNonce(account: AccountHandle, nonce: bigint): void {
    this.#check(this.#block.exports.txWriteNonce(account, nonce))
  }

  setCode(account: AccountHandle, code: Uint8Array): void {
    this.#check(this.#block.exports.txWriteCode(account, this.#block.putCode(code)))
  }

  /** Of a code that the core has, or can ask for. */
  setCodeHash(account: AccountHandle, hash: Uint8Array): void {
    this.#check(this.#block.exports.txWriteCode(account, this.#block.codeRecord(hash)))
  }

  setLife(account: AccountHandle, exists: boolean, storage: StorageFate): void {
    this.#check(this.#block.exports.txWriteLife(account, exists ? 1 : 0, HOW[storage]))
  }

  setStorage(slot: SlotHandle, value: Uint8Array): void {
    putWordBytes(this.#block.core.bytes, this.#out, value)
    this.#check(this.#block.exports.txWriteSlot(slot, this.#out))
  }

  #check(status: number): void {
    if (status === Status.OK) return
    if (status === Status.BLOCKED) throw new Suspended('blocked')
    if (status === Status.MISSING) throw new Suspended('missing')
    this.#block.check(status, 'the state before the block')
  }
}
