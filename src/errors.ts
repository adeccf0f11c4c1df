/** Base class of every error this package throws on purpose. `code` is stable; messages may change. */
export class ParallevmError extends Error {
  /** Stable name of what is wrong; docs/errors.md lists them all. */
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }
}

/** The shared memory has reached the maximum it was created with. */
export class OutOfSpaceError extends ParallevmError {
  constructor(memoryBytes: number, wantedBytes: number) {
    super(
      'OUT_OF_SPACE',
      `no room for ${wantedBytes} more bytes in a memory of ${memoryBytes} bytes: create it with a larger maxBytes`,
    )
  }
}

/** What was thrown in words: it may be anything, also what cannot be made text. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error)
  } catch {
    return `${typeof error} that cannot be told in words`
  }
}
