import { ParallevmError } from '../errors.js'
import { MalformedNodeError, MissingNodeError } from '../wasm/trieErrors.js'
import type { WorkerFailure } from '../workers/report.js'

/** An error that a worker threw, in the executor's thread: its code and message, and its stack as the cause. */
export function failureError({ code, message, stack, node }: WorkerFailure): ParallevmError {
  if (node !== undefined) return new (code === 'MISSING_NODE' ? MissingNodeError : MalformedNodeError)(node)
  const cause = new Error(message)
  if (stack !== undefined) cause.stack = stack
  return new ParallevmError(code, message, { cause })
}

/** A thread failed, whatever block it had. */
export function isWorkerFailure(error: unknown): boolean {
  return error instanceof ParallevmError && error.code === 'WORKER_FAILED'
}
