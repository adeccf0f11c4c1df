// Prime fields and their quadratic extensions (i^2 = -1), by BigInt.

export const modulo = (x: bigint, m: bigint): bigint => ((x % m) + m) % m

export function power(x: bigint, exponent: bigint, m: bigint): bigint {
  let result = 1n
  for (let e = exponent, square = modulo(x, m); e > 0n; e >>= 1n, square = (square * square) % m) {
    if (e & 1n) result = (result * square) % m
  }
  return result
}

export type Pair = readonly [bigint, bigint]

/** The extension of the field of `p`. */
export function quadratic(p: bigint) {
  const add = ([a, b]: Pair, [c, d]: Pair): Pair => [modulo(a + c, p), modulo(b + d, p)]
  const mul = ([a, b]: Pair, [c, d]: Pair): Pair => [modulo(a * c - b * d, p), modulo(a * d + b * c, p)]
  const power = (x: Pair, exponent: bigint): Pair => {
    let result: Pair = [1n, 0n]
    for (let e = exponent, square = x; e > 0n; e >>= 1n, square = mul(square, square)) {
      if (e & 1n) result = mul(result, square)
    }
    return result
  }
  return { add, mul, power }
}
