import { hex } from '../bytes.js'
import { messageOf, ParallevmError } from '../errors.js'
import { RpcError } from '../rpc/errors.js'

/** A source failed, or gave what cannot be. The block failed with it; source and executor are as they were before. */
export class StateSourceError extends ParallevmError {
  constructor(what: string, cause: unknown) {
    super('STATE_SOURCE_FAILED', `the state source failed for ${what}: ${messageOf(cause)}`, { cause })
  }
}

/**
 * The state that a source keeps is not the one that the executor left there: somebody else has changed it. The executor
 * refuses blocks until setState gives it a state, because values of the changed one may be in its memory.
 */
export class StateChangedError extends ParallevmError {
  /** The root that the executor left, 32 bytes. */
  readonly expected: Uint8Array
  /** The root that is there now, 32 bytes. */
  readonly found: Uint8Array
  constructor(expected: Uint8Array, found: Uint8Array, cause?: unknown) {
    super(
      'STATE_CHANGED',
      `the state was changed behind the executor: its root is 0x${hex(found)}, not 0x${hex(expected)}; restore ` +
        'executor the state as it is now with setState',
      { cause },
    )
    this.expected = expected
    this.found = found
  }
}

/**
 * A source could neither keep a block nor take it back, so that nobody knows what it holds. The executor refuses blocks
 * until setState gives it a state. A source may throw this itself when it knows.
 */
export class StateUnknownError extends ParallevmError {
  constructor(what: string, cause: unknown) {
    super(
      'STATE_UNKNOWN',
      `${what}: ${messageOf(cause)}; what the state source holds now is not known: repair it, then give it anew with setState`,
      { cause },
    )
  }
}

/** Whether the error says already what is wrong with a source. */
export function isOfSource(error: unknown): boolean {
  return [RpcError, StateSourceError, StateChangedError, StateUnknownError].some((kind) => error instanceof kind)
}
