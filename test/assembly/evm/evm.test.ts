// The core's EVM by hand-written scenarios. The official state tests: statetest.test.ts; whole blocks: evmBlocks.test.ts.

import { generateAddress2 } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockMode, O_CODE, OUTCOME_INVALID, Refusal, Rules, Source, Task } from '../../../src/abi/core.generated.js'
import { decodeOutcome } from '../../../src/abi/outcome.js'
import { OutOfSpaceError } from '../../../src/errors.js'
import { BlockCore } from '../../../src/wasm/blockCore.js'
import { Core } from '../../../src/wasm/core.js'
import { EvmCore } from '../../../src/wasm/evm.js'
import { compile, instantiate } from '../../../src/wasm/instance.js'
import { newMachine } from '../../support/evmMachine.js'
import {
  address,
  COINBASE,
  change,
  ENV,
  evaluate,
  play,
  playOn,
  program,
  RETURN_TOP,
  SENDER,
  setAccounts,
  transaction,
  word,
} from '../../support/evmScenario.js'
import { hex } from '../../support/mapState.js'

const BASE_GAS = 21000n

test('PUSH1 to PUSH32 push their bytes', () => {
  for (let n = 1; n <= 32; n++) {
    const data = Uint8Array.from({ length: n }, (_, i) => 0xf1 - i)
    const got = evaluate(program(0x5f + n, data, RETURN_TOP))
    assert.is(got, BigInt(`0x${hex(data)}`), `PUSH${n}`)
  }
})

test('a PUSH that the code cuts short reads zeros', () => {
  // CODESIZE after a jump over nothing: the code ends inside PUSH4, so execution stops without an error.
  const { outcomes } = play([[address(2), { code: program(0x63, 0xff) }]], [transaction({ to: address(2) })])
  assert.is(outcomes[0]!.kind, 1)
})

test('DUP1 to DUP16 and SWAP1 to SWAP16 take the right word', () => {
  const seventeen = Array.from({ length: 17 }, (_, i) => BigInt(100 + i))
  for (let n = 1; n <= 16; n++) {
    assert.is(evaluate(program(...seventeen, 0x7f + n, RETURN_TOP)), BigInt(117 - n), `DUP${n}`)
    assert.is(evaluate(program(...seventeen, 0x8f + n, RETURN_TOP)), BigInt(116 - n), `SWAP${n}`)
  }
})

test('the stack holds 1024 words, and its ends are guarded', () => {
  const fill = (n: number) => program(...Array.from({ length: n }, () => 0x5f))
  const run = (code: Uint8Array) => play([[address(2), { code }]], [transaction({ to: address(2) })]).outcomes[0]!
  assert.is(run(fill(1024)).kind, 1)
  for (const [code, error] of [
    [fill(1025), 'stack overflow'],
    [program(fill(1024), 0x80), 'stack overflow'],
    [program(0x50), 'stack underflow'],
    [program(0x5f, 0x90), 'stack underflow'],
    [program(0x5f, 0x01), 'stack underflow'],
    [program(5n, 0x56), 'invalid JUMP'],
    [program(0x0c), 'invalid opcode'],
  ] as const) {
    const outcome = run(code)
    assert.is(outcome.kind, 0)
    if (outcome.kind === 0) assert.equal([outcome.error, outcome.gasUsed], [error, 1_000_000n])
  }
})

test('a jump into the data of a PUSH is refused', () => {
  // PUSH1 3, JUMP, PUSH1 0x5b: offset 4 is a JUMPDEST byte, but data.
  const { outcomes } = play([[address(2), { code: program(4n, 0x56, 0x60, 0x5b) }]], [transaction({ to: address(2) })])
  assert.is(outcomes[0]!.kind, 0)
})

test('memory expansion costs 3 a word and words^2 / 512', () => {
  for (const offset of [0n, 31n, 1024n, 100_000n]) {
    const { outcomes } = play([[address(2), { code: program(1n, offset, 0x52) }]], [transaction({ to: address(2) })])
    const words = (offset + 32n + 31n) / 32n
    const pushes = offset === 0n ? 3n + 3n : 6n
    const gas = BASE_GAS + pushes + 3n + 3n * words + (words * words) / 512n
    assert.is((outcomes[0] as { gasUsed: bigint }).gasUsed, gas, `offset ${offset}`)
  }
})

/** Counts in slot 0 and calls itself with all its gas. */
const RECURSE = program(0n, 0x54, 1n, 0x01, 0n, 0x55, 0n, 0n, 0n, 0n, 0n, 0x30, 0x5a, 0xf1, 0x00)

