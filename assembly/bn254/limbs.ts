// Limbs of an element, and those of the prime: see field.ts.

export const FE_SIZE: usize = 40

export const MASK: i64 = 0x1fff_ffff
export const HALF: i64 = 0x1000_0000

// p and K in such limbs, and m.
export const P0: i64 = -126026425
export const P1: i64 = 17064119
export const P2: i64 = -59595953
export const P3: i64 = 47522513
export const P4: i64 = -175777416
export const P5: i64 = 47923393
export const P6: i64 = 10936641
export const P7: i64 = 240920116
export const P8: i64 = 3171406
export const K0: i64 = -143091041
export const K1: i64 = 100647901
export const K2: i64 = 225173058
export const K3: i64 = -51293469
export const K4: i64 = -118815392
export const K5: i64 = 249042403
export const K6: i64 = 23471826
export const K7: i64 = 193702671
export const M: i64 = 75916169
/** All limbs of both, and zeros. */
export const K_LIMBS: usize = memory.data<i32>([
  -143091041, 100647901, 225173058, -51293469, -118815392, 249042403, 23471826, 193702671, 448452,
  0, 0, 0,
])
export const P_LIMBS: usize = memory.data<i32>([
  -126026425, 17064119, -59595953, 47522513, -175777416, 47923393, 10936641, 240920116, 3171406,
  0, 0, 0,
])

// @ts-ignore: decorator
@inline
export function limb(a: usize, offset: usize): i64 {
  return <i64>load<i32>(a + offset)
}
