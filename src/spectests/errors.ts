import { ParallevmError } from '../errors.js'

/** `other kind`: a file of another format; `unknown fork`: rules that do not exist here; `malformed`: not its own format. */
export type UnusableReason = 'malformed' | 'other kind' | 'unknown fork'

/** A test that cannot be run as it is. */
export class UnusableTestError extends ParallevmError {
  readonly reason: UnusableReason

  constructor(message: string, reason: UnusableReason = 'malformed') {
    super('UNUSABLE_TEST', message)
    this.reason = reason
  }
}
