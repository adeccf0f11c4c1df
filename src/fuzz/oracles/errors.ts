import { ParallevmError } from '../../errors.js'
import type { OracleName } from './oracle.js'

/** The oracle is not on this machine, or is not what it should be. */
export class OracleMissingError extends ParallevmError {
  constructor(oracle: OracleName, message: string, options?: ErrorOptions) {
    super('ORACLE_MISSING', `${oracle}: ${message}`, options)
  }
}

/** The oracle's process ended or spoke another language; what it was asked last says nothing about the block. */
export class OracleFailedError extends ParallevmError {
  constructor(oracle: string, message: string, options?: ErrorOptions) {
    super('ORACLE_FAILED', `${oracle}: ${message}`, options)
  }
}
