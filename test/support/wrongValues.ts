// Wrong values for every field of a shape, made from the shape itself: a field that is added is tested without being named.
import type { BytesShape, QuantityShape } from '../../src/door/bytes.js'
import type { ChoiceShape, DuckShape, IntegerShape } from '../../src/door/choices.js'
import type { Fields, ListShape, PairShape, RecordShape } from '../../src/door/compounds.js'
import type { Shape } from '../../src/door/shape.js'

export interface Wrong {
  value: unknown
  /** Where in the value the error must say it is, e.g. `.senders[0]`. */
  path: string
}

const hexOf = (length: number): string => `0x${'11'.repeat(length)}`
const here = (...values: unknown[]): Wrong[] => values.map((value) => ({ value, path: '' }))
const nothingOfTheKind = here(null, true, () => {}, Symbol('s'), Object.create(null))

/** @param sample a value that is right */
export function wrongValues(shape: Shape<unknown>, sample: unknown): Wrong[] {
  switch (shape.kind) {
    case 'bytes':
      return [
        ...nothingOfTheKind,
        ...here(42, 1n, [1], 'hello', '1234', '0xzz', '0xabc'),
        ...lengths(shape as BytesShape),
      ]
    case 'word':
      return [
        ...nothingOfTheKind,
        ...here([1], 'hello', '0xzz', -1, -1n, 1.5, Number.NaN, 2n ** 256n, new Uint8Array(33), hexOf(33)),
      ]
    case 'quantity': {
      const beyond = (shape as QuantityShape).max + 1n
      return [
        ...nothingOfTheKind,
        ...here([], 'ten', '', '0x', '-1', '1.5', ' 1', -1, -1n, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53),
        ...here(beyond, `${beyond}`, `0x${beyond.toString(16)}`, '9'.repeat(1000), new Uint8Array(1)),
      ]
    }
    case 'choice': {
      const [first] = (shape as ChoiceShape<string>).values as [string]
      return [
        ...nothingOfTheKind.filter(({ value }) => value !== null),
        ...here(null, 42, '', 'nonsense', `${first}x`, first.toUpperCase()),
      ]
    }
    case 'flag':
      return here(null, 0, 1, 'yes', 'true', {}, [])
    case 'integer': {
      const { min, max } = shape as IntegerShape
      return [
        ...nothingOfTheKind,
        ...here('2', 2n, [], min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY),
      ]
    }
    case 'that':
      return here(null, 42, true, {}, [], '', 1n)
    case 'block':
      return here(null, true, {}, [], '', 'nonsense', '0xzz', -1, 1.5)
    case 'texts':
      return here(null, 42, true, 'text', [], { name: 1 })
    case 'duck':
      return [
        ...here(null, 42, true, 'text', {}, []),
        ...(shape as DuckShape<object>).methods.flatMap((name) =>
          here(Object.create(sample as object, { [name]: { value: undefined } })),
        ),
      ]
    case 'record':
      return [
        ...here(null, 42, true, 'text', [], () => {}),
        ...inRecord(shape as RecordShape<Fields>, sample as object),
      ]
    case 'list':
      return inList(shape as ListShape<unknown>, sample)
    case 'pair': {
      const { key, value } = shape as PairShape<unknown, unknown>
      const [k, v] = sample as [unknown, unknown]
      return [
        ...here(null, 42, 'ab', {}, [], [k], [k, v, v]),
        ...wrongValues(key, k).map((wrong) => ({ value: [wrong.value, v], path: `.key${wrong.path}` })),
        ...wrongValues(value, v).map((wrong) => ({ value: [k, wrong.value], path: `.value${wrong.path}` })),
      ]
    }
    default:
      throw new Error(`say what a wrong ${shape.kind} is`)
  }
}

function lengths({ min, max }: BytesShape): Wrong[] {
  const wrong: Wrong[] = []
  if (min > 0) wrong.push(...here(new Uint8Array(min - 1), hexOf(min - 1), '0x'))
  if (max < 2 ** 16) wrong.push(...here(new Uint8Array(max + 1), hexOf(max + 1)))
  return [...wrong, ...here(new Uint16Array(max < 2 ** 16 ? max : 4), new ArrayBuffer(min))]
}

function inRecord({ fields, open }: RecordShape<Fields>, sample: object): Wrong[] {
  return Object.entries(fields).flatMap(([name, shape]) => {
    const { [name as never]: own, ...others } = sample
    const field = `.${name}`
    const wrong = wrongValues(shape, own ?? sampleOf(shape)).map(({ value, path }) => ({
      value: { ...sample, [name]: value },
      path: field + path,
    }))
    if (!shape.optional)
      wrong.push({ value: others, path: field }, { value: { ...sample, [name]: undefined }, path: field })
    if (!open) wrong.push({ value: { ...sample, [`${name}z`]: own }, path: `${field}z` })
    return wrong
  })
}

function inList({ item, pairs }: ListShape<unknown>, sample: unknown): Wrong[] {
  const right = Array.from(sample as Iterable<unknown>)
  const others = right.slice(0, -1)
  const items = wrongValues(item, right.at(-1) ?? sampleOf(item))
  return [
    ...here(null, 42, true, 'text', new Uint8Array(3), () => {}, ...(pairs ? [] : [{}])),
    ...items.map(({ value, path }) => ({ value: [...others, value], path: `[${others.length}]${path}` })),
  ]
}

/** Something that the shape takes, for a field that the sample leaves out. */
function sampleOf(shape: Shape<unknown>): unknown {
  switch (shape.kind) {
    case 'bytes':
      return new Uint8Array((shape as BytesShape).min)
    case 'word':
      return new Uint8Array(32)
    case 'quantity':
      return 1n
    case 'pair': {
      const { key, value } = shape as PairShape<unknown, unknown>
      return [sampleOf(key), sampleOf(value)]
    }
    case 'list':
      return []
    case 'record': {
      const needed = Object.entries((shape as RecordShape<Fields>).fields).filter(([, field]) => !field.optional)
      return Object.fromEntries(needed.map(([name, field]) => [name, sampleOf(field)]))
    }
    case 'duck':
      return Object.fromEntries((shape as DuckShape<object>).methods.map((name) => [name, () => {}]))
    default:
      return undefined
  }
}
