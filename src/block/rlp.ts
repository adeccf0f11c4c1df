// Strict RLP (Yellow Paper, appendix B) read along a format: the same rules as assembly/rlp/decode.ts. Only the shortest
// encoding of an item is accepted, nothing reaches beyond its list, and nothing is left over. Nothing is copied.
import { ParallevmError } from '../errors.js'
import type { Format, ListFormat, RecordFormat } from './format.js'

/** The bytes are not of the format. */
export class FormatError extends ParallevmError {
  /** Where: `.accessList[0].storageKeys[1]`; empty at the outermost item. */
  path = ''
  readonly problem: string

  constructor(problem: string) {
    super('MALFORMED_RLP', problem)
    this.problem = problem
  }

  /** Names the step that leads to what `path` says so far. */
  under(step: string): this {
    this.path = step + this.path
    this.message = `${this.path.replace(/^\./, '')}: ${this.problem}`
    return this
  }
}

/** More fields than any record has. */
const MOST_FIELDS = 32

export class Walker {
  readonly bytes: Uint8Array
  /** Payload of the last item, and whether it is a list. */
  start = 0
  end = 0
  isList = false
  /** First byte and first byte after each payload of the record that `fields` walked last, two entries each. */
  readonly spans = new Int32Array(2 * MOST_FIELDS)

  constructor(bytes: Uint8Array) {
    // A subarray of a Buffer is a Buffer, which costs far more to make.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Payload of a field of the record that `fields` walked last. */
  span(index: number): Uint8Array {
    return this.bytes.subarray(this.spans[2 * index], this.spans[2 * index + 1])
  }

  /** Reads the item at `at`, which must end at `limit` or before. @returns where it ends @throws FormatError */
  item(at: number, limit: number): number {
    if (at >= limit) throw new FormatError('is missing')
    const { bytes } = this
    const first = bytes[at] as number
    if (first < 0x80) return this.#found(at, 1, false, limit)
    const isList = first >= 0xc0
    const short = first - (isList ? 0xc0 : 0x80)
    if (short <= 55) {
      const end = this.#found(at + 1, short, isList, limit)
      if (short === 1 && !isList && (bytes[at + 1] as number) < 0x80)
        throw new FormatError('is a byte that needs no length')
      return end
    }
    const size = short - 55
    if (size > limit - at - 1) throw new FormatError('ends within its length')
    if (bytes[at + 1] === 0) throw new FormatError('has a length with a leading zero')
    let length = 0
    for (let i = 1; i <= size; i++) length = length * 256 + (bytes[at + i] as number)
    if (length <= 55) throw new FormatError('has a length in the long form that fits the short one')
    return this.#found(at + 1 + size, length, isList, limit)
  }

  #found(start: number, length: number, isList: boolean, limit: number): number {
    if (length > limit - start) {
      throw new FormatError(`is ${length} bytes long, ${limit - start} are left`)
    }
    this.start = start
    this.end = start + length
    this.isList = isList
    return this.end
  }

  /** Enters the list that fills [at, end) exactly. @throws FormatError */
  enter(at: number, end: number): void {
    if (this.item(at, end) !== end) throw new FormatError(`has ${end - this.end} bytes behind its end`)
    if (!this.isList) throw new FormatError('is a byte string, a list is wanted')
  }

  /** Checks the item at `at`. @returns where it ends @throws FormatError */
  walk(format: Format, at: number, limit: number): number {
    const end = this.item(at, limit)
    this.#check(format)
    return end
  }

  /** The last item. */
  #check(format: Format): void {
    const { start, end, isList } = this
    if (isList !== (format.kind === 'list' || format.kind === 'record')) {
      throw new FormatError(isList ? 'is a list, a byte string is wanted' : 'is a byte string, a list is wanted')
    }
    const length = end - start
    switch (format.kind) {
      case 'bytes':
        if (format.length === undefined || length === format.length || (length === 0 && format.orEmpty)) break
        throw new FormatError(`has ${length} bytes, ${format.length}${format.orEmpty ? ' or none' : ''} are wanted`)
      case 'integer':
        if (length > format.length)
          throw new FormatError(`is an integer of ${length} bytes; at most ${format.length} are allowed`)
        if (length > 0 && this.bytes[start] === 0) throw new FormatError('is an integer with a leading zero')
        if (format.most === undefined || length === 0 || (this.bytes[start] as number) <= format.most) break
        throw new FormatError(`is ${this.bytes[start]}; at most ${format.most} is allowed`)
      case 'list':
        this.#list(format, start, end)
        break
      case 'record':
        this.fields(format, start, end, false)
    }
  }

  #list({ of }: ListFormat, at: number, end: number): void {
    for (let index = 0; at < end; index++) {
      try {
        at = this.walk(of, at, end)
      } catch (error) {
        throw (error as FormatError).under(`[${index}]`)
      }
    }
  }

  /** Checks the fields in [at, end); with `keep` their spans are left behind. @throws FormatError */
  fields(record: RecordFormat, at: number, end: number, keep: boolean): void {
    if (this.firstFields(record, at, end, keep) !== end) {
      throw new FormatError(`has more than the ${record.fields.length} fields it must have`)
    }
  }

  /** The same where more fields may follow. @returns where they begin @throws FormatError */
  firstFields({ fields }: RecordFormat, at: number, end: number, keep: boolean): number {
    const { spans } = this
    for (let i = 0; i < fields.length; i++) {
      const { name, format } = fields[i] as (typeof fields)[number]
      try {
        at = this.item(at, end)
        if (keep) {
          spans[2 * i] = this.start
          spans[2 * i + 1] = this.end
        }
        this.#check(format)
      } catch (error) {
        throw (error as FormatError).under(`.${name}`)
      }
    }
    return at
  }
}
