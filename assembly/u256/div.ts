import {
  divisorSet,
  divisorShift,
  divisorSize,
  r0,
  r1,
  r2,
  r3,
  remainderSet,
  remainderShift,
  step1,
  step2,
  step3,
  step4,
} from './divide'
import { shiftRight, u256BitLength } from './bits'
import { u256Lt } from './compare'
import { u256Copy, u256SetU64, u256SetZero } from './convert'

// DIV, SDIV, MOD, SMOD. Division by zero gives zero. All limbs are read before `out` is written, so `out` may be an
// input.

let q0: u64 = 0
let q1: u64 = 0
let q2: u64 = 0
let q3: u64 = 0

/** Quotient to q3..q0, remainder to r3..r0; the divisor is not zero. */
function divide(a0: u64, a1: u64, a2: u64, a3: u64, b0: u64, b1: u64, b2: u64, b3: u64): void {
  divisorSet(b0, b1, b2, b3)
  const s = divisorShift
  const back = 63 - s
  const x4 = (a3 >> 1) >> back
  const x3 = (a3 << s) | ((a2 >> 1) >> back)
  const x2 = (a2 << s) | ((a1 >> 1) >> back)
  const x1 = (a1 << s) | ((a0 >> 1) >> back)
  const x0 = a0 << s
  q1 = 0
  q2 = 0
  q3 = 0
  switch (divisorSize) {
    case 4:
      remainderSet(x1, x2, x3, x4)
      q0 = step4(x0)
      break
    case 3:
      remainderSet(x2, x3, x4, 0)
      if (a3 != 0) q1 = step3(x1)
      else remainderSet(x1, x2, x3, 0)
      q0 = step3(x0)
      break
    case 2:
      if (a3 != 0) {
        remainderSet(x3, x4, 0, 0)
        q2 = step2(x2)
        q1 = step2(x1)
      } else if (a2 != 0) {
        remainderSet(x2, x3, 0, 0)
        q1 = step2(x1)
      } else remainderSet(x1, x2, 0, 0)
      q0 = step2(x0)
      break
    default:
      if (a3 != 0) {
        remainderSet(x4, 0, 0, 0)
        q3 = step1(x3)
        q2 = step1(x2)
        q1 = step1(x1)
      } else if (a2 != 0) {
        remainderSet(x3, 0, 0, 0)
        q2 = step1(x2)
        q1 = step1(x1)
      } else if (a1 != 0) {
        remainderSet(x2, 0, 0, 0)
        q1 = step1(x1)
      } else remainderSet(x1, 0, 0, 0)
      q0 = step1(x0)
  }
}

// @ts-ignore: decorator
@inline
function store4(out: usize, x0: u64, x1: u64, x2: u64, x3: u64): void {
  store<u64>(out, x0)
  store<u64>(out, x1, 8)
  store<u64>(out, x2, 16)
  store<u64>(out, x3, 24)
}

/** Stores the 256-bit number, or its negative when `negative` is 1. */
// @ts-ignore: decorator
@inline
function storeSigned(out: usize, x0: u64, x1: u64, x2: u64, x3: u64, negative: u64): void {
  const m = 0 - negative
  const s0 = (x0 ^ m) + negative
  const c0 = negative & <u64>(x0 == 0)
  const c1 = c0 & <u64>(x1 == 0)
  store4(out, s0, (x1 ^ m) + c0, (x2 ^ m) + c1, (x3 ^ m) + (c1 & <u64>(x2 == 0)))
}

/** out = a / b, 0 when b is 0. */
export function u256Div(a: usize, b: usize, out: usize): void {
  const b0 = load<u64>(b)
  const b1 = load<u64>(b, 8)
  const b2 = load<u64>(b, 16)
  const b3 = load<u64>(b, 24)
  const a0 = load<u64>(a)
  const a1 = load<u64>(a, 8)
  const a2 = load<u64>(a, 16)
  const a3 = load<u64>(a, 24)
  if ((b1 | b2 | b3) == 0) {
    if ((b0 & (b0 - 1)) == 0) {
      divideByPowerOfTwo(a0, a1, a2, a3, b0, out)
      return
    }
    if ((a1 | a2 | a3) == 0) {
      u256SetU64(a0 / b0, out)
      return
    }
  } else if (u256Lt(a, b)) {
    u256SetZero(out)
    return
  } else if (b0 == 0 && popcnt<u64>(b1) + popcnt<u64>(b2) + popcnt<u64>(b3) == 1) {
    shiftRight(a, u256BitLength(b) - 1, out)
    return
  }
  divide(a0, a1, a2, a3, b0, b1, b2, b3)
  store4(out, q0, q1, q2, q3)
}

/** The divisor is 0 or a power of two below 2^64. */
function divideByPowerOfTwo(a0: u64, a1: u64, a2: u64, a3: u64, d: u64, out: usize): void {
  if (d == 0) {
    u256SetZero(out)
    return
  }
  const n = ctz<u64>(d)
  const back = 63 - n
  store4(
    out,
    (a0 >> n) | ((a1 << 1) << back),
    (a1 >> n) | ((a2 << 1) << back),
    (a2 >> n) | ((a3 << 1) << back),
    a3 >> n,
  )
}

