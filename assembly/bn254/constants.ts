// Constants of BN254 (alt_bn128, EIP-196 and 197). Words are four u64 limbs, least significant first; elements are nine
// limbs of 29 bits and a gap, times R = 2^261 where nothing else is said (field.ts). All of them follow from u =
// 4965661367192848881, p = 36 u^4 + 36 u^3 + 24 u^2 + 6 u + 1 and n = 36 u^4 + 36 u^3 + 18 u^2 + 6 u + 1;
// test/assembly/bn254/bn254-constants.test.ts computes each of them again.

/** The prime of the field. */
export const P: usize = memory.data<u64>([
  0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029,
])
/** The order of the groups. */
export const N: usize = memory.data<u64>([
  0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029,
])
/** p in limbs of 30 bits, and its inverse modulo 2^30, for secp256k1/inverse.ts. */
export const P30: usize = memory.data<u32>([
  0x187cfd47, 0x3082305b, 0x071ca8d3, 0x205aa45a, 0x01585d97, 0x0116da06, 0x1a029b85, 0x139cb84c, 0x00003064,
])
export const P30_INVERSE: u32 = 0x1b799c77

export const ONE: usize = memory.data<i32>([
  -176370655, -199481511, -128831276, 21759002, 178483129, -45989682, -237679608, 86689705, 903222, 0,
])
/** R^2: what a number is multiplied by to become an element. */
export const R_SQUARED: usize = memory.data<i32>([
  220114633, 202416876, 84767593, 232122839, 215829697, -1780258, -168485870, 53114649, -414376, 0,
])
/** 1, not times R: an element is multiplied by it to become a number. */
export const ONE_PLAIN: usize = memory.data<i32>([
  1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])
/** y^2 = x^3 + 3 on the curve of G1. */
export const THREE: usize = memory.data<i32>([
  133785372, -78637741, 209973036, 17754492, 174355891, -185892438, -187104553, 19148998, -461740, 0,
])

/** beta^3 = 1; lambda (x, y) = (beta x, y), with a lambda for which lambda^3 = 1 modulo n. */
export const BETA: usize = memory.data<i32>([
  171145621, -175301341, -123954279, -218476986, -127948067, 24572270, 250450874, -198635200, 789247, 0,
])
/** A short basis (a1, -b1), (a2, a1) of the lattice a + b lambda = 0 modulo n: 2u + 1, 6u^2 + 2u, 6u^2 + 4u + 1. */
export const A1: usize = memory.data<u64>([
  0x89d3256894d213e3, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000,
])
export const B1: usize = memory.data<u64>([
  0x8211bbeb7d4f1128, 0x6f4d8248eeb859fc, 0x0000000000000000, 0x0000000000000000,
])
export const A2: usize = memory.data<u64>([
  0x0be4e1541221250b, 0x6f4d8248eeb859fd, 0x0000000000000000, 0x0000000000000000,
])
/** round(2^320 a1 / n) and round(2^320 b1 / n). */
export const SPLIT_A: usize = memory.data<u64>([
  0x6eb9c714773a6ef3, 0xd91d232ec7e0b3d7, 0x0000000000000002, 0x0000000000000000,
])
export const SPLIT_B: usize = memory.data<u64>([
  0xa5e38cfb5eaa26da, 0x7a7bd9d4391eb18d, 0x4ccef014a773d2cf, 0x0000000000000002,
])
