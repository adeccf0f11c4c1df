// Compiled by test/assembly/bignum/power.test.ts and bench/modexp.bench.ts only.
import { power, preparePower, setBase } from './power'

/** The address from which memory is free. */
export function freeBase(): usize {
  return __heap_base
}

/**
 * Writes base ^ exponent mod modulus to `out`. The operands lie one after the other at `input`, of which `present`
 * bytes are there. Returns the bytes of memory at `work` that it used, 0 when the modulus is too long.
 */
export function powerTest(
  input: usize, present: usize, baseLength: usize, exponentLength: usize, modulusLength: usize, out: usize,
  work: usize,
): usize {
  const modulus = baseLength + exponentLength
  setBase(input, there(present, 0, baseLength), baseLength)
  const size = preparePower(
    input + baseLength,
    there(present, baseLength, exponentLength),
    exponentLength,
    input + modulus,
    there(present, modulus, modulusLength),
    modulusLength,
  )
  if (size != 0) power(work, out)
  return size
}

function there(present: usize, offset: usize, bytes: usize): usize {
  return offset >= present ? 0 : min(present - offset, bytes)
}

/** The same many times, for benchmarks. */
export function powerRepeat(
  rounds: u32, input: usize, baseLength: usize, exponentLength: usize, modulusLength: usize, out: usize, work: usize,
): void {
  const present = baseLength + exponentLength + modulusLength
  for (let i: u32 = 0; i < rounds; i++) powerTest(input, present, baseLength, exponentLength, modulusLength, out, work)
}
