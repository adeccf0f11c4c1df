// What a value from outside may look like. A shape checks a value and brings it into the one form that everything behind the
// door works with. Shapes are data as well (`kind` and what belongs to it): tests make wrong values of every kind from them.
import { ParallevmError } from '../errors.js'
import { invalidInput, Mismatch, type Refuse } from './errors.js'

export interface Shape<T> {
  readonly kind: string
  /** Continues "expected …". */
  readonly expected: string
  /** Only in a record: it may be left out. */
  readonly optional?: true
  /** @throws Mismatch, and whatever an iterator or getter of the value throws */
  parse(value: unknown): T
}

/**
 * Checks what came in at an entrance.
 * @param name of the parameter, the root of the field's path
 * @throws InvalidInputError, or the one that `refuse` makes
 */
export function check<T>(shape: Shape<T>, value: unknown, name: string, refuse: Refuse = invalidInput): T {
  try {
    return shape.parse(value)
  } catch (error) {
    throw mismatchError(error, name, refuse)
  }
}

/** The error of an entrance for what went wrong inside of it. */
export function mismatchError(error: unknown, name: string, refuse: Refuse): unknown {
  if (error instanceof Mismatch) return refuse(name + error.path, error.problem)
  if (error instanceof ParallevmError) return error
  const message = error instanceof Error ? error.message : String(error)
  return refuse(name, `reading it failed: ${message}`, { cause: error })
}
