// Text made byte by byte: of the millions of pieces that steps have, strings would have to be put together again.

const DIGITS = Buffer.from('0123456789abcdef', 'latin1')
/** A tracer tells so much of its text at once. */
export const ENOUGH = 60_000
/** Longer texts are copied by the runtime. */
const SHORT = 64
const SMALL = 2 ** 31

/** ASCII that grows at its end. */
export class AsciiText {
  #bytes = Buffer.allocUnsafe(ENOUGH)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Makes room for so many more bytes. */
  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#length + count))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }

  put(text: string): this {
    const count = text.length
    this.#reserve(count)
    const [bytes, at] = [this.#bytes, this.#length]
    if (count > SHORT) bytes.write(text, at, 'latin1')
    else for (let i = 0; i < count; i++) bytes[at + i] = text.charCodeAt(i)
    this.#length = at + count
    return this
  }

  append(other: AsciiText): this {
    this.#reserve(other.#length)
    this.#bytes.set(other.#bytes.subarray(0, other.#length), this.#length)
    this.#length += other.#length
    return this
  }

  /** An integer that is not negative. */
  decimal(value: number | bigint): this {
    if (typeof value !== 'number' || value >= SMALL) return this.put(value.toString())
    let count = 1
    for (let rest = value; rest >= 10; rest = (rest / 10) | 0) count++
    this.#reserve(count)
    const end = this.#length + count
    for (let at = end - 1, rest = value; at >= this.#length; at--) {
      const tens = (rest / 10) | 0
      this.#bytes[at] = 48 + rest - 10 * tens
      rest = tens
    }
    this.#length = end
    return this
  }

  /** An integer that is not negative, `0x` and no leading zeros. */
  quantity(value: number | bigint): this {
    return this.put('0x').put(value.toString(16))
  }

  /** Bytes, two digits each. */
  hex(bytes: Uint8Array, at: number, count: number): this {
    this.#reserve(2 * count)
    const [out, end] = [this.#bytes, at + count]
    let to = this.#length
    for (let i = at; i < end; i++) {
      const byte = bytes[i] as number
      out[to++] = DIGITS[byte >> 4] as number
      out[to++] = DIGITS[byte & 15] as number
    }
    this.#length = to
    return this
  }

  /** A word of 32 bytes, the least significant first, as a number without leading zeros. */
  word(bytes: Uint8Array, at: number): this {
    this.#reserve(66)
    const out = this.#bytes
    let to = this.#length
    out[to++] = 48
    out[to++] = 120
    let i = at + 31
    while (i > at && bytes[i] === 0) i--
    const first = bytes[i] as number
    if (first >> 4 !== 0) out[to++] = DIGITS[first >> 4] as number
    out[to++] = DIGITS[first & 15] as number
    for (i--; i >= at; i--) {
      const byte = bytes[i] as number
      out[to++] = DIGITS[byte >> 4] as number
      out[to++] = DIGITS[byte & 15] as number
    }
    this.#length = to
    return this
  }

  /** Words of a stack, the top last, each in quotes. */
  stack(bytes: Uint8Array, at: number, words: number): this {
    for (let i = 0; i < words; i++)
      this.put(i === 0 ? '"' : ',"')
        .word(bytes, at + 32 * i)
        .put('"')
    return this
  }

  /** From here on as if it had just begun. */
  clear(): void {
    this.#length = 0
  }

  toString(): string {
    return this.#bytes.toString('latin1', 0, this.#length)
  }

  /** What there is, which is then gone. */
  take(): string {
    const text = this.toString()
    this.#length = 0
    return text
  }
}
