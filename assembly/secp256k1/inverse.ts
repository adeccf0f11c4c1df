// Modular inverse by division steps (Bernstein and Yang, "Fast constant-time gcd computation and modular inversion",
// 2019), in the variable-time form of libsecp256k1's doc/safegcd_implementation.md: 30 steps at a time on the low
// words, then one 2 x 2 matrix applied to the long numbers. Those are signed limbs of 30 bits, in an i32 each: nine
// for 256 bits, thirteen for 381.

import { copyBytes, fillBytes } from '../mem/bulk'

const LIMBS: usize = 9
const SIZE: usize = 52
/** Bytes of scratch memory that `invert` and `inverse` need. */
export const INVERSE_SCRATCH: usize = 4 * SIZE
const M30: i64 = 0x3fff_ffff

// The matrix of the last 30 steps.
let u: i32 = 0
let v: i32 = 0
let q: i32 = 0
let r: i32 = 0

function steps(eta: i32, f0: u32, g0: u32): i32 {
  let mu: u32 = 1
  let mv: u32 = 0
  let mq: u32 = 0
  let mr: u32 = 1
  let f = f0
  let g = g0
  let i: i32 = 30
  while (true) {
    const zeros = <i32>ctz<u32>(g | (<u32>0xffff_ffff << i))
    g >>= zeros
    mu <<= zeros
    mv <<= zeros
    eta -= zeros
    i -= zeros
    if (i == 0) break
    if (eta < 0) {
      eta = -eta
      let t = f
      f = g
      g = 0 - t
      t = mu
      mu = mq
      mq = 0 - t
      t = mv
      mv = mr
      mr = 0 - t
    }
    // w * f cancels the low bits of g: up to 6 of them, as many as steps are left and eta allows.
    const limit = eta + 1 > i ? i : eta + 1
    const mask = (<u32>0xffff_ffff >> (32 - limit)) & 63
    const w = (f * g * (f * f - 2)) & mask
    g += f * w
    mq += mu * w
    mr += mv * w
  }
  u = mu
  v = mv
  q = mq
  r = mr
  return eta
}

/** (d, e) = matrix * (d, e) / 2^30 modulo the modulus. */
function updateDE(d: usize, e: usize, modulus: usize, modulusInverse: u32, limbs: usize): void {
  const top = (limbs - 1) << 2
  const u64_ = <i64>u
  const v64 = <i64>v
  const q64 = <i64>q
  const r64 = <i64>r
  const sd = load<i32>(d + top) >> 31
  const se = load<i32>(e + top) >> 31
  let md = (u & sd) + (v & se)
  let me = (q & sd) + (r & se)
  let di = <i64>load<i32>(d)
  let ei = <i64>load<i32>(e)
  let cd = u64_ * di + v64 * ei
  let ce = q64 * di + r64 * ei
  md -= (modulusInverse * <u32>cd + md) & 0x3fff_ffff
  me -= (modulusInverse * <u32>ce + me) & 0x3fff_ffff
  const md64 = <i64>md
  const me64 = <i64>me
  cd += <i64>load<i32>(modulus) * md64
  ce += <i64>load<i32>(modulus) * me64
  cd >>= 30
  ce >>= 30
  for (let i: usize = 4; i <= top; i += 4) {
    di = <i64>load<i32>(d + i)
    ei = <i64>load<i32>(e + i)
    const m = <i64>load<i32>(modulus + i)
    cd += u64_ * di + v64 * ei + m * md64
    ce += q64 * di + r64 * ei + m * me64
    store<i32>(d + i - 4, <i32>(cd & M30))
    store<i32>(e + i - 4, <i32>(ce & M30))
    cd >>= 30
    ce >>= 30
  }
  store<i32>(d + top, <i32>cd)
  store<i32>(e + top, <i32>ce)
}

/** (f, g) = matrix * (f, g) / 2^30, exactly; `length` limbs are in use. */
function updateFG(length: usize, f: usize, g: usize): void {
  const u64_ = <i64>u
  const v64 = <i64>v
  const q64 = <i64>q
  const r64 = <i64>r
  let fi = <i64>load<i32>(f)
  let gi = <i64>load<i32>(g)
  let cf = (u64_ * fi + v64 * gi) >> 30
  let cg = (q64 * fi + r64 * gi) >> 30
  const end = length << 2
  for (let i: usize = 4; i < end; i += 4) {
    fi = <i64>load<i32>(f + i)
    gi = <i64>load<i32>(g + i)
    cf += u64_ * fi + v64 * gi
    cg += q64 * fi + r64 * gi
    store<i32>(f + i - 4, <i32>(cf & M30))
    store<i32>(g + i - 4, <i32>(cg & M30))
    cf >>= 30
    cg >>= 30
  }
  store<i32>(f + end - 4, <i32>cf)
  store<i32>(g + end - 4, <i32>cg)
}

function addModulusIfNegative(d: usize, modulus: usize, top: usize): void {
  if (load<i32>(d + top) >= 0) return
  for (let i: usize = 0; i <= top; i += 4) store<i32>(d + i, load<i32>(d + i) + load<i32>(modulus + i))
}

