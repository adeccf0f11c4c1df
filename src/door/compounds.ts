// Shapes made of shapes: records, lists and maps.
import type { BytesShape } from './bytes.js'
import { expected, Mismatch, under } from './errors.js'
import type { Shape } from './shape.js'
import { didYouMean } from './suggest.js'

/** In a record: may be left out, or be undefined. */
export function optional<S extends Shape<unknown>>(shape: S): S & { readonly optional: true } {
  return { ...shape, optional: true }
}

export type Fields = Readonly<Record<string, Shape<unknown>>>

type Optionals<F extends Fields> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F]
/** What a record gives. */
export type Parsed<F extends Fields> = { [K in Exclude<keyof F, Optionals<F>>]: Out<F[K]> } & {
  [K in Optionals<F>]?: Out<F[K]>
}
type Out<S> = S extends Shape<infer T> ? T : never

export interface RecordShape<F extends Fields> extends Shape<Parsed<F>> {
  readonly kind: 'record'
  readonly fields: F
  /** Other properties are allowed: the object is somebody's own class. */
  readonly open: boolean
}

/**
 * An object with these properties and no others. The result is a new object.
 * @param noun of one property, for messages
 */
export function record<const F extends Fields>(what: string, noun: string, fields: F): RecordShape<F> {
  const names = Object.keys(fields)
  return {
    kind: 'record',
    fields,
    open: false,
    expected: what,
    parse(value) {
      const given = object(what, value)
      for (const name in given) {
        if (!Object.hasOwn(fields, name)) {
          throw new Mismatch(`unknown ${noun}${didYouMean(name, names) || `; known are ${names.join(', ')}`}`).under(
            `.${name}`,
          )
        }
      }
      const out: Record<string, unknown> = {}
      for (const name of names) {
        const parsed = property(given, name, fields[name]!, noun)
        if (parsed !== undefined) out[name] = parsed
      }
      return out as Parsed<F>
    },
  }
}

/** An object with at least these properties; it stays the object that it is. */
export function open<const F extends Fields>(what: string, noun: string, fields: F): RecordShape<F> {
  return {
    kind: 'record',
    fields,
    open: true,
    expected: what,
    parse(value) {
      const given = object(what, value)
      for (const name of Object.keys(fields)) property(given, name, fields[name]!, noun)
      return given as Parsed<F>
    },
  }
}

/** An object with at least these properties; the result is a new object of them alone. */
export function picked<const F extends Fields>(what: string, noun: string, fields: F): Shape<Parsed<F>> {
  const { parse } = record(what, noun, fields)
  return {
    kind: 'picked',
    expected: what,
    parse(value) {
      const given = object(what, value)
      return parse(Object.fromEntries(Object.keys(fields).map((name) => [name, given[name]])))
    },
  }
}

function object(what: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw expected(what, value)
}

function property(given: Record<string, unknown>, name: string, shape: Shape<unknown>, noun: string): unknown {
  const value = given[name]
  if (value === undefined) {
    if (shape.optional) return undefined
    throw new Mismatch(`this ${noun} is missing; expected ${shape.expected}`).under(`.${name}`)
  }
  try {
    return shape.parse(value)
  } catch (error) {
    throw under(`.${name}`, error)
  }
}

export interface ListShape<T, Out = T[]> extends Shape<Out> {
  readonly kind: 'list'
  readonly item: Shape<T>
  /** Items are pairs of a key and a value, and an object of properties will do. */
  readonly pairs: boolean
}

/** Anything that can be iterated, strings and byte strings aside. `what`: its items, in the plural. */
export function list<T>(what: string, item: Shape<T>): ListShape<T> {
  const expectedList = `an array or another iterable of ${what}`
  const shape: ListShape<T> = {
    kind: 'list',
    item,
    pairs: false,
    expected: expectedList,
    parse: (value) => [...stream(shape, value)],
  }
  return shape
}

/** A list of byte strings of one length, copied one after another into one. */
export function packed(what: string, item: BytesShape): ListShape<Uint8Array, Uint8Array> {
  const { expected: expectedList } = list(what, item)
  return {
    kind: 'list',
    item,
    pairs: false,
    expected: expectedList,
    parse(value) {
      const all = Array.from(iterable(expectedList, value))
      const size = item.max
      const out = new Uint8Array(all.length * size)
      let index = 0
      try {
        for (; index < all.length; index++) {
          const bytes = item.parse(all[index])
          // For so few bytes a call of set() costs more than this loop.
          for (let i = 0, at = index * size; i < size; i++) out[at + i] = bytes[i]!
        }
      } catch (error) {
        throw under(`[${index}]`, error)
      }
      return out
    },
  }
}

/** A key and its value. */
export interface PairShape<K, V> extends Shape<[K, V]> {
  readonly kind: 'pair'
  readonly key: Shape<K>
  readonly value: Shape<V>
}

function pair<K, V>(key: Shape<K>, value: Shape<V>): PairShape<K, V> {
  const what = 'a pair [key, value]'
  const part = <T>(step: string, shape: Shape<T>, given: unknown): T => {
    try {
      return shape.parse(given)
    } catch (error) {
      throw under(step, error)
    }
  }
  return {
    kind: 'pair',
    key,
    value,
    expected: what,
    parse(given) {
      if (!Array.isArray(given) || given.length !== 2) throw expected(what, given)
      return [part('.key', key, given[0]), part('.value', value, given[1])]
    },
  }
}

/** A Map, another iterable of pairs, or an object whose properties are the pairs. */
export function pairs<K, V>(what: string, key: Shape<K>, value: Shape<V>): ListShape<[K, V]> {
  const shape: ListShape<[K, V]> = {
    ...list(`pairs of ${what}`, pair(key, value)),
    pairs: true,
    parse: (given) => [...stream(shape, given)],
  }
  return shape
}

function* stream<T>(shape: ListShape<T>, value: unknown): Generator<T, void, void> {
  let index = 0
  for (const one of iterable(shape.expected, shape.pairs ? entriesOf(value) : value)) {
    let parsed: T
    try {
      parsed = shape.item.parse(one)
    } catch (error) {
      throw under(`[${index}]`, error)
    }
    yield parsed
    index++
  }
}

function entriesOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : value
}

function iterable(what: string, value: unknown): Iterable<unknown> {
  const iterates =
    typeof value === 'object' &&
    value !== null &&
    !ArrayBuffer.isView(value) &&
    typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
  if (iterates) return value as Iterable<unknown>
  throw expected(what, value)
}

/** A list whose items are checked whenever it is gone through; parsing it looks only whether that can be done. */
export function streamed<T>(shape: ListShape<T>): ListShape<T, Iterable<T>> {
  return {
    ...shape,
    parse(value) {
      iterable(shape.expected, shape.pairs ? entriesOf(value) : value)
      return { [Symbol.iterator]: () => stream(shape, value) }
    },
  }
}

/** A shape whose values must fulfil more: `problem` says what is wrong with one, if anything is. */
export function refined<S extends Shape<unknown>>(shape: S, problem: (value: Out<S>) => Mismatch | undefined): S {
  return {
    ...shape,
    parse(given: unknown) {
      const value = shape.parse(given) as Out<S>
      const mismatch = problem(value)
      if (mismatch !== undefined) throw mismatch
      return value
    },
  }
}
