// Constants of secp256k1 (SEC 2, section 2.4.1) and of its endomorphism (Gallant, Lambert, Vanstone). Words are four
// u64 limbs, least significant first.

/** Order of the group. */
export const N: usize = memory.data<u64>([
  0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff,
])
/** The field's prime p less n. */
export const P_MINUS_N: usize = memory.data<u64>([0x402da1722fc9baee, 0x4551231950b75fc4, 1, 0])
/** n and p in limbs of 30 bits, and their inverses modulo 2^30, for inverse.ts. */
export const N30: usize = memory.data<u32>([
  0x10364141, 0x3f497a33, 0x348a03bb, 0x2bb739ab, 0x3ffffeba, 0x3fffffff, 0x3fffffff, 0x3fffffff, 0x0000ffff,
])
export const N30_INVERSE: u32 = 0x2a774ec1
export const P30: usize = memory.data<u32>([
  0x3ffffc2f, 0x3ffffffb, 0x3fffffff, 0x3fffffff, 0x3fffffff, 0x3fffffff, 0x3fffffff, 0x3fffffff, 0x0000ffff,
])
export const P30_INVERSE: u32 = 0x2ddacacf

/** The generator. */
export const GX: usize = memory.data<u64>([
  0x59f2815b16f81798, 0x029bfcdb2dce28d9, 0x55a06295ce870b07, 0x79be667ef9dcbbac,
])
export const GY: usize = memory.data<u64>([
  0x9c47d08ffb10d4b8, 0xfd17b448a6855419, 0x5da4fbfc0e1108a8, 0x483ada7726a3c465,
])

/** beta^3 = 1 modulo p; with a lambda for which lambda^3 = 1 modulo n, lambda * (x, y) = (beta * x, y). */
export const BETA: usize = memory.data<u64>([
  0xc1396c28719501ee, 0x9cf0497512f58995, 0x6e64479eac3434e9, 0x7ae96a2b657c0710,
])
/** A short basis (a1, b1), (a2, b2) of the lattice a + b * lambda = 0 modulo n; b2 = a1. */
export const A1: usize = memory.data<u64>([0xe86c90e49284eb15, 0x3086d221a7d46bcd, 0, 0])
export const A2: usize = memory.data<u64>([0x57c1108d9d44cfd8, 0x14ca50f7a8e2f3f6, 1, 0])
export const MINUS_B1: usize = memory.data<u64>([0x6f547fa90abfe4c3, 0xe4437ed6010e8828, 0, 0])
/** round(2^384 * b2 / n) and round(-2^384 * b1 / n). */
export const G1: usize = memory.data<u64>([
  0xe893209a45dbb031, 0x3daa8a1471e8ca7f, 0xe86c90e49284eb15, 0x3086d221a7d46bcd,
])
export const G2: usize = memory.data<u64>([
  0x1571b4ae8ac47f71, 0x221208ac9df506c6, 0x6f547fa90abfe4c4, 0xe4437ed6010e8828,
])

/**
 * H: x is SHA-256("parallevm") + 2, the first such number that is one, y is even. Nobody knows H as a multiple of the
 * generator, which windows.ts relies on.
 */
export const HX: usize = memory.data<u64>([
  0xe3e6d95760aa5f69, 0xdd74d32f4c5fdcb5, 0x79cc14660da0cd17, 0xc347e4dd6bc5d7e1,
])
export const HY: usize = memory.data<u64>([
  0x3529252a841f5d00, 0x1bc3490a615c642f, 0xee7c364b1eedc7b4, 0xc6d2e1d08be2f314,
])
