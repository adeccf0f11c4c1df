// Microseconds of CPU time of a modular power in the core (assembly/bignum): odd and even moduli, the exponent 65537 and one
// of full length.
import { testModule } from '../test/support/test-module.js'
import { Random } from '../test/support/words.js'

interface PowerExports {
  freeBase(): number
  powerRepeat(
    rounds: number,
    input: number,
    baseLength: number,
    exponentLength: number,
    modulusLength: number,
    out: number,
    work: number,
  ): void
}
const { exports: wasm, memory } = testModule<PowerExports>('assembly/bignum/test-entry.ts')
const input = wasm.freeBase()
const out = input + 4096
const work = out + 2048
const bytes = new Uint8Array(memory.buffer)
const random = new Random(3)

function cpu(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function measure(size: number, exponent: Uint8Array, even: boolean): number {
  for (let i = 0; i < 2 * size + exponent.length; i++) bytes[input + i] = random.below(256)
  bytes.set(exponent, input + size)
  const modulus = bytes.subarray(input + size + exponent.length, input + 2 * size + exponent.length)
  modulus[0]! |= 0x80
  if (even) modulus[size - 1]! &= 0xe0
  else modulus[size - 1]! |= 1
  let rounds = 1
  let best = Number.POSITIVE_INFINITY
  for (let pass = 0; pass < 12; pass++) {
    const start = cpu()
    wasm.powerRepeat(rounds, input, size, exponent.length, size, out, work)
    const each = (cpu() - start) / rounds
    if (pass > 2) best = Math.min(best, each)
    rounds = Math.max(1, Math.floor(30_000 / (each + 0.1)))
  }
  return best
}

console.log('bytes   parity  exponent        us')
for (const size of [32, 64, 128, 192, 256, 512, 1024]) {
  for (const even of [false, true]) {
    for (const full of [false, true]) {
      const exponent = full ? Uint8Array.from({ length: size }, () => random.below(256) | 0x80) : Uint8Array.of(1, 0, 1)
      const time = measure(size, exponent, even).toFixed(1)
      console.log(
        `${String(size).padEnd(8)}${even ? 'even' : 'odd '}    ${full ? 'full ' : '65537'}${time.padStart(13)}`,
      )
    }
  }
}
