import { hex } from '../bytes.js'
import { ParallevmError } from '../errors.js'

/**
 * A value from outside is not what is expected there. `code` is INVALID_OPTIONS for options, INVALID_STATE for a state or a
 * source of one, INVALID_INPUT for anything else.
 */
export class InvalidInputError extends ParallevmError {
  /** Where it was given, e.g. `options.senders[3]`. */
  readonly field: string
  /** What is wrong with it: what was expected, and what came. */
  readonly problem: string

  constructor(field: string, problem: string, options?: ErrorOptions & { code?: string }) {
    super(options?.code ?? 'INVALID_INPUT', `${field}: ${problem}`, options)
    this.field = field
    this.problem = problem
  }
}

/** Makes the error of an entrance. */
export type Refuse = (field: string, problem: string, options?: ErrorOptions) => InvalidInputError

export const invalidInput: Refuse = (field, problem, options) => new InvalidInputError(field, problem, options)

/** A value that a shape does not fit, on its way up: whatever contains the value adds its own step to the path. */
export class Mismatch extends Error {
  readonly problem: string
  #path = ''

  constructor(problem: string) {
    super(problem)
    this.problem = problem
  }

  /** `step`: `.name` or `[index]`. */
  under(step: string): this {
    this.#path = step + this.#path
    return this
  }

  get path(): string {
    return this.#path
  }
}

/** Adds a step to a mismatch; other errors (of a user's iterator, say) stay what they are. */
export function under(step: string, error: unknown): unknown {
  return error instanceof Mismatch ? error.under(step) : error
}

export function expected(what: string, value: unknown): Mismatch {
  return new Mismatch(`expected ${what}, got ${show(value)}`)
}

const SHOWN_BYTES = 8
const SHOWN_CHARACTERS = 40

/** A value in a message: short, whatever it is. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    const start = hex(value.subarray(0, SHOWN_BYTES))
    return `${value.length} ${value.length === 1 ? 'byte' : 'bytes'} (0x${start}${value.length > SHOWN_BYTES ? '…' : ''})`
  }
  if (typeof value === 'string') {
    const cut = value.length > SHOWN_CHARACTERS
    return `'${cut ? value.slice(0, SHOWN_CHARACTERS) : value}${cut ? '…' : ''}'`
  }
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return describe(value)
  return typeof value === 'symbol' ? 'a symbol' : String(value)
}

function describe(value: object): string {
  // The value may be anything, a proxy whose traps throw included: the message must not fail because of it.
  try {
    const name: unknown = value.constructor?.name
    return typeof name === 'string' && name !== '' && name !== 'Object' ? `a ${name}` : 'an object'
  } catch {
    return 'an object'
  }
}
