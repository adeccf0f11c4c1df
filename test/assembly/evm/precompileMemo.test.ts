// What is remembered of signatures and proofs (assembly/evm/precompileMemo.ts): in a block where they come again and again, each
// gets what it gets in a block of its own, where nothing is remembered.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rules } from '../../../src/abi/core.generated.js'
import { Op, Precompile } from '../../../src/abi/registry.js'
import { hex, toBytes } from '../../../src/bytes.js'
import { PRECOMPILED } from '../../../src/workloads/worst/precompiles.js'
import { address, play, program, RETURN_TOP, transaction } from '../../support/evmScenario.js'
import { callOutputs } from '../../support/precompileCalls.js'
import { Random } from '../../support/words.js'

const random = new Random(28)
const outputs = (id: number, inputs: Uint8Array[]) => callOutputs(id, inputs, Rules.OSAKA)
const valid = (id: number) => PRECOMPILED.find(({ precompile }) => precompile === id)!.input

function flipped(input: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(input)
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

for (const [name, id] of [
  ['ECRECOVER', Precompile.ECREC],
  ['point evaluation', Precompile.KZG_POINT_EVALUATION],
  ['P256VERIFY', Precompile.P256VERIFY],
] as const) {
  test(`${name}: again, with a bit changed, shorter and longer, in any order`, () => {
    const input = valid(id)
    const bits = Array.from({ length: 8 }, () => random.below(8 * input.length))
    const kinds = [
      input,
      ...bits.map((bit) => flipped(input, bit)),
      input.subarray(1),
      concatBytes(input, Uint8Array.of(0)),
      new Uint8Array(0),
    ]
    const alone = kinds.map((each) => outputs(id, [each])[0])
    assert.is.not(alone[0], alone[1])
    const order = Array.from({ length: 30 }, () => random.below(kinds.length))
    assert.equal(
      outputs(
        id,
        order.map((index) => kinds[index]!),
      ),
      order.map((index) => alone[index]),
    )
  })
}

const SECRET = keccak_256(Uint8Array.of(1))
function recoverable(index: number): [input: Uint8Array, signer: string] {
  const hash = keccak_256(toBytes(BigInt(index), 32))
  const signature = secp256k1.sign(hash, SECRET, { prehash: false, format: 'recovered' })
  const key = secp256k1.getPublicKey(SECRET, false).subarray(1)
  return [
    concatBytes(hash, toBytes(BigInt(27 + signature[0]!), 32), signature.subarray(1)),
    hex(concatBytes(new Uint8Array(12), keccak_256(key).subarray(12))),
  ]
}

test('more signatures than there is room for, twice', () => {
  const all = Array.from({ length: 160 }, (_, index) => recoverable(index))
  const twice = [...all, ...all]
  assert.equal(
    outputs(
      Precompile.ECREC,
      twice.map(([input]) => input),
    ),
    twice.map(([, signer]) => signer),
  )
})

const jumpTo = (at: number) => Uint8Array.of(Op.PUSH2, at >> 8, at & 255)

/** Calls itself as often as its input says; then come 255 calls of ECRECOVER. Returns how many calls have returned. */
function descending(self: Uint8Array): Uint8Array {
  const head = (descend: number) => program(0n, Op.CALLDATALOAD, Op.DUP1, jumpTo(descend), Op.JUMPI, 255n)
  const loop = head(0).length
  const last = program(
    ...[Op.JUMPDEST, Op.DUP1, 0n, Op.MSTORE, 27n, 32n, Op.MSTORE, 5n, 64n, Op.MSTORE, 7n, 96n, Op.MSTORE],
    ...[0n, 0n, 128n, 0n, 0n, 1n, Op.GAS, Op.CALL, Op.POP],
    ...[1n, Op.SWAP1, Op.SUB, Op.DUP1, jumpTo(loop), Op.JUMPI, 0n, RETURN_TOP],
  )
  const descend = program(
    ...[Op.JUMPDEST, 1n, Op.SWAP1, Op.SUB, 0n, Op.MSTORE, 32n, 0n, 32n, 0n, 0n],
    ...[Op.PUSH20, self, Op.GAS, Op.CALL, 0n, Op.MLOAD, Op.ADD, RETURN_TOP],
  )
  return concatBytes(head(loop + last.length), last, descend)
}

test('what is remembered lies where no frame does, 1024 calls deep', () => {
  const self = address(2)
  const data = toBytes(1023n, 32)
  const to = transaction({ to: self, data, gasLimit: 1n << 44n, maxFeePerGas: 7n, maxPriorityFeePerGas: 0n })
  const accounts: [Uint8Array, { balance?: bigint; code?: Uint8Array }][] = [
    [address(1), { balance: 10n ** 30n }],
    [self, { code: descending(self) }],
  ]
  const [outcome] = play(accounts, [to], { rules: Rules.PRAGUE, gasLimit: 1n << 45n }).outcomes
  assert.is(outcome?.kind === 1 && hex(outcome.returnData), hex(toBytes(1023n, 32)))
})

/** Microseconds of CPU. */
function time(run: () => void): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return user + system
}

test('what comes again is not computed again', () => {
  const input = valid(Precompile.KZG_POINT_EVALUATION)
  const again = Array<Uint8Array>(60).fill(input)
  // A proof that does not hold is not remembered.
  const others = again.map((each) => flipped(each, 300))
  const once = Math.min(...[0, 1].map(() => time(() => outputs(Precompile.KZG_POINT_EVALUATION, again))))
  const each = Math.min(...[0, 1].map(() => time(() => outputs(Precompile.KZG_POINT_EVALUATION, others))))
  assert.ok(once < each / 4, `${once} us, ${each} us`)
})

test.run()
