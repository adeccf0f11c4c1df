// Bitwise operations and shifts. Operands in EVM stack order: for shifts and BYTE the first is the amount or index.

// @ts-ignore: decorator
@inline
export function u256And(a: usize, b: usize, out: usize): void {
  const low = v128.and(v128.load(a), v128.load(b))
  const high = v128.and(v128.load(a, 16), v128.load(b, 16))
  v128.store(out, low)
  v128.store(out, high, 16)
}

// @ts-ignore: decorator
@inline
export function u256Or(a: usize, b: usize, out: usize): void {
  const low = v128.or(v128.load(a), v128.load(b))
  const high = v128.or(v128.load(a, 16), v128.load(b, 16))
  v128.store(out, low)
  v128.store(out, high, 16)
}

// @ts-ignore: decorator
@inline
export function u256Xor(a: usize, b: usize, out: usize): void {
  const low = v128.xor(v128.load(a), v128.load(b))
  const high = v128.xor(v128.load(a, 16), v128.load(b, 16))
  v128.store(out, low)
  v128.store(out, high, 16)
}

// @ts-ignore: decorator
@inline
export function u256Not(a: usize, out: usize): void {
  const low = v128.not(v128.load(a))
  const high = v128.not(v128.load(a, 16))
  v128.store(out, low)
  v128.store(out, high, 16)
}

/** BYTE: byte `index` of x counted from the most significant; 0 when index > 31. */
// @ts-ignore: decorator
@inline
export function u256Byte(index: usize, x: usize, out: usize): void {
  const i = load<u64>(index)
  const inRange = (load<u64>(index, 8) | load<u64>(index, 16) | load<u64>(index, 24)) == 0 && i < 32
  const value: u64 = inRange ? <u64>load<u8>(x + <usize>(31 - i)) : 0
  store<u64>(out, value)
  store<u64>(out, 0, 8)
  store<u64>(out, 0, 16)
  store<u64>(out, 0, 24)
}

/** The shift amount, 256 when it is 256 or more. */
// @ts-ignore: decorator
@inline
function amountOf(shift: usize): u64 {
  const n = load<u64>(shift)
  return (load<u64>(shift, 8) | load<u64>(shift, 16) | load<u64>(shift, 24)) == 0 && n < 256 ? n : 256
}

// @ts-ignore: decorator
@inline
function put(out: usize, x0: u64, x1: u64, x2: u64, x3: u64): void {
  store<u64>(out, x0)
  store<u64>(out, x1, 8)
  store<u64>(out, x2, 16)
  store<u64>(out, x3, 24)
}

// A shift count is taken modulo 64, so the bits that cross a limb are moved by 1 and then by 63 - n: right also for n =
// 0.

/** SHL: out = value << shift. */
export function u256Shl(shift: usize, value: usize, out: usize): void {
  shiftLeft(value, amountOf(shift), out)
}

/** out = value << n, n <= 256. */
// @ts-ignore: decorator
@inline
export function shiftLeft(value: usize, n: u64, out: usize): void {
  const back = 63 - (n & 63)
  const x0 = load<u64>(value)
  const x1 = load<u64>(value, 8)
  const x2 = load<u64>(value, 16)
  const x3 = load<u64>(value, 24)
  const y0 = x0 << n
  const y1 = (x1 << n) | ((x0 >> 1) >> back)
  switch (<u32>(n >> 6)) {
    case 0:
      put(out, y0, y1, (x2 << n) | ((x1 >> 1) >> back), (x3 << n) | ((x2 >> 1) >> back))
      break
    case 1:
      put(out, 0, y0, y1, (x2 << n) | ((x1 >> 1) >> back))
      break
    case 2:
      put(out, 0, 0, y0, y1)
      break
    case 3:
      put(out, 0, 0, 0, y0)
      break
    default:
      put(out, 0, 0, 0, 0)
  }
}

/** SHR: out = value >> shift, zeros shifted in. */
export function u256Shr(shift: usize, value: usize, out: usize): void {
  shiftRight(value, amountOf(shift), out)
}

