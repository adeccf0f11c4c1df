// Constants of BLS12-381 (EIP-2537). Elements are limbs as field.ts has them, times R = 2^392 where nothing else is
// said. All of them follow from X = 0xd201000000010000, of which the curve's parameter is the negative: p = (X + 1)^2
// (X^4 - X^2 + 1) / 3 - X and r = X^4 - X^2 + 1; test/assembly/bls12381/bls12381-constants.test.ts computes each of
// them again.

/** The number whose negative is the curve's parameter. */
export const X: u64 = 0xd201000000010000
/** The same as a word, and the order r of the groups. */
export const X_WORD: usize = memory.data<u64>([
  0xd201000000010000, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000,
])
export const ORDER: usize = memory.data<u64>([
  0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48,
])

/** p and (p - 1) / 2, big-endian. */
export const P_BYTES: usize = memory.data<u8>([
  0x1a, 0x01, 0x11, 0xea, 0x39, 0x7f, 0xe6, 0x9a, 0x4b, 0x1b, 0xa7, 0xb6, 0x43, 0x4b, 0xac, 0xd7,
  0x64, 0x77, 0x4b, 0x84, 0xf3, 0x85, 0x12, 0xbf, 0x67, 0x30, 0xd2, 0xa0, 0xf6, 0xb0, 0xf6, 0x24,
  0x1e, 0xab, 0xff, 0xfe, 0xb1, 0x53, 0xff, 0xff, 0xb9, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xaa, 0xab,
])
export const HALF_P: usize = memory.data<u8>([
  0x0d, 0x00, 0x88, 0xf5, 0x1c, 0xbf, 0xf3, 0x4d, 0x25, 0x8d, 0xd3, 0xdb, 0x21, 0xa5, 0xd6, 0x6b,
  0xb2, 0x3b, 0xa5, 0xc2, 0x79, 0xc2, 0x89, 0x5f, 0xb3, 0x98, 0x69, 0x50, 0x7b, 0x58, 0x7b, 0x12,
  0x0f, 0x55, 0xff, 0xff, 0x58, 0xa9, 0xff, 0xff, 0xdc, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xd5, 0x55,
])
/** (p - 3) / 4, the lowest byte first. */
export const ROOT_EXPONENT: usize = memory.data<u8>([
  0xaa, 0xea, 0xff, 0xff, 0xff, 0xbf, 0x7f, 0xee, 0xff, 0xff, 0x54, 0xac, 0xff, 0xff, 0xaa, 0x07,
  0x89, 0x3d, 0xac, 0x3d, 0xa8, 0x34, 0xcc, 0xd9, 0xaf, 0x44, 0xe1, 0x3c, 0xe1, 0xd2, 0x1d, 0xd9,
  0x35, 0xeb, 0xd2, 0x90, 0xed, 0xe9, 0xc6, 0x92, 0xa6, 0xf9, 0x5f, 0x8e, 0x7a, 0x44, 0x80, 0x06,
])
/** p in limbs of 30 bits, and its inverse modulo 2^30, for secp256k1/inverse.ts. */
export const P30: usize = memory.data<u32>([
  0x3fffaaab, 0x27fbffff, 0x153ffffb, 0x2affffac, 0x30f6241e, 0x034a83da, 0x112bf673,
  0x12e13ce1, 0x2cd76477, 0x1ed90d2e, 0x29a4b1ba, 0x3a8e5ff9, 0x001a0111,
])
export const P30_INVERSE: u32 = 0x30003

/** 1, not times R: an element is multiplied by it to become a number. */
export const ONE_PLAIN: usize = memory.data<i32>([
  1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])
/** R^2: what a number is multiplied by to become an element. */
export const R_SQUARED: usize = memory.data<i32>([
  17002733, 114410309, -31179422, -20685740, 61986395, 9646461, -78694752, 97992841, -66000270, -127545063,
  120719990, -2765488, -53958822, 51413, 0, 0,
])
/** 1, and the imaginary 0 that makes it one of Fp2. */
export const ONE: usize = memory.data<i32>([
  55049400, -41943040, 176410, 13493970, -59632928, -130408303, 3630752, -39782594, -105866429, 19495857,
  85318031, 1231484, 106560762, 22394, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])
/** y^2 = x^3 + 4 on the curve of G1, y^2 = x^3 + 4 (1 + i) on that of G2: real and imaginary part. */
export const FOUR: usize = memory.data<i32>([
  -48216011, 101711873, -66403155, 53981235, -73126700, 114890548, 24537515, 122391500, 38478214, -1367732,
  -122703879, 31556928, 125680232, -16936, 0, 0,
  -48216011, 101711873, -66403155, 53981235, -73126700, 114890548, 24537515, 122391500, 38478214, -1367732,
  -122703879, 31556928, 125680232, -16936, 0, 0,
])

/** Cube roots of one: X^2 (x, y) = (beta x, -y) on G1 and on G2. */
export const BETA_1: usize = memory.data<i32>([
  -92958054, 109164441, 36322973, -88341825, 82164550, 90074750, 75579671, 114315035, -85772163, 88787725,
  10798923, 90257589, -77275034, 30451, 0, 0,
])
export const BETA_2: usize = memory.data<i32>([
  37908654, -67221401, -36499383, 74847855, -22531622, 40333553, -79210423, -74532441, -76796864, -108283581,
  -96116954, -91489073, -29285728, -52845, 0, 0,
])
/** psi (x, y) = (c x^p, d y^p), which on G2 is -X: c and d are (1 + i)^((1 - p) / 3) and (1 + i)^((1 - p) / 2). */
export const PSI: usize = memory.data<i32>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  92958054, -109164441, -36322973, 88341825, -82164550, -90074750, -75579671, -114315035, 85772163, -88787725,
  -10798923, -90257589, 77275034, -30451, 0, 0,
  -54406951, -53093802, -41722322, 65141602, 62951301, -5622421, -33622907, -62470036, 44398934, 95138332,
  -89563205, 104436315, -59688214, -52899, 0, 0,
  54406951, 53093802, 41722322, -65141602, -62951301, 5622421, 33622907, 62470036, -44398934, -95138332, 89563205,
  -104436315, 59688214, 52899, 0, 0,
])