test('calls nest 1024 deep below the first frame, without host recursion', () => {
  const { outcomes, diff } = play(
    [
      [address(2), { code: RECURSE }],
      [SENDER, { balance: 10n ** 30n }],
    ],
    [transaction({ to: address(2), gasLimit: 1n << 39n })],
    { rules: Rules.CANCUN },
  )
  assert.is(outcomes[0]!.kind, 1)
  assert.equal(
    change(diff, address(2))!.storage.map(({ value }) => hex(value)),
    [hex(word(1025n))],
  )
})

test('a reverted call leaves no storage, transient storage, logs, balance or refund', () => {
  // Writes everywhere, then reverts.
  const child = program(0n, 5n, 0x55, 9n, 6n, 0x5d, 0n, 0n, 0xa0, 0n, 0n, 0xfd)
  // Calls it with 3 wei, then stores 1 + success and the transient value of slot 6 (its own: 0).
  const parent = program(0n, 0n, 0n, 0n, 3n, 0x73, address(3), 0x5a, 0xf1, 1n, 0x01, 0n, 0x55)
  const { outcomes, diff } = play(
    [
      [address(2), { code: parent, balance: 10n }],
      [address(3), { code: child, storage: { 5: 8n } }],
    ],
    [transaction({ to: address(2) })],
  )
  assert.equal((outcomes[0] as { logs: unknown[] }).logs, [])
  assert.is(change(diff, address(3)), undefined)
  assert.equal(
    change(diff, address(2))!.storage.map(({ value }) => hex(value)),
    [hex(word(1n))],
  )
  assert.is(change(diff, address(2))!.balance, 10n)
})

test('a transaction that breaks a rule is refused and changes nothing', () => {
  const code = program(0x00)
  for (const [fields, rule] of [
    [{ nonce: 1n }, Refusal.NONCE_TOO_HIGH],
    [{ gasLimit: 20999n }, Refusal.INTRINSIC_GAS_TOO_LOW],
    [{ maxFeePerGas: 6n, maxPriorityFeePerGas: 0n }, Refusal.FEE_BELOW_BASE_FEE],
    [{ maxPriorityFeePerGas: 11n }, Refusal.PRIORITY_ABOVE_MAX_FEE],
    [{ value: 10n ** 18n }, Refusal.INSUFFICIENT_FUNDS],
    [{ sender: address(3) }, Refusal.SENDER_NOT_EOA],
    [{ gasLimit: 1n << 41n }, Refusal.GAS_LIMIT_ABOVE_BLOCK],
    [{ type: 3 }, Refusal.NO_BLOBS],
    [{ type: 4 }, Refusal.NO_AUTHORISATIONS],
    [{ chainId: 5n }, Refusal.WRONG_CHAIN],
    [{ data: new Uint8Array(40_000).fill(1), gasLimit: 700_000n }, Refusal.FLOOR_GAS_TOO_LOW],
  ] as const) {
    const { raw, outcomes, diff } = play(
      [[address(3), { code, balance: 10n ** 18n }]],
      [transaction({ to: address(2), ...fields })],
    )
    assert.is(outcomes[0]!.kind, 2)
    assert.is(raw[0]![O_CODE], rule)
    assert.equal(diff, [])
  }
})

test('transfers move value and pay base fee and tip; the fee recipient is credited once for both', () => {
  const to = address(9)
  const { outcomes, diff } = play(
    [],
    [0n, 1n].map((nonce) => transaction({ to, nonce, value: 5n })),
  )
  assert.equal(
    outcomes.map((outcome) => (outcome as { gasUsed: bigint }).gasUsed),
    [BASE_GAS, BASE_GAS],
  )
  assert.is(change(diff, to)!.balance, 10n)
  assert.is(change(diff, COINBASE)!.balance, 2n * BASE_GAS)
  assert.is(change(diff, SENDER)!.balance, 10n ** 18n - 10n - 2n * BASE_GAS * 8n)
})

test('CREATE2 makes the contract at the address of EIP-1014, with the code that the init code returned', () => {
  // Init code: returns one byte of memory (0), so the code is a single STOP.
  const init = program(1n, 0n, 0xf3)
  const code = program(
    0x60 + init.length - 1,
    init,
    0n,
    0x52,
    7n,
    BigInt(init.length),
    BigInt(32 - init.length),
    0n,
    0xf5,
    RETURN_TOP,
  )
  const { outcomes, diff } = play([[address(2), { code }]], [transaction({ to: address(2) })])
  const made = generateAddress2(address(2), word(7n), init)
  assert.is(hex((outcomes[0] as { returnData: Uint8Array }).returnData), '00'.repeat(12) + hex(made))
  const account = change(diff, made)!
  assert.equal([account.nonce, hex(account.code!)], [1n, '00'])
})

