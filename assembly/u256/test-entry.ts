import * as u from './index'

// Compiled by test/assembly/u256/u256.test.ts and bench/u256.bench.ts only: one exported dispatcher, so that the
// product's ABI stays small. A record is three words (96 bytes), a result two (64 bytes; the second is written by the
// 512-bit product alone).

export const RECORD: u32 = 96
export const RESULT: u32 = 64

/** The address from which memory is free; the kilobyte before it is working memory. */
export function freeBase(): usize {
  return __heap_base + 1024
}

/** Where `out` points: 0 separate memory, 1 the first operand, 2 the second, 3 the third (then copied to `outputs`). */
export function u256TestBatch(op: u32, count: u32, inputs: usize, outputs: usize, alias: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const a = inputs + <usize>i * 96
    const out = outputs + <usize>i * 64
    const target = alias == 0 ? out : a + ((alias - 1) << 5)
    run(op, a, a + 32, a + 64, target)
    if (alias != 0) u.u256Copy(target, out)
  }
}

/** The same operation over and over, each result the next first operand's companion: for benchmarks. */
export function u256TestRepeat(op: u32, rounds: u32, count: u32, inputs: usize, output: usize): void {
  for (let r: u32 = 0; r < rounds; r++) {
    for (let i: u32 = 0; i < count; i++) {
      const a = inputs + <usize>i * 96
      run(op, a, a + 32, a + 64, output)
    }
  }
}

// @ts-ignore: decorator
@inline
function run(op: u32, a: usize, b: usize, c: usize, out: usize): void {
  switch (op) {
    case 0:
      u.u256Add(a, b, out)
      break
    case 1:
      u.u256Sub(a, b, out)
      break
    case 2:
      u.u256Mul(a, b, out)
      break
    case 3:
      u.u256Div(a, b, out)
      break
    case 4:
      u.u256Sdiv(a, b, out)
      break
    case 5:
      u.u256Mod(a, b, out)
      break
    case 6:
      u.u256Smod(a, b, out)
      break
    case 7:
      u.u256AddMod(a, b, c, out)
      break
    case 8:
      u.u256MulMod(a, b, c, out)
      break
    case 9:
      u.u256Exp(a, b, out)
      break
    case 10:
      u.u256SignExtend(a, b, out)
      break
    case 11:
      u.u256SetU64(u.u256Lt(a, b), out)
      break
    case 12:
      u.u256SetU64(u.u256Gt(a, b), out)
      break
    case 13:
      u.u256SetU64(u.u256Slt(a, b), out)
      break
    case 14:
      u.u256SetU64(u.u256Sgt(a, b), out)
      break
    case 15:
      u.u256SetU64(u.u256Eq(a, b), out)
      break
    case 16:
      u.u256SetU64(u.u256IsZero(a), out)
      break
    case 17:
      u.u256And(a, b, out)
      break
    case 18:
      u.u256Or(a, b, out)
      break
    case 19:
      u.u256Xor(a, b, out)
      break
    case 20:
      u.u256Not(a, out)
      break
    case 21:
      u.u256Byte(a, b, out)
      break
    case 22:
      u.u256Shl(a, b, out)
      break
    case 23:
      u.u256Shr(a, b, out)
      break
    case 24:
      u.u256Sar(a, b, out)
      break
    case 25:
      u.u256Clz(a, out)
      break
    case 26:
      u.u256Reverse(a, out)
      break
    case 27:
      u.u256SetU64(u.u256BitLength(a), out)
      break
    case 28:
      u.u256SetU64(u.u256ByteLength(a), out)
      break
    case 29:
      u.u256MulWide(a, b, out)
      break
    case 30:
      u.u256SetU64(u.u256AddCarry(a, b, c), out)
      break
    case 31:
      u.u256SetU64(u.u256SubBorrow(a, b, c), out)
      break
    case 32:
      u.u256SetU64(u.u256FitsU64(a), out)
      break
    case 33:
      u.u256PowMod(a, b, c, out, __heap_base)
      break
    case 34:
      u.u256FromShortBytes(a, <u32>load<u8>(b) % 33, out)
      break
    case 35:
      u.u256Copy(a, out)
      break
    case 36:
      u.u256FromBytes(a, out)
      break
    case 37:
      u.u256ToBytes(a, out)
      break
    case 38:
      u.u256SetU64(load<u64>(a), out)
      break
    case 39:
      u.u256SetZero(out)
      break
    default:
      u.u256MulMod(a, b, c, out)
  }
}