function carry(d: usize, top: usize): void {
  let c: i32 = 0
  for (let i: usize = 0; i < top; i += 4) {
    c += load<i32>(d + i)
    store<i32>(d + i, c & 0x3fff_ffff)
    c >>= 30
  }
  store<i32>(d + top, load<i32>(d + top) + c)
}

/** Where `invert` takes its number from. */
export const INVERT_INPUT: usize = 3 * SIZE

/**
 * The number at `scratch` + INVERT_INPUT becomes its inverse modulo an odd modulus, at `scratch`; 0 for 0. All are
 * `limbs` limbs of 30 bits, at most 13, that have room for three bits more than the modulus; the number is below the
 * modulus. `modulusInverse` is modulus^-1 mod 2^30.
 */
export function invert(modulus: usize, modulusInverse: u32, limbs: usize, scratch: usize): void {
  const d = scratch
  const e = scratch + SIZE
  const f = scratch + 2 * SIZE
  const g = scratch + INVERT_INPUT
  fillBytes(d, 0, 2 * SIZE)
  store<i32>(e, 1)
  copyBytes(f, modulus, limbs << 2)
  let length = limbs
  let eta: i32 = -1
  while (true) {
    eta = steps(eta, load<u32>(f), load<u32>(g))
    updateDE(d, e, modulus, modulusInverse, limbs)
    updateFG(length, f, g)
    if (load<i32>(g) == 0) {
      let rest: i32 = 0
      for (let i: usize = 1; i < length; i++) rest |= load<i32>(g + (i << 2))
      if (rest == 0) break
    }
    const top = (length - 1) << 2
    const fn = load<i32>(f + top)
    const gn = load<i32>(g + top)
    // Top limbs that are only a sign are merged into the ones below.
    if (length > 1 && (fn ^ (fn >> 31)) == 0 && (gn ^ (gn >> 31)) == 0) {
      store<u32>(f + top - 4, load<u32>(f + top - 4) | (<u32>fn << 30))
      store<u32>(g + top - 4, load<u32>(g + top - 4) | (<u32>gn << 30))
      length--
    }
  }
  const last = (limbs - 1) << 2
  // gcd = +-1 is left in f; d is +-x^-1 in (-2 * modulus, modulus).
  addModulusIfNegative(d, modulus, last)
  if (load<i32>(f + ((length - 1) << 2)) < 0) {
    for (let i: usize = 0; i <= last; i += 4) store<i32>(d + i, -load<i32>(d + i))
  }
  carry(d, last)
  addModulusIfNegative(d, modulus, last)
  carry(d, last)
}

/**
 * out = x^-1 modulo an odd modulus, 0 for x = 0. x and out are words, x below the modulus; `modulus` is in limbs of
 * 30 bits and `modulusInverse` is modulus^-1 mod 2^30. `scratch` has INVERSE_SCRATCH bytes.
 */
export function inverse(x: usize, modulus: usize, modulusInverse: u32, out: usize, scratch: usize): void {
  const d = scratch
  const g = scratch + INVERT_INPUT
  const x0 = load<u64>(x)
  const x1 = load<u64>(x, 8)
  const x2 = load<u64>(x, 16)
  const x3 = load<u64>(x, 24)
  store<i32>(g, <i32>x0 & 0x3fff_ffff)
  store<i32>(g, <i32>(x0 >> 30) & 0x3fff_ffff, 4)
  store<i32>(g, <i32>((x0 >> 60) | (x1 << 4)) & 0x3fff_ffff, 8)
  store<i32>(g, <i32>(x1 >> 26) & 0x3fff_ffff, 12)
  store<i32>(g, <i32>((x1 >> 56) | (x2 << 8)) & 0x3fff_ffff, 16)
  store<i32>(g, <i32>(x2 >> 22) & 0x3fff_ffff, 20)
  store<i32>(g, <i32>((x2 >> 52) | (x3 << 12)) & 0x3fff_ffff, 24)
  store<i32>(g, <i32>(x3 >> 18) & 0x3fff_ffff, 28)
  store<i32>(g, <i32>(x3 >> 48), 32)

  invert(modulus, modulusInverse, LIMBS, scratch)
  const d0 = <u64>load<u32>(d)
  const d1 = <u64>load<u32>(d, 4)
  const d2 = <u64>load<u32>(d, 8)
  const d3 = <u64>load<u32>(d, 12)
  const d4 = <u64>load<u32>(d, 16)
  const d5 = <u64>load<u32>(d, 20)
  const d6 = <u64>load<u32>(d, 24)
  const d7 = <u64>load<u32>(d, 28)
  store<u64>(out, d0 | (d1 << 30) | (d2 << 60))
  store<u64>(out, (d2 >> 4) | (d3 << 26) | (d4 << 56), 8)
  store<u64>(out, (d4 >> 8) | (d5 << 22) | (d6 << 52), 16)
  store<u64>(out, (d6 >> 12) | (d7 << 18) | (<u64>load<u32>(d, 32) << 48), 24)
}
