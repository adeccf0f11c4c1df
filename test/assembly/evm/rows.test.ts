// Rows of opcodes (assembly/evm/rows.ts, fuse.ts): a code runs as it is at first, and from a copy with rows when it is entered
// again. What comes out must be the same, whatever fails, wherever gas ends.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rules } from '../../../src/abi/core.generated.js'
import { Op } from '../../../src/abi/registry.js'
import { address, play, program, RETURN_TOP, transaction } from '../../support/evmScenario.js'
import { Random } from '../../support/words.js'

const INTRINSIC = 21_000n
/** More than the entries after which a code has its copy. */
const TIMES = 8

type Part = number[]

/** A code of rows in any order: its stack is filled first, with places of it too, so that jumps lead somewhere. */
function codeOfRows(random: Random, unique: number): Uint8Array {
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!
  const byte = () => pick([0, 1, 2, 4, 31, 32, 64, 255, random.below(256)])
  const dup = () => Op.DUP1 + random.below(16)
  const swap = () => Op.SWAP1 + random.below(16)
  const near = () => Op.DUP1 + random.below(3)
  const parts: Part[] = []
  const labels: number[] = []
  /** Where a target is to come: part, byte in it. */
  const holes: [number, number][] = []
  const leads = (before: number[], jump: number): Part => {
    holes.push([parts.length, before.length + 1])
    return [...before, Op.PUSH2, 0, 0, jump]
  }
  const pops = () => Array.from({ length: 1 + random.below(3) }, () => Op.POP)
  const ones = () => [
    Op.PUSH1,
    pick([1, 1, 1, 2]),
    Op.PUSH1,
    1,
    Op.PUSH1,
    pick([0, 8, 64, 128, 160, 248, 7]),
    Op.SHL,
    Op.SUB,
  ]
  const selector = [1, 2, 3, 4]
  const kinds: (() => Part)[] = [
    () => leads([], Op.JUMP),
    () => leads([dup()], Op.JUMP),
    ...[[], [Op.ISZERO], [Op.EQ], [Op.LT], [Op.GT], [Op.LT, Op.ISZERO], [Op.GT, Op.ISZERO]].map(
      (before) => () => leads(before, Op.JUMPI),
    ),
    () => leads([dup()], Op.JUMPI),
    () => leads([dup(), Op.ISZERO], Op.JUMPI),
    () => leads([Op.PUSH4, ...selector, Op.DUP1, Op.PUSH4, ...pick([selector, [0, 0, 0, 9]]), Op.EQ], Op.JUMPI),
    () => [swap(), Op.JUMP],
    () => [...pops(), Op.JUMP],
    () => [swap(), swap(), ...pops(), Op.JUMP],
    pops,
    () => [swap(), Op.POP],
    () => [dup(), dup(), ...pick([[], [Op.ADD], [Op.SUB], [Op.LT]])],
    () => [swap(), swap(), ...pick([[], [swap()], [Op.ADD]])],
    () => [swap(), dup()],
    () => [dup(), swap()],
    () => [Op.PUSH1, byte(), Op.SWAP1, near(), Op.MSTORE],
    () => [dup(), pick([Op.AND, Op.ADD])],
    () => [Op.PUSH1, byte(), Op.DUP1, pick([Op.MLOAD, Op.MSTORE])],
    () => [dup(), pick([Op.MLOAD, Op.MSTORE])],
    () => [Op.PUSH1, byte(), near(), Op.MSTORE, Op.PUSH1, byte(), Op.ADD],
    () => [dup(), Op.PUSH1, byte(), Op.ADD, ...pick([[], [Op.MLOAD]])],
    () => [Op.PUSH1, byte(), Op.PUSH1, byte()],
    () => [Op.PUSH1, byte(), near(), ...pick([[], [Op.MLOAD], [Op.ADD], [Op.ADD, Op.MSTORE], [dup()]])],
    () => [Op.PUSH2, byte(), byte(), dup(), dup()],
    () => [Op.PUSH1, byte(), pick([Op.ADD, Op.SHL, Op.SHR, Op.MLOAD, Op.MSTORE])],
    () => [Op.PUSH20, ...Array.from({ length: 20 }, byte), Op.AND],
    () => [...ones(), ...pick([[], [Op.AND], [dup(), Op.AND]])],
    () => [pick([Op.PC, Op.MSIZE, Op.GAS, Op.NOT, Op.MUL, Op.ISZERO, Op.PUSH32])],
  ]
  const seldom: (() => Part)[] = [
    () => [0xb0 + random.below(0x30), byte()],
    () => [0xe6 + random.below(3), random.below(256)],
    () => [Op.PUSH2, byte(), byte(), pick([Op.JUMP, Op.JUMPI])],
  ]
  const filled = random.below(4) === 0 ? random.below(6) : 20
  for (let i = 0; i < filled; i++) {
    if (random.below(2) === 0) parts.push(leads([], 0).slice(0, 3))
    else parts.push([Op.PUSH1, byte()])
  }
  for (let i = 0, rows = 5 + random.below(40); i < rows; i++) {
    if (random.below(3) === 0) {
      labels.push(parts.length)
      parts.push([Op.JUMPDEST])
    }
    parts.push(pick(random.below(40) === 0 ? seldom : kinds)())
  }
  labels.push(parts.length)
  parts.push([Op.JUMPDEST, ...RETURN_TOP], [unique >> 8, unique & 255])
  const places = parts.map(() => 0)
  for (let i = 1; i < parts.length; i++) places[i] = places[i - 1]! + parts[i - 1]!.length
  for (const [part, at] of holes) {
    const target = places[pick(labels)]!
    parts[part]!.splice(at, 2, target >> 8, target & 255)
  }
  return Uint8Array.from(parts.flat())
}

