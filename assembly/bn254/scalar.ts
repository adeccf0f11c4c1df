import { u256Mul, u256MulWide, u256Sub } from '../u256/index'
import { A1, A2, B1, SPLIT_A, SPLIT_B } from './constants'

/** out = round(k * g / 2^320); `product` is 64 bytes. */
function mulShift(k: usize, g: usize, out: usize, product: usize): void {
  u256MulWide(k, g, product)
  const round = load<u64>(product, 32) >> 63
  const w0 = load<u64>(product, 40) + round
  const w1 = load<u64>(product, 48) + <u64>(w0 < round)
  store<u64>(out, w0)
  store<u64>(out, w1, 8)
  store<u64>(out, load<u64>(product, 56) + <u64>(w1 < <u64>(w0 < round)), 16)
  store<u64>(out, 0, 24)
}

/** Bytes of scratch memory that `split` needs. */
export const SPLIT_SCRATCH: usize = 128

/**
 * k = k1 + k2 lambda modulo n, for every word k: signed words, computed modulo 2^256. (k, 0) less the point c1 (a1,
 * -b1) + c2 (a2, a1) of the lattice (Gallant, Lambert, Vanstone), c1 = round(k a1 / n) and c2 = round(k b1 / n). The
 * errors of c1 and c2 are at most 1/2 + 2^256 / 2^321, so |k1| <= (a1 + a2) (1/2 + 2^-65) < 2^126, and |k2| likewise.
 */
export function split(k: usize, k1: usize, k2: usize, scratch: usize): void {
  const c1 = scratch + 64
  const c2 = scratch + 96
  mulShift(k, SPLIT_A, c1, scratch)
  mulShift(k, SPLIT_B, c2, scratch)
  u256Mul(c1, A1, scratch)
  u256Sub(k, scratch, k1)
  u256Mul(c2, A2, scratch)
  u256Sub(k1, scratch, k1)
  u256Mul(c1, B1, k2)
  u256Mul(c2, A1, scratch)
  u256Sub(k2, scratch, k2)
}
