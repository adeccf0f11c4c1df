import { fillBytes } from '../mem/bulk'
import { oddInverse } from '../u256'
import { addColumns8 } from './columns'
import { mask, width } from './limbs'

// Long numbers modulo a power of two: products of which only the low limbs are computed. Second operands are padded;
// counts of limbs are multiples of eight.

/** out = x * y modulo 2^(width * limbs); `out` may be an operand, `columns` has a u64 a limb. */
export function lowProduct(x: usize, y: usize, limbs: usize, out: usize, columns: usize): void {
  fillBytes(columns, 0, limbs << 3)
  for (let k: usize = 0; k < limbs; k += 8) {
    addColumns8(x, y, k, 0, k + 8, columns + (k << 3))
  }
  carryColumns(columns, limbs, out)
}

/** The low `limbs` limbs of what the columns stand for. */
export function carryColumns(columns: usize, limbs: usize, out: usize): void {
  let t: u64 = 0
  for (let i: usize = 0; i < limbs; i++) {
    t += load<u64>(columns + (i << 3))
    store<u32>(out + (i << 2), <u32>(t & mask))
    t >>= width
  }
}

/** x = x modulo 2^bits, of `limbs` limbs. */
export function keepBits(x: usize, bits: u64, limbs: usize): void {
  const whole = <usize>(bits / width)
  if (whole >= limbs) return
  const last = x + (whole << 2)
  store<u32>(last, load<u32>(last) & ((<u32>1 << <u32>(bits % width)) - 1))
  fillBytes(last + 4, 0, (limbs - whole - 1) << 2)
}

/** out = x^-1 modulo 2^(width * limbs), x odd, by Newton: out (2 - x out) has twice as many right limbs as out. */
export function binaryInverse(x: usize, limbs: usize, out: usize, work: usize, columns: usize): void {
  fillBytes(out, 0, limbs << 2)
  store<u32>(out, <u32>(oddInverse(<u64>load<u32>(x)) & mask))
  let right: usize = 1
  while (right < limbs) {
    right <<= 1
    // A multiple of eight, and never more than there are.
    let count = (right + 7) & ~7
    if (count > limbs) count = limbs
    lowProduct(out, x, count, work, columns)
    negateAddTwo(work, count)
    lowProduct(work, out, count, out, columns)
  }
}

/** x = 2 - x. */
function negateAddTwo(x: usize, limbs: usize): void {
  let t: i64 = 2
  for (let i: usize = 0; i < limbs; i++) {
    t -= <i64>load<u32>(x + (i << 2))
    store<u32>(x + (i << 2), <u32>t & <u32>mask)
    t >>= width
  }
}

/** out = x - y, modulo 2^(width * limbs). */
export function lowDifference(x: usize, y: usize, limbs: usize, out: usize): void {
  let t: i64 = 0
  for (let i: usize = 0; i < limbs; i++) {
    t += <i64>load<u32>(x + (i << 2)) - <i64>load<u32>(y + (i << 2))
    store<u32>(out + (i << 2), <u32>t & <u32>mask)
    t >>= width
  }
}