/** out = value >> n, n <= 256. */
// @ts-ignore: decorator
@inline
export function shiftRight(value: usize, n: u64, out: usize): void {
  const back = 63 - (n & 63)
  const x0 = load<u64>(value)
  const x1 = load<u64>(value, 8)
  const x2 = load<u64>(value, 16)
  const x3 = load<u64>(value, 24)
  const y3 = x3 >> n
  const y2 = (x2 >> n) | ((x3 << 1) << back)
  switch (<u32>(n >> 6)) {
    case 0:
      put(out, (x0 >> n) | ((x1 << 1) << back), (x1 >> n) | ((x2 << 1) << back), y2, y3)
      break
    case 1:
      put(out, (x1 >> n) | ((x2 << 1) << back), y2, y3, 0)
      break
    case 2:
      put(out, y2, y3, 0, 0)
      break
    case 3:
      put(out, y3, 0, 0, 0)
      break
    default:
      put(out, 0, 0, 0, 0)
  }
}

/** SAR: out = value >> shift, copies of the sign bit shifted in. */
export function u256Sar(shift: usize, value: usize, out: usize): void {
  const n = amountOf(shift)
  const back = 63 - (n & 63)
  const x0 = load<u64>(value)
  const x1 = load<u64>(value, 8)
  const x2 = load<u64>(value, 16)
  const x3 = load<u64>(value, 24)
  const sign = <u64>(<i64>x3 >> 63)
  const y3 = <u64>(<i64>x3 >> <i64>n)
  const y2 = (x2 >> n) | ((x3 << 1) << back)
  switch (<u32>(n >> 6)) {
    case 0:
      put(out, (x0 >> n) | ((x1 << 1) << back), (x1 >> n) | ((x2 << 1) << back), y2, y3)
      break
    case 1:
      put(out, (x1 >> n) | ((x2 << 1) << back), y2, y3, sign)
      break
    case 2:
      put(out, y2, y3, sign, sign)
      break
    case 3:
      put(out, y3, sign, sign, sign)
      break
    default:
      put(out, sign, sign, sign, sign)
  }
}

/** SIGNEXTEND: x is a two's complement number of index + 1 bytes; unchanged when index > 30. */
export function u256SignExtend(index: usize, x: usize, out: usize): void {
  const i = load<u64>(index)
  const x0 = load<u64>(x)
  const x1 = load<u64>(x, 8)
  const x2 = load<u64>(x, 16)
  const x3 = load<u64>(x, 24)
  if ((load<u64>(index, 8) | load<u64>(index, 16) | load<u64>(index, 24)) != 0 || i > 30) {
    put(out, x0, x1, x2, x3)
    return
  }
  const back = 56 - ((i & 7) << 3) // bits above the sign bit within its limb
  switch (<u32>(i >> 3)) {
    case 0: {
      const y = <i64>(x0 << back) >> <i64>back
      const sign = <u64>(y >> 63)
      put(out, <u64>y, sign, sign, sign)
      break
    }
    case 1: {
      const y = <i64>(x1 << back) >> <i64>back
      const sign = <u64>(y >> 63)
      put(out, x0, <u64>y, sign, sign)
      break
    }
    case 2: {
      const y = <i64>(x2 << back) >> <i64>back
      put(out, x0, x1, <u64>y, <u64>(y >> 63))
      break
    }
    default:
      put(out, x0, x1, x2, <u64>(<i64>(x3 << back) >> <i64>back))
  }
}

/** 32 bytes of ones and 32 of zeros: the word 2^8n - 1 lies n bytes before the zeros. */
const ONES: usize = memory.data<u64>([
  0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0, 0, 0, 0,
])

/** Where 2^8n - 1 lies, n <= 32. */
// @ts-ignore: decorator
@inline
export function u256Ones(n: u32): usize {
  return ONES + 32 - n
}

/** Number of significant bits, 0 for zero. */
// @ts-ignore: decorator
@inline
export function u256BitLength(a: usize): u32 {
  const a3 = load<u64>(a, 24)
  if (a3 != 0) return 256 - <u32>clz<u64>(a3)
  const a2 = load<u64>(a, 16)
  if (a2 != 0) return 192 - <u32>clz<u64>(a2)
  const a1 = load<u64>(a, 8)
  if (a1 != 0) return 128 - <u32>clz<u64>(a1)
  return 64 - <u32>clz<u64>(load<u64>(a))
}

/** Number of significant bytes, 0 for zero. */
// @ts-ignore: decorator
@inline
export function u256ByteLength(a: usize): u32 {
  return (u256BitLength(a) + 7) >> 3
}

/** CLZ (EIP-7939): leading zero bits, 256 for zero. */
// @ts-ignore: decorator
@inline
export function u256Clz(a: usize, out: usize): void {
  put(out, <u64>(256 - u256BitLength(a)), 0, 0, 0)
}
