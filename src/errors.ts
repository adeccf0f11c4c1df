/** Base class of every error this package throws on purpose. `code` is stable; messages may change. */
export class ParallevmError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }
}
