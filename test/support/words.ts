// Random 256-bit words that visit the edges: 0, 1, powers of two and their neighbours, all ones, short and sparse numbers.

export const MASK = (1n << 256n) - 1n

/** xorshift128+ on 32-bit halves: reproducible, so that a failing case can be run again with the same seed. */
export class Random {
  #a: number
  #b: number
  constructor(seed: number) {
    this.#a = seed | 1
    this.#b = (seed * 0x9e3779b1) ^ 0x2545f491
    for (let i = 0; i < 16; i++) this.next()
  }
  /** An integer in [0, 2^32). */
  next(): number {
    let x = this.#a
    const y = this.#b
    this.#a = y
    x ^= x << 23
    x ^= (x >>> 17) ^ y ^ (y >>> 26)
    this.#b = x
    return (x + y) >>> 0
  }
  below(n: number): number {
    return this.next() % n
  }
  limb(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next())
  }
}

export function randomWord(random: Random): bigint {
  const power = 1n << BigInt(random.below(256))
  switch (random.below(14)) {
    case 0:
      return 0n
    case 1:
      return BigInt(random.below(300))
    case 2:
      return power
    case 3:
      return power - 1n
    case 4:
      return power + 1n
    case 5:
      return MASK - BigInt(random.below(4))
    case 6:
      return (1n << 255n) + BigInt(random.below(3)) - 1n
    case 7:
      return (MASK - power + BigInt(random.below(3))) & MASK
    case 8:
      return random.limb()
    case 9:
      return (random.limb() << 64n) | random.limb()
    case 10: {
      // Limbs of all zeros, all ones or a single bit: they drive the corrections of long division.
      let x = 0n
      for (let i = 0; i < 4; i++) {
        const kind = random.below(5)
        const limb =
          kind === 0 ? 0n : kind === 1 ? (1n << 64n) - 1n : kind === 2 ? 1n << 63n : kind === 3 ? 1n : random.limb()
        x = (x << 64n) | limb
      }
      return x
    }
    case 11:
      return ((random.limb() << 128n) | (random.limb() << 64n) | random.limb()) >> BigInt(random.below(64))
    default: {
      const x = (random.limb() << 192n) | (random.limb() << 128n) | (random.limb() << 64n) | random.limb()
      return x >> BigInt(random.below(3) === 0 ? random.below(256) : 0)
    }
  }
}
