// Words (four little-endian u64 limbs) from and to bytes in wire (big-endian) order.

/** The low 20 bytes of a word as an address. */
// @ts-ignore: decorator
@inline
export function addressFromWord(word: usize, out: usize): void {
  store<u32>(out, bswap<u32>(load<u32>(word, 16)))
  store<u64>(out, bswap<u64>(load<u64>(word, 8)), 4)
  store<u64>(out, bswap<u64>(load<u64>(word)), 12)
}

/** An address as a word. */
// @ts-ignore: decorator
@inline
export function wordFromAddress(address: usize, out: usize): void {
  const high = load<u32>(address)
  const middle = load<u64>(address, 4)
  const low = load<u64>(address, 12)
  store<u64>(out, bswap<u64>(low))
  store<u64>(out, bswap<u64>(middle), 8)
  store<u64>(out, <u64>bswap<u32>(high), 16)
  store<u64>(out, 0, 24)
}
