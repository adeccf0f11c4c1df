import { ParallevmError } from '../errors.js'

/** The engine itself failed: a defect, or a rule it does not support. Says nothing about the block. */
export class EngineError extends ParallevmError {}

/**
 * The block breaks a consensus rule. `code` names the rule (INVALID_GAS_USED, INVALID_RECEIPTS_ROOT,
 * INVALID_STATE_ROOT, INVALID_TRANSACTION, ...).
 */
export class InvalidBlockError extends ParallevmError {
  /** Index of the transaction that breaks the rule, when it is one. */
  readonly transaction?: number
  constructor(code: string, message: string, transaction?: number) {
    super(code, message)
    if (transaction !== undefined) this.transaction = transaction
  }
}
