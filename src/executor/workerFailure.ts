import { ParallevmError } from '../errors.js'
import type { WorkerFailure } from '../workers/report.js'

/** An error that a worker threw, in the executor's thread: its code and message, and its stack as the cause. */
export function failureError({ code, message, stack }: WorkerFailure): ParallevmError {
  const cause = new Error(message)
  if (stack !== undefined) cause.stack = stack
  return new ParallevmError(code, message, { cause })
}
