/** The inverse of an odd number modulo 2^48; its low bits are the inverse modulo any lower power of two. */
export function oddInverse(odd: u64): u64 {
  // Newton: each step doubles the number of right bits, of which an odd number itself has three.
  let inverse = odd
  for (let i = 0; i < 4; i++) inverse *= 2 - odd * inverse
  return inverse
}
