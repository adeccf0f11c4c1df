// A set-up module with precompiled contracts of a chain's own.
import type { CustomPrecompile } from '../../src/index.js'

const at = (last: number): string => `0x${last.toString(16).padStart(40, '0')}`

/** Gives its input backwards: 100 gas, and 3 a byte. Of the first byte 0xff it fails, of 0xee it throws, of 0xdd what it gives is none. */
export const REVERSER = at(0x5000)
/** In the place of MODEXP: the number of bytes, as a word; free. */
export const COUNTER = at(5)
/** Wants more gas than any call has; of no input, what is no gas. */
export const DEAR = at(0x5001)
/** The word it is given plus one, unless that is zero: then it throws. */
export const SUCCESSOR = at(0x5002)

class Reverser implements CustomPrecompile {
  readonly address = REVERSER
  readonly #perByte = 3

  gas(input: Uint8Array): bigint {
    return BigInt(100 + this.#perByte * input.length)
  }

  run(input: Uint8Array): Uint8Array | undefined {
    if (input[0] === 0xee) throw new RangeError('0xee is too much')
    if (input[0] === 0xdd) return 'nothing' as never
    return input[0] === 0xff ? undefined : input.reverse()
  }
}

const wordOf = (value: bigint): Uint8Array =>
  Uint8Array.from(value.toString(16).padStart(64, '0').match(/../g) as string[], (byte) => Number.parseInt(byte, 16))

export const customPrecompiles: CustomPrecompile[] = [
  new Reverser(),
  { address: COUNTER, gas: () => 0n, run: ({ length }) => wordOf(BigInt(length)) },
  { address: DEAR, gas: ({ length }) => (length === 0 ? (1 as never) : 2n ** 70n), run: () => new Uint8Array(0) },
  {
    address: SUCCESSOR,
    gas: () => 50n,
    run(input) {
      const value = BigInt(`0x${Buffer.from(input).toString('hex')}`)
      if (value === 0n) throw new Error('zero has not been counted')
      return wordOf(value + 1n)
    },
  },
]
