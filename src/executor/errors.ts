import { ParallevmError } from '../errors.js'
import type { EngineName } from '../types.js'

/** The options make no sense together, or ask for what this host cannot do. */
export class InvalidOptionsError extends ParallevmError {
  constructor(message: string) {
    super('INVALID_OPTIONS', message)
  }
}

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
