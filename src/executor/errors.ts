import { bytesToHex } from '@ethereumjs/util'
import { InvalidInputError } from '../door/errors.js'
import { ParallevmError } from '../errors.js'
import type { EngineName } from '../types.js'

/** An option is not what it must be, makes no sense with another or with the block, or asks for what this host cannot do. */
export class InvalidOptionsError extends InvalidInputError {
  constructor(field: string, problem: string, options?: ErrorOptions) {
    super(field, problem, { ...options, code: 'INVALID_OPTIONS' })
  }
}

export const invalidOptions = (field: string, problem: string, options?: ErrorOptions): InvalidOptionsError =>
  new InvalidOptionsError(field, problem, options)

/** The executor was closed before or while the block was executed. */
export class ExecutorClosedError extends ParallevmError {
  constructor() {
    super('EXECUTOR_CLOSED', 'the executor is closed; create a new one')
  }
}

/** The engine that was asked for cannot run the block, and another one must not (`fallback: false`). */
export class EngineUnavailableError extends ParallevmError {
  constructor(engine: EngineName, reason: string) {
    super('ENGINE_UNAVAILABLE', `engine ${engine} cannot run this block: ${reason}`)
  }
}

/** The state is not the one before the block: its root is not the state root in the header of the block's parent. */
export class WrongStateError extends ParallevmError {
  constructor(block: bigint, root: Uint8Array, parentRoot: Uint8Array) {
    super(
      'WRONG_STATE',
      `the state has root ${bytesToHex(root)}, but the parent of block ${block} has ${bytesToHex(parentRoot)}: ` +
        'give the state (or witness) after that parent',
    )
  }
}

/** Two ways of executing the same block disagree. This is a defect of one of them; nothing was changed. */
export class DifferenceError extends ParallevmError {
  /** What the result was compared with. */
  readonly against: 'sequential' | 'ethereumjs'
  /** Index of the first transaction whose receipt differs; undefined when only the state differs. */
  readonly transaction: number | undefined
  /** The field or location that differs, e.g. `gasUsed` or `storage 0x… of 0x…`. */
  readonly location: string
  constructor(against: 'sequential' | 'ethereumjs', transaction: number | undefined, location: string, detail: string) {
    const where = transaction === undefined ? 'the state after the block' : `transaction ${transaction}`
    super(
      'RESULT_DIFFERS',
      `${where} differs from the ${against} run in ${location}: ${detail}; please report the block`,
    )
    this.against = against
    this.transaction = transaction
    this.location = location
  }
}
