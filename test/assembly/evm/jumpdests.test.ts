import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Op } from '../../../src/abi/registry.js'
import { hex } from '../../../src/bytes.js'
import { testModule } from '../../support/test-module.js'
import { Random } from '../../support/words.js'

// Jump destinations found sixteen bytes at a time against the definition, byte by byte.

interface JumpdestExports {
  analyse(code: number, length: number, bitmap: number): void
}
const { exports: wasm, memory } = testModule<JumpdestExports>('assembly/evm/jumpdests.ts')
const bytes = new Uint8Array(memory.buffer)
const CODE = 1 << 20
const BITMAP = 1 << 21
/** Of bytes that are not the bitmap's. */
const MARK = 0xa5

/** Yellow Paper, 9.4.3: D(c). */
function reference(code: Uint8Array): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(code.length / 16) * 2)
  for (let at = 0; at < code.length; at++) {
    const op = code[at]!
    if (op === Op.JUMPDEST) bitmap[at >> 3]! |= 1 << (at & 7)
    if (op >= Op.PUSH1 && op <= Op.PUSH32) at += op - Op.PUSH0
  }
  return bitmap
}

/** At any alignment, with the zeros behind it that code has. */
function core(code: Uint8Array, offset: number): Uint8Array {
  const at = CODE + offset
  bytes.set(code, at)
  bytes.fill(0, at + code.length, at + code.length + 33)
  const size = Math.ceil(code.length / 16) * 2
  bytes.fill(MARK, BITMAP, BITMAP + size + 16)
  wasm.analyse(at, code.length, BITMAP)
  const after = bytes.slice(BITMAP + size, BITMAP + size + 16)
  assert.ok(
    after.every((byte) => byte === MARK),
    `writes behind the bitmap of ${code.length} bytes`,
  )
  return bytes.slice(BITMAP, BITMAP + size)
}

function compare(code: Uint8Array, offset = 0): void {
  const found = Buffer.from(core(code, offset))
  if (found.equals(reference(code))) return
  assert.is(hex(found), hex(reference(code)), `${code.length} bytes: ${hex(code.subarray(0, 200))}`)
}

const random = new Random(33)

/** Bytes of one kind; what is 0 to 255 in `kind` stands for itself, -1 for any PUSH, -2 for any byte. */
function mixture(length: number, kinds: readonly number[]): Uint8Array {
  return Uint8Array.from({ length }, () => {
    const kind = kinds[random.below(kinds.length)]!
    return kind === -1 ? Op.PUSH1 + random.below(32) : kind === -2 ? random.below(256) : kind
  })
}

const MIXTURES: readonly (readonly number[])[] = [
  [Op.JUMPDEST, -1],
  [Op.JUMPDEST, Op.JUMPDEST, Op.JUMPDEST, Op.STOP, -1],
  [Op.JUMPDEST, Op.PUSH1, Op.PUSH1, Op.PUSH1 + 1],
  [Op.JUMPDEST, ...Array.from({ length: 40 }, () => Op.STOP), -1],
  [Op.JUMPDEST, Op.PUSH1 + 14, Op.PUSH1 + 15, Op.PUSH1 + 16, Op.PUSH32],
  [Op.JUMPDEST, Op.STOP, Op.PUSH32],
  [Op.JUMPDEST, Op.PUSH0, 0x80, 0xdb, 0xe0, -1],
  [-2],
  [Op.JUMPDEST, -2],
]

test('every length up to 200, of every mixture, at every alignment', () => {
  for (let length = 0; length <= 200; length++) {
    for (const kinds of MIXTURES) {
      for (let i = 0; i < 12; i++) compare(mixture(length, kinds), random.below(16))
    }
  }
})

test('the longest codes', () => {
  for (const length of [24_575, 24_576, 49_151, 49_152]) {
    for (const kinds of [...MIXTURES, [Op.JUMPDEST], [Op.PUSH1], [Op.PUSH32], [Op.STOP]]) {
      compare(mixture(length, kinds), random.below(16))
    }
  }
})

test('one PUSH of each size at each place of three sixteens of JUMPDESTs, whole and cut off', () => {
  for (let op: number = Op.PUSH0; op <= Op.PUSH32; op++) {
    for (let at = 0; at < 48; at++) {
      for (const length of [at + 1, at + 17, 96]) {
        const code = new Uint8Array(length).fill(Op.JUMPDEST)
        code[at] = op
        compare(code)
      }
    }
  }
})

test('two PUSHes: data that looks like the next one', () => {
  for (let first: number = Op.PUSH1; first <= Op.PUSH32; first++) {
    for (let second: number = Op.PUSH1; second <= Op.PUSH32; second++) {
      for (const at of [0, 7, 15]) {
        for (const gap of [1, 2, first - Op.PUSH0, first - Op.PUSH0 + 1]) {
          const code = new Uint8Array(96).fill(Op.JUMPDEST)
          code[at] = first
          code[at + gap] = second
          compare(code)
        }
      }
    }
  }
})

test.run()
