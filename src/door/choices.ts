// Values of which there are few, and objects that are known by what they can do.
import { expected, Mismatch } from './errors.js'
import type { Shape } from './shape.js'
import { didYouMean } from './suggest.js'

export interface ChoiceShape<T extends string> extends Shape<T> {
  readonly kind: 'choice'
  readonly values: readonly T[]
}

export function oneOf<T extends string>(...values: readonly T[]): ChoiceShape<T> {
  const names = values.map((value) => `'${value}'`)
  const what = names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return {
    kind: 'choice',
    values,
    expected: what,
    parse(value) {
      if (values.includes(value as T)) return value as T
      const { problem } = expected(what, value)
      throw new Mismatch(typeof value === 'string' ? problem + didYouMean(value, values) : problem)
    },
  }
}

export const flag: Shape<boolean> & { readonly kind: 'flag' } = {
  kind: 'flag',
  expected: 'true or false',
  parse(value) {
    if (typeof value === 'boolean') return value
    throw expected('true or false', value)
  },
}

export interface IntegerShape extends Shape<number> {
  readonly kind: 'integer'
  readonly min: number
  readonly max: number
}

/** `note`: what the number is, where that does not go without saying. */
export function integer(min: number, max: number, note = ''): IntegerShape {
  const what = `an integer from ${min} to ${max}${note}`
  return {
    kind: 'integer',
    min,
    max,
    expected: what,
    parse(value) {
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
      throw expected(what, value)
    },
  }
}

export interface ThatShape<T> extends Shape<T> {
  readonly kind: 'that'
}

/** What `accepts` says is one. */
export function that<T>(what: string, accepts: (value: unknown) => value is T): ThatShape<T> {
  return {
    kind: 'that',
    expected: what,
    parse(value) {
      if (accepts(value)) return value
      throw expected(what, value)
    },
  }
}

export interface DuckShape<T> extends Shape<T> {
  readonly kind: 'duck'
  readonly methods: readonly string[]
}

/** An object with these methods, of whatever class. */
export function duck<T>(what: string, methods: readonly (keyof T & string)[]): DuckShape<T> {
  return {
    kind: 'duck',
    methods,
    expected: what,
    parse(value) {
      if (typeof value !== 'object' || value === null) throw expected(what, value)
      const lacking = methods.find((name) => typeof (value as Record<string, unknown>)[name] !== 'function')
      if (lacking === undefined) return value as T
      throw new Mismatch(`${expected(what, value).problem} without the method ${lacking}`)
    },
  }
}
