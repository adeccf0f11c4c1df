import { ParallevmError } from '../errors.js'
import type { BaseWriter, StateSource } from './source.js'

/** An account with everything it holds, as `memoryState` takes it. */
export interface MemoryAccount {
  /** 20 bytes. */
  address: Uint8Array
  nonce: bigint
  /** wei. */
  balance: bigint
  /** keccak-256 of the code; leave out for an account without code. */
  codeHash?: Uint8Array
  /** Keys and values of at most 32 bytes, big-endian. */
  storage?: Iterable<readonly [key: Uint8Array, value: Uint8Array]>
}

/** The state given to a source cannot be a state. */
export class InvalidStateError extends ParallevmError {
  constructor(message: string) {
    super('INVALID_STATE', message)
  }
}

/**
 * A whole state, held in the executor's shared memory: what is not given does not exist. The state root covers exactly
 * these accounts.
 * @throws InvalidStateError
 */
export function memoryState(accounts: Iterable<MemoryAccount>, codes: Iterable<Uint8Array> = []): StateSource {
  return {
    kind: 'memory',
    attach(writer: BaseWriter): void {
      for (const code of codes) writer.putCode(code)
      for (const { address, nonce, balance, codeHash, storage } of accounts) {
        if (address.length !== 20) throw new InvalidStateError(`an address has 20 bytes, not ${address.length}`)
        writer.putAccount(address, { nonce, balance, ...(codeHash && { codeHash }) })
        for (const [key, value] of storage ?? []) writer.putStorage(address, key, value)
      }
    },
  }
}
