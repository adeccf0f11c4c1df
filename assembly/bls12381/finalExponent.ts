import { fp12Conjugate, fp12Frobenius, fp12Invert, fp12Mul, FP12_SIZE, fp12SqrCyclotomic } from './fp12'
import { power } from './power'
import { drop, take } from '../mem/stack'

// The final exponentiation, to three times (p^12 - 1) / r, which tells as well whether a product of pairings is one.
// With x = -X, 3 (p^4 - p^2 + 1) / r = (x - 1)^2 (x + p) (x^2 + p^2 - 1) + 3 (Hayashida, Hayasaka, Teruya, "Efficient
// final exponentiation via cyclotomic structure for pairings over families of elliptic curves", 2020).

/** f to that power. */
export function finalExponent(f: usize): void {
  const s = take(2 * FP12_SIZE)
  const t = s + FP12_SIZE
  // (p^6 - 1)(p^2 + 1): from here on f is in the cyclotomic subgroup, where the inverse is the conjugate.
  fp12Invert(f, s)
  fp12Conjugate(f, f)
  fp12Mul(f, s, s)
  fp12Frobenius(s, 2, f)
  fp12Mul(f, s, f)
  // (x - 1)^2 = (X + 1)^2.
  power(f, s)
  fp12Mul(s, f, s)
  power(s, t)
  fp12Mul(s, t, s)
  // x + p.
  power(s, t)
  fp12Conjugate(t, t)
  fp12Frobenius(s, 1, s)
  fp12Mul(s, t, s)
  // x^2 + p^2 - 1, of which the last is what s is afterwards.
  power(s, t)
  fp12Conjugate(s, s)
  const u = take(FP12_SIZE)
  power(t, u)
  fp12Conjugate(s, t)
  fp12Frobenius(t, 2, t)
  fp12Mul(s, t, s)
  fp12Mul(s, u, s)
  drop(FP12_SIZE)
  // 3.
  fp12SqrCyclotomic(f, t)
  fp12Mul(f, t, f)
  fp12Mul(f, s, f)
  drop(2 * FP12_SIZE)
}
