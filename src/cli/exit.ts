import { ParallevmError } from '../errors.js'

/** What the command's exit code says. Documented in `parallevm --help` and docs/cli.md. */
export const EXIT = { ok: 0, differs: 1, unusable: 2, internal: 3, unwritable: 4, interrupted: 130 } as const

/** The command line or a file named on it cannot be used as it is. */
export class UsageError extends ParallevmError {
  constructor(message: string, options?: ErrorOptions) {
    super('BAD_USAGE', message, options)
  }
}

/** One line for a person: what happened and what to do. The stack only when PARALLEVM_DEBUG is set. */
export function errorLine(error: unknown): string {
  if (process.env.PARALLEVM_DEBUG && error instanceof Error) return error.stack ?? String(error)
  if (error instanceof ParallevmError) return `${oneLine(error.message)} [${error.code}]`
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `${oneLine(text)} (not expected: set PARALLEVM_DEBUG=1 to see where, and please report it with the input)`
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ')
}
