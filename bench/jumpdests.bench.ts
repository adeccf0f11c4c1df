// Jump destination analysis of 24 KB of code, by what the code is made of.
import { Op } from '../src/abi/registry.js'
import { testModule } from '../test/support/test-module.js'
import { Random } from '../test/support/words.js'
import { measure, report } from './harness.js'

const { exports: wasm, memory } = testModule<{ analyse(code: number, length: number, bitmap: number): void }>(
  'assembly/evm/jumpdests.ts',
)
const bytes = new Uint8Array(memory.buffer)
const CODE = 1 << 20
const BITMAP = 1 << 21
const LENGTH = 24_576
const random = new Random(1)

const KINDS: Record<string, () => number> = {
  STOP: () => Op.STOP,
  JUMPDEST: () => Op.JUMPDEST,
  PUSH1: () => Op.PUSH1,
  PUSH32: () => Op.PUSH32,
  'any byte': () => random.below(256),
  'JUMPDEST and any PUSH': () => (random.below(2) === 0 ? Op.JUMPDEST : Op.PUSH1 + random.below(32)),
}
report(
  '24 KB of',
  Object.entries(KINDS).map(([name, byte]) => {
    bytes.set(Uint8Array.from({ length: LENGTH }, byte), CODE)
    return measure([{ name, run: () => wasm.analyse(CODE, LENGTH, BITMAP) }])[0]!
  }),
)