test('what the state does not have in memory suspends the transaction, which runs again to the same end', () => {
  const machine = newMachine()
  const { block, evm } = machine
  const code = program(3n, 0x54, 4n, 0x54, 0x01, RETURN_TOP)
  const tx = transaction({ to: address(2) })
  const scenario: Parameters<typeof setAccounts>[1] = [[address(2), { code, storage: { 3: 30n, 4: 4n } }]]
  const wanted = play(scenario, [tx])
  block.setSource(Source.ASYNC)
  evm.setBlock(ENV)
  block.blockBegin(1, 1, BlockMode.SEQUENTIAL)
  const asked: string[] = []
  for (let task = block.nextTask(); task >= 0; task = block.nextTask()) {
    if (evm.run(task, tx)) continue
    const missing = block.missingOf(task)!
    asked.push(missing.kind)
    if (missing.kind === 'account') {
      if (hex(missing.address) === hex(COINBASE)) block.setBaseAccount(COINBASE, undefined)
      else setAccounts(machine, hex(missing.address) === hex(address(2)) ? [[address(2), { code }]] : [])
    } else block.setBaseSlot(missing.address, missing.key!, word(missing.key![31] === 3 ? 30n : 4n))
    assert.ok(block.exports.resumeTx(task))
  }
  assert.is(asked.filter((kind) => kind === 'storage').length, 2)
  assert.is(hex(block.outcome(0)!), hex(wanted.raw[0]!))
})

test('a hash of an ancestor that the host did not give is an outcome, to be judged at the commit', () => {
  const machine = newMachine()
  setAccounts(machine, [[address(2), { code: program(998n, 0x40, RETURN_TOP) }]])
  machine.evm.setBlock(ENV) // block 1000 with the hash of 999 only
  machine.block.blockBegin(1, 1, BlockMode.SEQUENTIAL)
  assert.is(machine.block.nextTask(), 0)
  assert.is(machine.evm.run(0, transaction({ to: address(2) })), true)
  assert.is(machine.block.nextTask(), Task.DONE)
  const outcome = decodeOutcome(machine.block.outcome(0)!)
  assert.is(outcome.kind, OUTCOME_INVALID)
  if (outcome.kind === OUTCOME_INVALID) assert.is(outcome.rule, 'BLOCK_HASH_MISSING')
})

test('an EIP-7702 authorisation delegates, and a call of the authority runs the code in its place', () => {
  const authority = address(0x77)
  const code = program(0x30, 0n, 0x55) // stores its own address
  const { diff } = play(
    [[address(2), { code }]],
    [
      transaction({
        type: 4,
        to: authority,
        authorisations: [
          { chainId: 1n, address: address(2), nonce: 0n, authority },
          { chainId: 1n, address: address(3), nonce: 0n, authority }, // the nonce is 1 by now: skipped
          { chainId: 2n, address: address(3), nonce: 1n, authority }, // another chain: skipped
          { chainId: 1n, address: address(3), nonce: 1n, authority: undefined }, // no signer: skipped
        ],
      }),
    ],
  )
  const account = change(diff, authority)!
  assert.equal([account.nonce, hex(account.code!)], [1n, `ef0100${hex(address(2))}`])
  assert.equal(
    account.storage.map(({ value }) => hex(value)),
    [`${'00'.repeat(12)}${hex(authority)}`],
  )
})

test('a system call has neither nonce nor fees', () => {
  const { outcomes, diff } = play(
    [[address(2), { code: program(0x33, 0n, 0x55, 42n, RETURN_TOP) }]],
    [transaction({ sender: address(0xfe), to: address(2), gasLimit: 30_000_000n, system: true })],
  )
  assert.is(BigInt(`0x${hex((outcomes[0] as { returnData: Uint8Array }).returnData)}`), 42n)
  assert.equal(
    diff.map((account) => hex(account.address)),
    [hex(address(2))],
  )
})

