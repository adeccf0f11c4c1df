// A set-up module with contracts that throw for what they are given too early, and that take their time, so that threads meet there.
import { appendFileSync } from 'node:fs'
import type { CustomPrecompile } from '../../src/index.js'
import { Random } from '../../src/workloads/random.js'

const at = (last: number): string => `0x${last.toString(16).padStart(40, '0')}`

/** Waits: up to 0.5 ms, by its input. */
export const WAITER = at(0x5100)
/** Of two words: the first plus one where they are the same; else it throws, and a byte more is in the file PARALLEVM_TEST_FAULT. */
export const CHECKER = at(0x5101)

const pause = new Int32Array(new SharedArrayBuffer(4))

function wait(input: Uint8Array): void {
  const random = new Random(Buffer.from(input.subarray(-4)).readUInt32BE(), 'wait')
  const kind = random.below(4)
  if (kind === 0) Atomics.wait(pause, 0, 0, random.below(500) / 1000)
  else if (kind === 1) for (let i = random.below(20_000); i > 0; i--) Atomics.load(pause, 0)
}

/** What is thrown need not be an error. */
const THROWN = [new Error('too early'), undefined, 'too early', Object.create(null), new RangeError('too early')]

function check(input: Uint8Array): void {
  if (Buffer.compare(input.subarray(0, 32), input.subarray(32, 64)) === 0) return
  appendFileSync(process.env.PARALLEVM_TEST_FAULT as string, 'x')
  wait(input)
  throw THROWN[(input[31] as number) % THROWN.length]
}

export const customPrecompiles: CustomPrecompile[] = [
  {
    address: WAITER,
    gas: () => 10n,
    run(input) {
      wait(input)
      return new Uint8Array(0)
    },
  },
  {
    address: CHECKER,
    gas(input) {
      // Every other one throws where gas is asked for already.
      if ((input[31] as number) % 2 === 1) check(input)
      return 50n
    },
    run(input) {
      check(input)
      wait(input)
      const output = input.slice(0, 32)
      new DataView(output.buffer).setUint32(28, Buffer.from(output).readUInt32BE(28) + 1)
      return output
    },
  },
]
