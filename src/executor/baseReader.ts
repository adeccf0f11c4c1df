import { Account, bytesToHex, KECCAK256_RLP, unpadBytes } from '@ethereumjs/util'
import type { PreStateReader } from '../reference/flatState.js'
import { type BlockCore, MissingStateError, type MissingValue } from '../wasm/blockCore.js'

/** The state before the running block, as plain @ethereumjs reads it. Base values change only when a block is kept. */
export class BaseReader implements PreStateReader {
  readonly #block: BlockCore
  /** Accounts by the hash of their code. */
  readonly #owners = new Map<string, Uint8Array>()
  /** The first value that is not in memory: what was made without it is void, whatever became of the error. */
  missing: MissingStateError | undefined

  constructor(block: BlockCore) {
    this.#block = block
  }

  account(address: Uint8Array): Account | undefined {
    const base = this.#read(() => this.#block.baseAccount(address))
    if (base === undefined) return undefined
    this.#owners.set(bytesToHex(base.codeHash), address)
    return new Account(base.nonce, base.balance, KECCAK256_RLP, base.codeHash)
  }

  storage(address: Uint8Array, key: Uint8Array): Uint8Array {
    return unpadBytes(this.#read(() => this.#block.baseSlot(address, key)))
  }

  hasStorage(address: Uint8Array): boolean {
    return this.#read(() => this.#block.baseHasStorage(address))
  }

  code(codeHash: Uint8Array): Uint8Array {
    const address = this.#owners.get(bytesToHex(codeHash))
    return this.#read(
      () => this.#block.codeOf(codeHash),
      address && ({ kind: 'code', address, codeHash } satisfies MissingValue),
    )
  }

  #read<T>(read: () => T, missing?: MissingValue): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof MissingStateError) this.missing ??= missing ? new MissingStateError(missing) : error
      throw error
    }
  }
}
