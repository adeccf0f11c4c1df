import { ParallevmError } from '../errors.js'

/** A worker thread ended or threw in the middle of a block. The block failed, the state is as it was before. */
export class WorkerFailedError extends ParallevmError {
  constructor(message: string, options?: ErrorOptions) {
    super('WORKER_FAILED', message, options)
  }
}
