// Constants of secp256r1, P-256 (EIP-7951). Words are four u64 limbs, least significant first; elements are nine
// limbs of 29 bits and a gap, times R = 2^261 where nothing else is said (field.ts).
// test/assembly/p256/p256-field.test.ts computes them.

/** The prime of the field, and the order of the group. */
export const P: usize = memory.data<u64>([
  0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001,
])
export const N: usize = memory.data<u64>([
  0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000,
])
/** Both in limbs of 30 bits, and their inverses modulo 2^30, for secp256k1/inverse.ts. */
export const P30: usize = memory.data<u32>([
  0x3fffffff, 0x3fffffff, 0x3fffffff, 0x0000003f, 0x00000000, 0x00000000, 0x00001000, 0x3fffc000, 0x0000ffff,
])
export const P30_INVERSE: u32 = 0x3fffffff
export const N30: usize = memory.data<u32>([
  0x3c632551, 0x0ee72b0b, 0x3179e84f, 0x39beab69, 0x3fffffbc, 0x3fffffff, 0x00000fff, 0x3fffc000, 0x0000ffff,
])
export const N30_INVERSE: u32 = 0x11ff43b1

/** 1. */
export const ONE: usize = memory.data<i32>([
  32, 0, 0, -16384, 0, 0, -8388608, 67108864, 0, 0,
])
/** R^2: what a number is multiplied by to become an element. */
export const R_SQUARED: usize = memory.data<i32>([
  3072, 0, -65536, -2097152, -4194304, 0, 0, -1, 20, 0,
])
/** 1, not times R: an element is multiplied by it to become a number. */
export const ONE_PLAIN: usize = memory.data<i32>([
  1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])
/** y^2 = x^3 - 3 x + b. */
export const B: usize = memory.data<i32>([
  -124273668, -52469206, 25462469, 24323617, -38970912, 180318739, -100478704, -141419231, -7995196, 0,
])
