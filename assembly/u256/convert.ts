// Words from and to other representations.

// @ts-ignore: decorator
@inline
export function u256Copy(a: usize, out: usize): void {
  const low = v128.load(a)
  const high = v128.load(a, 16)
  v128.store(out, low)
  v128.store(out, high, 16)
}

// @ts-ignore: decorator
@inline
export function u256SetU64(value: u64, out: usize): void {
  store<u64>(out, value)
  store<u64>(out, 0, 8)
  store<u64>(out, 0, 16)
  store<u64>(out, 0, 24)
}

// @ts-ignore: decorator
@inline
export function u256SetZero(out: usize): void {
  u256SetU64(0, out)
}

/** Whether the word fits in 64 bits; its value is then `load<u64>(a)`. */
// @ts-ignore: decorator
@inline
export function u256FitsU64(a: usize): bool {
  return (load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) == 0
}

/** 32 big-endian bytes to a word, or a word to 32 big-endian bytes: the same reversal. `out` may be `input`. */
// @ts-ignore: decorator
@inline
export function u256Reverse(input: usize, out: usize): void {
  const first = v128.load(input)
  const second = v128.load(input, 16)
  v128.store(out, v128.shuffle<u8>(second, second, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0))
  v128.store(out, v128.shuffle<u8>(first, first, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), 16)
}

/** Word from 32 big-endian bytes. */
// @ts-ignore: decorator
@inline
export function u256FromBytes(bytes: usize, out: usize): void {
  u256Reverse(bytes, out)
}

/** Word to 32 big-endian bytes. */
// @ts-ignore: decorator
@inline
export function u256ToBytes(a: usize, bytes: usize): void {
  u256Reverse(a, bytes)
}

/** Word from `length` <= 32 big-endian bytes, zero-extended. */
export function u256FromShortBytes(bytes: usize, length: u32, out: usize): void {
  u256SetZero(out)
  for (let i: u32 = 0; i < length; i++) store<u8>(out + length - 1 - i, load<u8>(bytes + i))
}