test('opcodes of later forks are invalid before them', () => {
  const pushes = [1n, 1n, 1n, 1n]
  for (const [name, op, rules] of [
    ['SHL', 0x1b, Rules.CONSTANTINOPLE],
    ['CLZ', 0x1e, Rules.OSAKA],
    ['EXTCODEHASH', 0x3f, Rules.CONSTANTINOPLE],
    ['CHAINID', 0x46, Rules.ISTANBUL],
    ['BASEFEE', 0x48, Rules.LONDON],
    ['BLOBHASH', 0x49, Rules.CANCUN],
    ['MCOPY', 0x5e, Rules.CANCUN],
    ['TLOAD', 0x5c, Rules.CANCUN],
    ['PUSH0', 0x5f, Rules.SHANGHAI],
    ['RETURNDATASIZE', 0x3d, Rules.BYZANTIUM],
  ] as const) {
    const run = (at: number) =>
      play(
        [[address(2), { code: program(...pushes, op, 0x00) }]],
        [transaction({ type: 0, to: address(2), maxPriorityFeePerGas: undefined })],
        { rules: at as Rules, baseFee: at >= Rules.LONDON ? 7n : 0n },
      ).outcomes[0]!
    assert.is(run(rules).kind, 1, `${name} at ${rules}`)
    const before = run(rules - 1)
    assert.is(before.kind === 0 && before.error, 'invalid opcode', `${name} before ${rules}`)
  }
})

test('memory that cannot grow is a typed error, and the thread goes on with the next block', () => {
  const machine = newMachine({ maxBytes: 48 << 20 })
  const code = program(1n, 1n << 26n, 0x52) // 64 MiB of EVM memory
  setAccounts(machine, [
    [address(2), { code }],
    [SENDER, { balance: 10n ** 30n }],
  ])
  const tx = transaction({ to: address(2), gasLimit: 1n << 39n })
  assert.throws(
    () => playOn(machine, [tx]),
    (error: unknown) => error instanceof OutOfSpaceError,
  )
  machine.block.exports.abandonBlock()
  const { outcomes } = playOn(machine, [transaction({ to: address(9), value: 1n })])
  assert.is(outcomes[0]!.kind, 1)
})

test('after deep calls and big tables a thread gives memory back', () => {
  const machine = newMachine()
  // Stores to ever new transient slots until the gas is gone.
  const fill = program(0n, 0x5b, 1n, 0x01, 0x80, 0x80, 0x5d, 2n, 0x56)
  setAccounts(machine, [
    [address(2), { code: RECURSE }],
    [address(3), { code: fill }],
    [SENDER, { balance: 10n ** 30n }],
  ])
  const small = (nonce: bigint) => transaction({ to: address(9), nonce })
  playOn(machine, [small(0n)])
  machine.block.exports.abandonBlock()
  const before = machine.block.exports.usedBytes()
  playOn(machine, [
    transaction({ to: address(2), gasLimit: 1n << 39n }),
    transaction({ to: address(3), gasLimit: 60_000_000n, nonce: 1n }),
    small(2n),
  ])
  machine.block.exports.abandonBlock()
  assert.ok(machine.block.exports.usedBytes() - before < 16n << 20n)
})

test('another instance takes over a thread', () => {
  const machine = newMachine()
  setAccounts(machine, [])
  playOn(machine, [transaction({ to: address(9), value: 1n })])
  machine.block.exports.abandonBlock()
  const { memory } = machine.block.core
  const block = new BlockCore(new Core(memory, instantiate(compile(), memory)), 0)
  const { outcomes } = playOn({ block, evm: new EvmCore(block, 0) }, [transaction({ to: address(9), value: 1n })])
  assert.is(outcomes[0]!.kind, 1)
})

test('the empty RIPEMD-160 account touched by a failed call goes away (EIP-161), and did not appear before', () => {
  // A callee that calls 0x03 with nothing and then halts.
  const callee = program(0n, 0n, 0n, 0n, 0n, 3n, 1000n, 0xf1, 0xfe)
  const caller = program(0n, 0n, 0n, 0n, 0n, 0x73, address(3), 50_000n, 0xf1)
  const ripemd = new Uint8Array(20).fill(3, 19)
  const run = (rules: Rules, empty: boolean) =>
    play(
      [
        [address(2), { code: caller }],
        [address(3), { code: callee }],
        ...(empty ? [[ripemd, {}] as [Uint8Array, object]] : []),
      ],
      [transaction({ type: 0, to: address(2), maxPriorityFeePerGas: undefined })],
      { rules, baseFee: 0n },
    ).diff
  assert.is(change(run(Rules.SPURIOUS_DRAGON, true), ripemd)?.exists, false)
  assert.is(change(run(Rules.SPURIOUS_DRAGON, false), ripemd), undefined)
  assert.is(change(run(Rules.HOMESTEAD, false), ripemd), undefined)
  assert.is(change(run(Rules.HOMESTEAD, true), ripemd), undefined)
})

test.run()
