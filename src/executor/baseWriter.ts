import { hex } from '../bytes.js'
import { check } from '../door/shape.js'
import type { SourceCapabilities } from '../sources/capabilities.js'
import { ADDRESS, BASE_ACCOUNT, CODE, HASH, InvalidStateError, invalidState, NODES, WORD } from '../sources/inputs.js'
import type { BaseAccount, BaseWriter } from '../sources/source.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { openWitness } from '../wasm/stateRoot.js'

/** What a source puts into the shared memory, checked: any source may be somebody's own. */
export class CheckedWriter implements BaseWriter {
  readonly #block: BlockCore
  readonly #putNodes: (nodes: readonly Uint8Array[]) => void
  /** Of the account trie, when the source has set it. */
  root: Uint8Array | undefined
  /** The whole state is being put: each value once, and no code may lack in the end. */
  #whole: boolean
  /** Accounts whose code was not put before them. */
  readonly #incomplete: { address: Uint8Array; codeHash: Uint8Array }[] = []

  /** `putNodes`: takes trie nodes, which must not come under a running block. */
  constructor(block: BlockCore, { complete }: SourceCapabilities, putNodes: (nodes: readonly Uint8Array[]) => void) {
    this.#block = block
    this.#putNodes = putNodes
    this.#whole = complete
  }

  putAccount(address: Uint8Array, account: BaseAccount): void {
    const block = this.#block
    const at = check(ADDRESS, address, 'address', invalidState)
    const { code, storageRoot, ...rest } = check(BASE_ACCOUNT, account, 'account', invalidState)
    if (this.#whole && block.knowsAccount(at)) {
      throw new InvalidStateError('address', `account 0x${hex(at)} was given before; give each once`)
    }
    const codeHash = code === undefined ? rest.codeHash : this.#hashOf(code, rest.codeHash)
    block.setBaseAccount(at, { ...rest, ...(codeHash && { codeHash }) }, storageRoot)
    if (this.#whole && codeHash !== undefined && !block.hasCode(codeHash)) {
      this.#incomplete.push({ address: at, codeHash })
    }
  }

  #hashOf(code: Uint8Array, given: Uint8Array | undefined): Uint8Array {
    const hash = this.#block.codeHashOf(this.#block.putCode(code))
    if (given !== undefined && hex(given) !== hex(hash)) {
      throw new InvalidStateError('account.codeHash', `expected that of the code, 0x${hex(hash)}, got 0x${hex(given)}`)
    }
    return hash
  }

  putStorage(address: Uint8Array, key: Uint8Array, value: Uint8Array): void {
    const at = check(ADDRESS, address, 'address', invalidState)
    const slot = check(WORD, key, 'key', invalidState)
    const word = check(WORD, value, 'value', invalidState)
    if (this.#whole && this.#block.knowsSlot(at, slot)) {
      throw new InvalidStateError('key', `slot 0x${hex(slot)} of 0x${hex(at)} was given before; give each once`)
    }
    this.#block.setBaseSlot(at, slot, word)
  }

  putCode(code: Uint8Array): void {
    this.#block.putCode(check(CODE, code, 'code', invalidState))
  }

  putTrieNodes(nodes: Iterable<Uint8Array>): void {
    this.#putNodes(check(NODES, nodes, 'nodes', invalidState))
  }

  setTrieRoot(root: Uint8Array): void {
    this.root = check(HASH, root, 'root', invalidState)
    openWitness(this.#block.core, this.root, [])
  }

  /** The source has put what it puts at first. @throws InvalidStateError when a whole state lacks code */
  finish(): void {
    this.#whole = false
    const lacking = this.#incomplete.find(({ codeHash }) => !this.#block.hasCode(codeHash))
    if (lacking === undefined) return
    const { address, codeHash } = lacking
    throw new InvalidStateError('codes', `the code 0x${hex(codeHash)} of account 0x${hex(address)} is missing: give it`)
  }
}