/** out = a mod b, 0 when b is 0. */
export function u256Mod(a: usize, b: usize, out: usize): void {
  const b0 = load<u64>(b)
  const b1 = load<u64>(b, 8)
  const b2 = load<u64>(b, 16)
  const b3 = load<u64>(b, 24)
  const a0 = load<u64>(a)
  if ((b1 | b2 | b3) == 0) {
    if ((b0 & (b0 - 1)) == 0) {
      u256SetU64(b0 == 0 ? 0 : a0 & (b0 - 1), out)
      return
    }
    if ((load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) == 0) {
      u256SetU64(a0 % b0, out)
      return
    }
  } else if (u256Lt(a, b)) {
    u256Copy(a, out)
    return
  } else if (b0 == 0 && popcnt<u64>(b1) + popcnt<u64>(b2) + popcnt<u64>(b3) == 1) {
    const c1 = <u64>(b1 == 0)
    const c2 = c1 & <u64>(b2 == 0)
    store4(out, a0, load<u64>(a, 8) & (b1 - 1), load<u64>(a, 16) & (b2 - c1), load<u64>(a, 24) & (b3 - c2))
    return
  }
  divide(a0, load<u64>(a, 8), load<u64>(a, 16), load<u64>(a, 24), b0, b1, b2, b3)
  remainderShift()
  store4(out, r0, r1, r2, r3)
}

/** Divides the absolute values; the divisor is not zero. */
// @ts-ignore: decorator
@inline
function divideAbsolute(a: usize, b: usize): void {
  const an = load<u64>(a, 24) >> 63
  const bn = load<u64>(b, 24) >> 63
  const am = 0 - an
  const bm = 0 - bn
  const a0 = load<u64>(a)
  const a1 = load<u64>(a, 8)
  const a2 = load<u64>(a, 16)
  const b0 = load<u64>(b)
  const b1 = load<u64>(b, 8)
  const b2 = load<u64>(b, 16)
  const ac0 = an & <u64>(a0 == 0)
  const ac1 = ac0 & <u64>(a1 == 0)
  const bc0 = bn & <u64>(b0 == 0)
  const bc1 = bc0 & <u64>(b1 == 0)
  divide(
    (a0 ^ am) + an,
    (a1 ^ am) + ac0,
    (a2 ^ am) + ac1,
    (load<u64>(a, 24) ^ am) + (ac1 & <u64>(a2 == 0)),
    (b0 ^ bm) + bn,
    (b1 ^ bm) + bc0,
    (b2 ^ bm) + bc1,
    (load<u64>(b, 24) ^ bm) + (bc1 & <u64>(b2 == 0)),
  )
}

// @ts-ignore: decorator
@inline
function isZero(b: usize): bool {
  return (load<u64>(b) | load<u64>(b, 8) | load<u64>(b, 16) | load<u64>(b, 24)) == 0
}

/** Whether the absolute value fits in one limb. */
// @ts-ignore: decorator
@inline
function isShort(a: usize): bool {
  const sign = <u64>(load<i64>(a, 24) >> 63)
  const rest = (load<u64>(a, 8) ^ sign) | (load<u64>(a, 16) ^ sign) | (load<u64>(a, 24) ^ sign)
  // The lowest number that looks short is -2^64.
  return rest == 0 && (load<u64>(a) | ~sign) != 0
}

/** The absolute value of a short word. */
// @ts-ignore: decorator
@inline
function shortAbsolute(a: usize): u64 {
  const sign = <u64>(load<i64>(a, 24) >> 63)
  return (load<u64>(a) ^ sign) - sign
}

/** SDIV: truncated towards zero; -2^255 / -1 = -2^255. */
export function u256Sdiv(a: usize, b: usize, out: usize): void {
  if (isZero(b)) {
    u256SetZero(out)
    return
  }
  const negative = (load<u64>(a, 24) ^ load<u64>(b, 24)) >> 63
  if (isShort(a) && isShort(b)) {
    storeSigned(out, shortAbsolute(a) / shortAbsolute(b), 0, 0, 0, negative)
    return
  }
  divideAbsolute(a, b)
  storeSigned(out, q0, q1, q2, q3, negative)
}

/** SMOD: the sign of the result is that of a. */
export function u256Smod(a: usize, b: usize, out: usize): void {
  if (isZero(b)) {
    u256SetZero(out)
    return
  }
  const negative = load<u64>(a, 24) >> 63
  if (isShort(a) && isShort(b)) {
    storeSigned(out, shortAbsolute(a) % shortAbsolute(b), 0, 0, 0, negative)
    return
  }
  divideAbsolute(a, b)
  remainderShift()
  storeSigned(out, r0, r1, r2, r3, negative)
}
