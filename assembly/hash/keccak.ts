import { keccakPair } from './keccakPair'
import { RATE, ROUND_CONSTANTS, tailLane } from './sponge'

// Keccak-256 (the original padding, as Ethereum uses it), FIPS 202 section 3 permutation. The state lives in locals: no
// memory but the input is read and none but `out` is written, so it needs no scratch area and `out` may overlap the
// input.
//
// Lanes 1, 2, 8, 12, 17 and 20 are kept complemented (the "lane complementing transform" of the Keccak team's
// implementation overview, section 2.2): chi then needs 6 NOTs a round rather than 25.

/** Hash of `length` bytes at `input`, 32 bytes to `out`. Inputs of up to 135 bytes cost one permutation. */
export function keccak256(input: usize, length: usize, out: usize): void {
  let s0: u64 = 0, s1: u64 = 0, s2: u64 = 0, s3: u64 = 0, s4: u64 = 0
  let s5: u64 = 0, s6: u64 = 0, s7: u64 = 0, s8: u64 = 0, s9: u64 = 0
  let s10: u64 = 0, s11: u64 = 0, s12: u64 = 0, s13: u64 = 0, s14: u64 = 0
  let s15: u64 = 0, s16: u64 = 0, s17: u64 = 0, s18: u64 = 0, s19: u64 = 0
  let s20: u64 = 0, s21: u64 = 0, s22: u64 = 0, s23: u64 = 0, s24: u64 = 0
  let t0: u64 = 0, t1: u64 = 0, t2: u64 = 0, t3: u64 = 0, t4: u64 = 0
  let t5: u64 = 0, t6: u64 = 0, t7: u64 = 0, t8: u64 = 0, t9: u64 = 0
  let t10: u64 = 0, t11: u64 = 0, t12: u64 = 0, t13: u64 = 0, t14: u64 = 0
  let t15: u64 = 0, t16: u64 = 0, t17: u64 = 0, t18: u64 = 0, t19: u64 = 0
  let t20: u64 = 0, t21: u64 = 0, t22: u64 = 0, t23: u64 = 0, t24: u64 = 0
  let b0: u64 = 0, b1: u64 = 0, b2: u64 = 0, b3: u64 = 0, b4: u64 = 0
  let c0: u64 = 0, c1: u64 = 0, c2: u64 = 0, c3: u64 = 0, c4: u64 = 0
  let d0: u64 = 0, d1: u64 = 0, d2: u64 = 0, d3: u64 = 0, d4: u64 = 0
  s1 = ~s1
  s2 = ~s2
  s8 = ~s8
  s12 = ~s12
  s17 = ~s17
  s20 = ~s20
  let last = false
  while (true) {
    if (length >= RATE) {
      s0 ^= load<u64>(input)
      s1 ^= load<u64>(input, 8)
      s2 ^= load<u64>(input, 16)
      s3 ^= load<u64>(input, 24)
      s4 ^= load<u64>(input, 32)
      s5 ^= load<u64>(input, 40)
      s6 ^= load<u64>(input, 48)
      s7 ^= load<u64>(input, 56)
      s8 ^= load<u64>(input, 64)
      s9 ^= load<u64>(input, 72)
      s10 ^= load<u64>(input, 80)
      s11 ^= load<u64>(input, 88)
      s12 ^= load<u64>(input, 96)
      s13 ^= load<u64>(input, 104)
      s14 ^= load<u64>(input, 112)
      s15 ^= load<u64>(input, 120)
      s16 ^= load<u64>(input, 128)
      input += RATE
      length -= RATE
    } else {
      if (length == 32) {
        s0 ^= load<u64>(input)
        s1 ^= load<u64>(input, 8)
        s2 ^= load<u64>(input, 16)
        s3 ^= load<u64>(input, 24)
        s4 ^= 1
      } else {
        const full = <u32>length >> 3
        const tail = tailLane(input, length)
        if (full >= 0) s0 ^= full == 0 ? tail : load<u64>(input)
        if (full >= 1) s1 ^= full == 1 ? tail : load<u64>(input, 8)
        if (full >= 2) s2 ^= full == 2 ? tail : load<u64>(input, 16)
        if (full >= 3) s3 ^= full == 3 ? tail : load<u64>(input, 24)
        if (full >= 4) s4 ^= full == 4 ? tail : load<u64>(input, 32)
        if (full >= 5) s5 ^= full == 5 ? tail : load<u64>(input, 40)
        if (full >= 6) s6 ^= full == 6 ? tail : load<u64>(input, 48)
        if (full >= 7) s7 ^= full == 7 ? tail : load<u64>(input, 56)
        if (full >= 8) s8 ^= full == 8 ? tail : load<u64>(input, 64)
        if (full >= 9) s9 ^= full == 9 ? tail : load<u64>(input, 72)
        if (full >= 10) s10 ^= full == 10 ? tail : load<u64>(input, 80)
        if (full >= 11) s11 ^= full == 11 ? tail : load<u64>(input, 88)
        if (full >= 12) s12 ^= full == 12 ? tail : load<u64>(input, 96)
        if (full >= 13) s13 ^= full == 13 ? tail : load<u64>(input, 104)
        if (full >= 14) s14 ^= full == 14 ? tail : load<u64>(input, 112)
        if (full >= 15) s15 ^= full == 15 ? tail : load<u64>(input, 120)
        if (full >= 16) s16 ^= full == 16 ? tail : load<u64>(input, 128)
      }
      s16 ^= 0x8000000000000000
      last = true
    }
    for (let rc = ROUND_CONSTANTS, end = rc + 192; rc < end; rc += 16) {
      c0 = s0 ^ s5 ^ s10 ^ s15 ^ s20
      c1 = s1 ^ s6 ^ s11 ^ s16 ^ s21
      c2 = s2 ^ s7 ^ s12 ^ s17 ^ s22
      c3 = s3 ^ s8 ^ s13 ^ s18 ^ s23
      c4 = s4 ^ s9 ^ s14 ^ s19 ^ s24
      d0 = c4 ^ rotl<u64>(c1, 1)
      d1 = c0 ^ rotl<u64>(c2, 1)
      d2 = c1 ^ rotl<u64>(c3, 1)
      d3 = c2 ^ rotl<u64>(c4, 1)
      d4 = c3 ^ rotl<u64>(c0, 1)
      b0 = s0 ^ d0
      b1 = rotl<u64>(s6 ^ d1, 44)
      b2 = rotl<u64>(s12 ^ d2, 43)
      b3 = rotl<u64>(s18 ^ d3, 21)
      b4 = rotl<u64>(s24 ^ d4, 14)
      t0 = b0 ^ (b1 | b2) ^ load<u64>(rc)
      t1 = b1 ^ (~b2 | b3)
      t2 = b2 ^ (b3 & b4)
      t3 = b3 ^ (b4 | b0)
      t4 = b4 ^ (b0 & b1)
      b0 = rotl<u64>(s3 ^ d3, 28)
      b1 = rotl<u64>(s9 ^ d4, 20)
      b2 = rotl<u64>(s10 ^ d0, 3)
      b3 = rotl<u64>(s16 ^ d1, 45)
      b4 = rotl<u64>(s22 ^ d2, 61)
      t5 = b0 ^ (b1 | b2)
      t6 = b1 ^ (b2 & b3)
      t7 = b2 ^ (b3 | ~b4)
      t8 = b3 ^ (b4 | b0)
      t9 = b4 ^ (b0 & b1)
      b0 = rotl<u64>(s1 ^ d1, 1)
      b1 = rotl<u64>(s7 ^ d2, 6)
      b2 = rotl<u64>(s13 ^ d3, 25)
      b3 = rotl<u64>(s19 ^ d4, 8)
      b4 = rotl<u64>(s20 ^ d0, 18)
      t10 = b0 ^ (b1 | b2)
      t11 = b1 ^ (b2 & b3)
      t12 = b2 ^ (~b3 & b4)
      t13 = ~b3 ^ (b4 | b0)
      t14 = b4 ^ (b0 & b1)
      b0 = rotl<u64>(s4 ^ d4, 27)
      b1 = rotl<u64>(s5 ^ d0, 36)
      b2 = rotl<u64>(s11 ^ d1, 10)
      b3 = rotl<u64>(s17 ^ d2, 15)
      b4 = rotl<u64>(s23 ^ d3, 56)
      t15 = b0 ^ (b1 & b2)
      t16 = b1 ^ (b2 | b3)
      t17 = b2 ^ (~b3 | b4)
      t18 = ~b3 ^ (b4 & b0)
      t19 = b4 ^ (b0 | b1)
      b0 = rotl<u64>(s2 ^ d2, 62)
      b1 = rotl<u64>(s8 ^ d3, 55)
      b2 = rotl<u64>(s14 ^ d4, 39)
      b3 = rotl<u64>(s15 ^ d0, 41)
      b4 = rotl<u64>(s21 ^ d1, 2)
      t20 = b0 ^ (~b1 & b2)
      t21 = ~b1 ^ (b2 | b3)
      t22 = b2 ^ (b3 & b4)
      t23 = b3 ^ (b4 | b0)
      t24 = b4 ^ (b0 & b1)
      c0 = t0 ^ t5 ^ t10 ^ t15 ^ t20
      c1 = t1 ^ t6 ^ t11 ^ t16 ^ t21
      c2 = t2 ^ t7 ^ t12 ^ t17 ^ t22
      c3 = t3 ^ t8 ^ t13 ^ t18 ^ t23
      c4 = t4 ^ t9 ^ t14 ^ t19 ^ t24
      d0 = c4 ^ rotl<u64>(c1, 1)
      d1 = c0 ^ rotl<u64>(c2, 1)
      d2 = c1 ^ rotl<u64>(c3, 1)
      d3 = c2 ^ rotl<u64>(c4, 1)
      d4 = c3 ^ rotl<u64>(c0, 1)
      b0 = t0 ^ d0
      b1 = rotl<u64>(t6 ^ d1, 44)
      b2 = rotl<u64>(t12 ^ d2, 43)
      b3 = rotl<u64>(t18 ^ d3, 21)
      b4 = rotl<u64>(t24 ^ d4, 14)
      s0 = b0 ^ (b1 | b2) ^ load<u64>(rc, 8)
      s1 = b1 ^ (~b2 | b3)
      s2 = b2 ^ (b3 & b4)
      s3 = b3 ^ (b4 | b0)
      s4 = b4 ^ (b0 & b1)
      b0 = rotl<u64>(t3 ^ d3, 28)
      b1 = rotl<u64>(t9 ^ d4, 20)
      b2 = rotl<u64>(t10 ^ d0, 3)
      b3 = rotl<u64>(t16 ^ d1, 45)
      b4 = rotl<u64>(t22 ^ d2, 61)
      s5 = b0 ^ (b1 | b2)
      s6 = b1 ^ (b2 & b3)
      s7 = b2 ^ (b3 | ~b4)
      s8 = b3 ^ (b4 | b0)
      s9 = b4 ^ (b0 & b1)
      b0 = rotl<u64>(t1 ^ d1, 1)
      b1 = rotl<u64>(t7 ^ d2, 6)
      b2 = rotl<u64>(t13 ^ d3, 25)
      b3 = rotl<u64>(t19 ^ d4, 8)
      b4 = rotl<u64>(t20 ^ d0, 18)
      s10 = b0 ^ (b1 | b2)
      s11 = b1 ^ (b2 & b3)
      s12 = b2 ^ (~b3 & b4)
      s13 = ~b3 ^ (b4 | b0)
      s14 = b4 ^ (b0 & b1)
      b0 = rotl<u64>(t4 ^ d4, 27)
      b1 = rotl<u64>(t5 ^ d0, 36)
      b2 = rotl<u64>(t11 ^ d1, 10)
      b3 = rotl<u64>(t17 ^ d2, 15)
      b4 = rotl<u64>(t23 ^ d3, 56)
      s15 = b0 ^ (b1 & b2)
      s16 = b1 ^ (b2 | b3)
      s17 = b2 ^ (~b3 | b4)
      s18 = ~b3 ^ (b4 & b0)
      s19 = b4 ^ (b0 | b1)
      b0 = rotl<u64>(t2 ^ d2, 62)
      b1 = rotl<u64>(t8 ^ d3, 55)
      b2 = rotl<u64>(t14 ^ d4, 39)
      b3 = rotl<u64>(t15 ^ d0, 41)
      b4 = rotl<u64>(t21 ^ d1, 2)
      s20 = b0 ^ (~b1 & b2)
      s21 = ~b1 ^ (b2 | b3)
      s22 = b2 ^ (b3 & b4)
      s23 = b3 ^ (b4 | b0)
      s24 = b4 ^ (b0 & b1)
    }
    if (last) break
  }
  store<u64>(out, s0)
  store<u64>(out, ~s1, 8)
  store<u64>(out, ~s2, 16)
  store<u64>(out, s3, 24)
}

/**
 * Hashes `count` messages of equal `length`, `stride` bytes apart, into `out` (32 bytes each; must not overlap the
 * input).
 */
export function keccak256Batch(inputs: usize, stride: usize, length: usize, count: u32, out: usize): void {
  let i: u32 = 0
  for (; i + 1 < count; i += 2) {
    keccakPair(inputs, length, inputs + stride, length, out, out + 32)
    inputs += stride + stride
    out += 64
  }
  if (i < count) keccak256(inputs, length, out)
}
