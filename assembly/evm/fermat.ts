import { inverse } from '../secp256k1/inverse'
import { oddInverse, u256Eq, u256Mod } from '../u256'

// base^(p - 2) modulo a prime p is the inverse of the base (Fermat): how contracts invert, and most of what MODEXP is
// called for. Division steps find it in a fifth of the time. For primes that are known to be prime only.
// Decision 18 (docs/adr/0018-modexp-in-the-core.md).

/**
 * Orders and fields of the curves that contracts compute on: scalars and coordinates of BN254, scalars of BLS12-381,
 * scalars and coordinates of secp256k1 and of P-256. Four u64 limbs each, least significant first.
 */
const PRIMES: usize = memory.data<u64>([
  0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029,
  0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029,
  0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48,
  0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff,
  0xfffffffefffffc2f, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff,
  0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000,
  0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001,
])
const COUNT: usize = 7
const M30: u64 = 0x3fff_ffff

/** base = base^exponent mod modulus if that is an inverse modulo a known prime; else false. `work`: 256 bytes. */
export function fermatInverse(base: usize, exponent: usize, modulus: usize, work: usize): bool {
  const low = load<u64>(modulus)
  // No carry: an odd number above 1 less 2.
  if (load<u64>(exponent) != low - 2 || load<u64>(exponent, 24) != load<u64>(modulus, 24)) return false
  if (load<u64>(exponent, 8) != load<u64>(modulus, 8) || load<u64>(exponent, 16) != load<u64>(modulus, 16)) return false
  for (let i: usize = 0; i < COUNT; i++) {
    if (!u256Eq(modulus, PRIMES + (i << 5))) continue
    u256Mod(base, modulus, base)
    limbsOf30(modulus, work)
    inverse(base, work, <u32>(oddInverse(low) & M30), base, work + 40)
    return true
  }
  return false
}

/** A word as nine limbs of 30 bits, an i32 each. */
function limbsOf30(word: usize, out: usize): void {
  for (let i: usize = 0; i < 9; i++) {
    const bit: usize = 30 * i
    const at = word + ((bit >> 6) << 3)
    const shift = <u64>(bit & 63)
    let limb = load<u64>(at) >> shift
    if (shift > 34 && i < 8) limb |= load<u64>(at, 8) << (64 - shift)
    store<u32>(out + (i << 2), <u32>(limb & M30))
  }
}
