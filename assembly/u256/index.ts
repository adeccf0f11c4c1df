// 256-bit words: four u64 limbs, least significant first, in linear memory. Every function takes pointers; `out` may be
// one of the inputs except where said. Operands come in EVM stack order (top of the stack first). Nothing allocates or
// traps.
export { u256Add, u256AddCarry, u256AddU64, u256Sub, u256SubBorrow } from './add'
export { u256Mul, u256MulWide } from './mul'
export { u256Div, u256Mod, u256Sdiv, u256Smod } from './div'
export { u256AddMod, u256MulMod } from './modular'
export { u256Exp } from './exp'
export { POWMOD_WORK, u256PowMod, u256PowModLong } from './montgomery'
export { oddInverse } from './oddInverse'
export { u256Eq, u256Gt, u256IsZero, u256Lt, u256Sgt, u256Slt } from './compare'
export { u256And, u256BitLength, u256Byte, u256ByteLength, u256Clz, u256Not, u256Or } from './bits'
export { shiftLeft, shiftRight, u256Ones, u256Sar, u256Shl, u256Shr, u256SignExtend, u256Xor } from './bits'
export {
  u256Copy,
  u256FitsU64,
  u256FromBytes,
  u256FromShortBytes,
  u256Reverse,
  u256SetU64,
  u256SetZero,
  u256ToBytes,
} from './convert'
