// The room assembly/bls12381 alone, in memory whose every byte has been something else.
import * as assert from 'uvu/assert'
import { BLS12381_OUTPUT, BLS12381_WORK } from '../../src/abi/core.generated.js'
import { hex } from '../../src/bytes.js'
import { testModule } from './test-module.js'
import type { Random } from './words.js'

interface Exports {
  takeChunks(count: number): number
  bls12381(id: number, input: number, length: number, out: number, work: number): number
}

/** What the contract at an address answers, `undefined` when the call fails. */
export type Contract = (id: number, input: Uint8Array) => Uint8Array | undefined

export function blsContract(random: Random): Contract {
  const { exports: wasm, memory } = testModule<Exports>('assembly/bls12381/test-entry.ts')
  const bytes = new Uint8Array(memory.buffer)
  const work = wasm.takeChunks(4) >>> 0
  const out = work + BLS12381_WORK + 64
  /** Off any alignment, as input can be. */
  const at = out + 1024 + 3
  return (id, input) => {
    bytes.fill(random.below(256), work, work + BLS12381_WORK)
    bytes.fill(0xa5, work + BLS12381_WORK, at + input.length + 64)
    bytes.set(input, at)
    const written = wasm.bls12381(id, at, input.length, out, work)
    const untouched = (from: number, to: number) => bytes.subarray(from, to).every((x) => x === 0xa5)
    assert.ok(untouched(work + BLS12381_WORK, out), 'written behind the working memory')
    assert.ok(untouched(out + BLS12381_OUTPUT, at), 'written behind the output')
    assert.ok(
      Buffer.compare(bytes.subarray(at, at + input.length), input) === 0,
      `the input is left alone: ${hex(input)}`,
    )
    return written < 0 ? undefined : bytes.slice(out, out + written)
  }
}
