// What a JSON value must look like, checked before anything of it is used: an error names the file, the place in it and
// what was found there.
import { UnusableTestError } from './errors.js'

/** Throws UnusableTestError. `path`: of the value, as in post.Cancun[0].hash. */
export type Shape = (value: unknown, path: string) => void

type Json = Record<string, unknown>

export function fault(path: string, wanted: string, value: unknown): UnusableTestError {
  const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 70)
  return new UnusableTestError(`${path}: expected ${wanted}, found ${found}`)
}

export function matching(pattern: RegExp, wanted: string): Shape {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw fault(path, wanted, value)
  }
}

/** Fields that are not named are not looked at. */
export function object(fields: Record<string, Shape>): Shape {
  return (value, path) => {
    const json = jsonObject(value, path)
    for (const [name, shape] of Object.entries(fields)) shape(json[name], `${path}.${name}`)
  }
}

export function record(key: Shape, entry: Shape): Shape {
  return (value, path) => {
    for (const [name, each] of Object.entries(jsonObject(value, path))) {
      key(name, `a key of ${path}`)
      entry(each, `${path}.${name}`)
    }
  }
}

export function list(entry: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) throw fault(path, 'a list', value)
    for (const [index, each] of value.entries()) entry(each, `${path}[${index}]`)
  }
}

export function optional(shape: Shape): Shape {
  return (value, path) => {
    if (value !== undefined) shape(value, path)
  }
}

export function orNull(shape: Shape): Shape {
  return (value, path) => {
    if (value !== null) shape(value, path)
  }
}

/** One or the other, by what the value is. */
export function either(first: Shape, second: Shape, choose: (value: unknown) => boolean): Shape {
  return (value, path) => (choose(value) ? first : second)(value, path)
}

export function all(...shapes: Shape[]): Shape {
  return (value, path) => {
    for (const shape of shapes) shape(value, path)
  }
}

function jsonObject(value: unknown, path: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault(path, 'an object', value)
  return value as Json
}
