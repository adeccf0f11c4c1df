// Bytes, and numbers of any size.
import { hexToBytes } from '@noble/hashes/utils.js'
import { padded32, toBytes } from '../bytes.js'
import { expected } from './errors.js'
import type { Shape } from './shape.js'

/** Bytes as they are, or as a string of hex digits after `0x`, two for each byte. */
export type BytesLike = Uint8Array | string
/** A whole number not below 0: a bigint, a safe integer, or a string of decimal digits or of hex digits after `0x`. */
export type QuantityLike = bigint | number | string
/** 20 bytes, or an Address of @ethereumjs/util. */
export type AddressLike =
  | BytesLike
  | {
      /** The address itself. */
      readonly bytes: Uint8Array
    }
/** RLP, or an object of a package of ethereumjs that gives its RLP. */
export type RlpLike =
  | BytesLike
  | {
      /** Gives the RLP. */
      serialize(): Uint8Array
    }

export interface BytesShape extends Shape<Uint8Array> {
  readonly kind: 'bytes'
  readonly min: number
  readonly max: number
}

/** The bytes themselves where a Uint8Array was given, not a copy of them. */
function bytesShape(min: number, max: number, what: string, unwrap: (value: unknown) => unknown): BytesShape {
  return {
    kind: 'bytes',
    min,
    max,
    expected: what,
    parse(value) {
      // The form that counts, first: it costs no more than comparing the length.
      if (value instanceof Uint8Array && value.length >= min && value.length <= max) return value
      const bytes = plainBytes(unwrap(value))
      if (bytes === undefined) throw expected(`${what} (a Uint8Array, or hex after 0x)`, value)
      if (bytes.length < min || bytes.length > max) throw expected(what, bytes)
      return bytes
    },
  }
}

/** `length` bytes. */
export function bytes(length: number): BytesShape {
  return bytesShape(length, length, `${length} bytes`, (value) => value)
}

/** Any number of bytes, or at most `max`; `what` they are. */
export function anyBytes(what: string, max = Number.MAX_SAFE_INTEGER): BytesShape {
  return bytesShape(0, max, what, (value) => value)
}

export const address: BytesShape = bytesShape(20, 20, '20 bytes', (value) => (isObject(value) ? value.bytes : value))

/** RLP of `what`. */
export function rlp(what: string): BytesShape {
  return bytesShape(1, Number.MAX_SAFE_INTEGER, what, (value) =>
    isObject(value) && typeof value.serialize === 'function' ? value.serialize() : value,
  )
}

/** A shape whose bytes belong to nobody else: what the caller does to his later changes nothing here. */
export function copied(shape: BytesShape): BytesShape {
  // Not slice(): that of a Buffer is a view.
  return { ...shape, parse: (value) => new Uint8Array(shape.parse(value)) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && plainBytes(value) === undefined
}

/** Undefined when they are no bytes. */
function plainBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return fromHex(value)
  // Of another realm (a vm context, as test runners make them): its Uint8Array is another class.
  if (!ArrayBuffer.isView(value) || Object.prototype.toString.call(value) !== '[object Uint8Array]') return undefined
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

/** Characters from which on the host's decoder is worth it: codes, blocks, trie nodes. */
const LONG = 256

function fromHex(text: string): Uint8Array | undefined {
  if (!text.startsWith('0x')) return undefined
  const digits = text.slice(2)
  if (digits.length >= LONG) return fromManyDigits(digits)
  try {
    return hexToBytes(digits)
  } catch {
    return undefined
  }
}

function fromManyDigits(digits: string): Uint8Array | undefined {
  // Buffer takes characters beyond Latin-1 for the digits that their lower bytes are.
  if (digits.length % 2 === 1 || !/^[0-9a-f]*$/i.test(digits)) return undefined
  const bytes = new Uint8Array(digits.length / 2)
  Buffer.from(bytes.buffer).write(digits, 'hex')
  return bytes
}

export interface QuantityShape extends Shape<bigint> {
  readonly kind: 'quantity'
  readonly max: bigint
}

/** A whole number of at most `bits` bits. */
export function quantity(bits: number): QuantityShape {
  const max = 2n ** BigInt(bits) - 1n
  const what = `a whole number from 0 to 2^${bits} - 1`
  return {
    kind: 'quantity',
    max,
    expected: what,
    parse(value) {
      const number = typeof value === 'bigint' ? value : wholeNumber(value)
      if (number === undefined || number < 0n || number > max) throw expected(what, value)
      return number
    },
  }
}

/** 2^256 has 78 decimal digits. Longer ones would only cost time. */
const MAX_DIGITS = 80

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (typeof value !== 'string' || value.length > MAX_DIGITS || !/^(0x[0-9a-f]+|[0-9]+)$/i.test(value)) return undefined
  return BigInt(value)
}

/** At most 32 bytes, big-endian, or the number that they are. */
export type WordLike = BytesLike | bigint | number

export interface WordShape extends Shape<Uint8Array> {
  readonly kind: 'word'
}

/** To exactly 32 bytes. A string may have an odd number of hex digits, as quantities do. */
export const word: WordShape = {
  kind: 'word',
  expected: 'at most 32 bytes or a number below 2^256',
  parse(value) {
    if (value instanceof Uint8Array && value.length === 32) return value
    const number = typeof value === 'bigint' || typeof value === 'number'
    const bytes = number ? toBytes(WORD.parse(value), 32) : plainBytes(evenDigits(value))
    if (bytes === undefined || bytes.length > 32) throw expected(word.expected, bytes ?? value)
    return padded32(bytes)
  },
}

const WORD = quantity(256)

function evenDigits(value: unknown): unknown {
  return typeof value === 'string' && value.length % 2 === 1 ? value.replace(/^0x/, '0x0') : value
}
