/** Rows by key, over those of another map; `undefined` is a row that is deleted. */
export class RowMap {
  readonly #rows = new Map<string, readonly [key: Uint8Array, value: Uint8Array | undefined]>()
  readonly #below: RowMap | undefined

  constructor(below?: RowMap) {
    this.#below = below
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const name = nameOf(key)
    const row = this.#rows.get(name)
    return row === undefined ? this.#below?.get(key) : row[1]
  }

  /** The bytes must stay as they are. */
  set(key: Uint8Array, value: Uint8Array | undefined): void {
    if (value === undefined && this.#below === undefined) this.#rows.delete(nameOf(key))
    else this.#rows.set(nameOf(key), [key, value])
  }

  /** Rows of this map, without those below. */
  own(): Iterable<readonly [key: Uint8Array, value: Uint8Array | undefined]> {
    return this.#rows.values()
  }

  /** Rows whose keys begin with `prefix`, in order. */
  *range(prefix: Uint8Array, start?: Uint8Array): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
    const begin = nameOf(prefix)
    const first = start === undefined ? begin : nameOf(start)
    for (const name of this.#names()
      .filter((name) => name.startsWith(begin) && name >= first)
      .sort()) {
      const key = Buffer.from(name, 'latin1')
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  #names(): string[] {
    const below = this.#below === undefined ? [] : this.#below.#names()
    return [...new Set([...this.#rows.keys(), ...below])]
  }
}

const nameOf = (key: Uint8Array): string => Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')