for (const [name, rules] of [
  ['Osaka', Rules.OSAKA],
  ['Amsterdam', Rules.AMSTERDAM],
  ['Byzantium, which shifts nothing', Rules.BYZANTIUM],
] as const) {
  test(`rows do what their opcodes do: ${name}`, () => {
    const random = new Random(44 + rules)
    const codes = Array.from({ length: 1500 }, (_, i) => codeOfRows(random, i))
    const limits = codes.map(
      () => INTRINSIC + BigInt([40, 120, 400, 3_000, 20_000][random.below(5)]! + random.below(40)),
    )
    const calls = codes.flatMap((_, i) =>
      Array.from({ length: TIMES }, (_, time) =>
        transaction({ type: 0, to: address(i + 2), gasLimit: limits[i]!, nonce: BigInt(i * TIMES + time) }),
      ),
    )
    const { outcomes } = play(
      codes.map((code, i) => [address(i + 2), { code }]),
      calls,
      { rules },
    )
    const ends = new Set<string>()
    for (const [i, code] of codes.entries()) {
      const [first, ...others] = outcomes.slice(i * TIMES, (i + 1) * TIMES)
      for (const other of others) assert.equal(other, first, `${limits[i]} gas: ${Buffer.from(code).toString('hex')}`)
      ends.add(first!.kind === 0 ? first!.error : String(first!.kind))
    }
    // Not all of them end in the same way.
    for (const end of ['1', 'out of gas', 'stack underflow', 'invalid JUMP']) assert.ok(ends.has(end), end)
  })
}

test('a row at the end of the stack fails as its first opcode that does not fit', () => {
  const full = Array.from({ length: 1023 }, () => Op.PUSH0)
  const rows = [
    [[Op.PUSH1, 1, Op.PUSH1, 1], 'stack overflow'],
    [[Op.DUP1, Op.DUP1], 'stack overflow'],
    [[Op.PUSH1, 1, Op.POP], undefined],
    [[Op.PUSH1, 1, Op.ADD], undefined],
  ] as const
  for (const [row, error] of rows) {
    const calls = Array.from({ length: TIMES }, (_, i) => transaction({ to: address(2), nonce: BigInt(i) }))
    const { outcomes } = play([[address(2), { code: program(...full, ...row) }]], calls)
    for (const outcome of outcomes) assert.is(outcome.kind === 0 ? outcome.error : undefined, error)
  }
})

test('the hash of 64 bytes, again and of others, in one transaction and in the next', () => {
  // keccak-256 of the two words of the input, and again after one bit of memory has changed.
  const hash = program(64n, 0n, Op.KECCAK256)
  const code = program(
    ...[0n, Op.CALLDATALOAD, 0n, Op.MSTORE, 32n, Op.CALLDATALOAD, 32n, Op.MSTORE],
    ...[hash, 1n, 63n, Op.MSTORE8, hash, Op.SUB, hash, Op.ADD],
    RETURN_TOP,
  )
  const inputs = Array.from({ length: 6 }, (_, i) => new Uint8Array(64).fill(i % 3, 12))
  const calls = inputs.map((data, i) => transaction({ to: address(2), data, nonce: BigInt(i) }))
  const results = (txs: typeof calls) =>
    play([[address(2), { code }]], txs).outcomes.map((outcome) => {
      assert.is(outcome.kind, 1)
      return Buffer.from((outcome as { returnData: Uint8Array }).returnData).toString('hex')
    })
  const together = results(calls)
  assert.is(new Set(together).size, 3)
  assert.equal(
    together,
    calls.flatMap((call) => results([{ ...call, nonce: 0n }])),
  )
})

test.run()
