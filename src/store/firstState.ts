import { bytesToHex } from '@ethereumjs/util'
import { hex } from '../bytes.js'
import type { BytesLike } from '../door/bytes.js'
import type { MemoryAccount } from '../sources/inputs.js'
import { memoryState } from '../sources/memory.js'
import type { AttachedTo, BaseWriter } from '../sources/source.js'
import { StoreError } from './errors.js'
import type { Head, Meta } from './meta.js'

/** The state that an empty store begins with, and whose chain one that is not empty must be of. */
export interface FirstState {
  /** What two states of different chains differ in. */
  readonly chain: string
  /** The block that the state is after. */
  headOf(stateRoot: Uint8Array): Head
  put(writer: BaseWriter, to: AttachedTo): void
  /** @throws StoreError STORE_OTHER_CHAIN */
  check(meta: Meta, path: string | undefined): void
}

/** A state after some block: what there is of its chain. */
export interface StateAfter {
  /** Every account. Read once, when a store is empty. */
  accounts: Iterable<MemoryAccount>
  /** Codes of accounts that come with a `codeHash` only. */
  codes?: Iterable<BytesLike>
  /** Of the block that the state is after. */
  number: bigint
  /** Its hash, 32 bytes. */
  hash: Uint8Array
}

export function stateAfter({ accounts, codes = [], number, hash }: StateAfter): FirstState {
  return startWith(`${number} ${hex(hash)}`, accounts, codes, (stateRoot) => ({ number, hash, stateRoot }))
}

export function startWith(
  chain: string,
  accounts: Iterable<MemoryAccount>,
  codes: Iterable<BytesLike>,
  headOf: (stateRoot: Uint8Array) => Head,
): FirstState {
  return {
    chain,
    headOf,
    put: (writer, to) => void memoryState(accounts, codes).attach(writer, to),
    check({ chain: found, first }, path) {
      if (found === chain) return
      throw new StoreError(
        'STORE_OTHER_CHAIN',
        `the state store${path === undefined ? '' : ` ${path}`} is of another chain: it began with block ${first.number} ` +
          `(${bytesToHex(first.hash)}); use another folder`,
        path === undefined ? {} : { path },
      )
    },
  }
}
