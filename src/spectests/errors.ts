import { ParallevmError } from '../errors.js'

/** A test that cannot be run as it is: not the format, or of a fork that does not exist here. */
export class UnusableTestError extends ParallevmError {
  constructor(message: string) {
    super('UNUSABLE_TEST', message)
  }
}
