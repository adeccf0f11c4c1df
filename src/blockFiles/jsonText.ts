// JSON.parse says where a text goes wrong in some cases only, and in characters.

const SPACE = /[ \t\n\r]*/y
const SCALAR =
  /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy

/** @throws SyntaxError whose message names line and column */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const at = new Scanner(text).firstFault()
    const before = text.slice(0, at).split('\n')
    const found = at < text.length ? JSON.stringify(text.slice(at, at + 20)) : 'the end'
    throw new SyntaxError(`line ${before.length}, column ${before.at(-1)!.length + 1}: ${found} is not expected there`)
  }
}

/** Reads a text as JSON (RFC 8259) up to where it is none. */
class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  firstFault(): number {
    if (this.#value()) this.#match(SPACE)
    return this.#at
  }

  /** Whether a value was read; if not, the position is that of the fault. */
  #value(): boolean {
    if (this.#is('{')) return this.#list('}', () => this.#scalar('"') && this.#is(':') && this.#value())
    if (this.#is('[')) return this.#list(']', () => this.#value())
    return this.#scalar()
  }

  #list(end: string, item: () => boolean): boolean {
    if (this.#is(end)) return true
    while (item()) {
      if (this.#is(end)) return true
      if (!this.#is(',')) return false
    }
    return false
  }

  #scalar(first = ''): boolean {
    this.#match(SPACE)
    return this.#text.startsWith(first, this.#at) && this.#match(SCALAR)
  }

  #is(character: string): boolean {
    this.#match(SPACE)
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }
}
