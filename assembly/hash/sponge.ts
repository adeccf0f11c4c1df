// What the scalar and the two-lane keccak share.

/** Bytes absorbed by one permutation of keccak-256. */
export const RATE: usize = 136

/** The iota step's constants of the 24 rounds (FIPS 202, algorithm 5). */
export const ROUND_CONSTANTS: usize = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
])

/** The lane with the last `length % 8` bytes of the message and the first padding bit. */
// @ts-ignore: decorator
@inline
export function tailLane(input: usize, length: usize): u64 {
  const bits: u64 = (<u64>length & 7) << 3
  let lane: u64 = 0
  for (let at = input + (length & ~7), shift: u64 = 0; shift < bits; shift += 8, at++) {
    lane |= <u64>load<u8>(at) << shift
  }
  return lane | (<u64>1 << bits)
}
