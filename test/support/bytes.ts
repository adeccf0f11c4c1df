/** Hexadecimal digits without prefix. */
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Bytes of hexadecimal digits, with or without 0x; an odd number of digits gets a leading zero. */
export function fromHex(text: string): Uint8Array {
  const digits = text.startsWith('0x') ? text.slice(2) : text
  return new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'))
}

/** Reproducible pseudo-random bytes (xorshift32). */
export class RandomBytes {
  #state: number
  constructor(seed: number) {
    this.#state = Math.imul(seed, 2654435761) | 1
  }

  #next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number {
    return this.#next() % limit
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next() >>> 24)
  }
}
