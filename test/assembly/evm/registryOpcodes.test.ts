// The registry of opcodes against what runs: the interpreter has each from its fork on, with its operands and its price.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Halt, O_CODE, Rules } from '../../../src/abi/core.generated.js'
import { baseGas, OPCODES, Op, type OpcodeRow } from '../../../src/abi/registry.js'
import { ProgramBuilder } from '../../../src/fuzz/program.js'
import { Random } from '../../../src/workloads/random.js'
import { newMachine } from '../../support/evmMachine.js'
import { address, playOn, type ScenarioAccount, setAccounts, transaction } from '../../support/evmScenario.js'
import { casesIn, RULES } from '../../support/registryCases.js'

const ZERO = new Uint8Array(20)
const AMPLE = 1_000_000n
const CODES = new Map(OPCODES.map((row) => [row.code, row]))

const opcodes = suite('opcodes')

/** What a case costs beyond its row with zeros for operands: the word of memory it touches, the JUMPDEST it jumps to. */
const BEYOND: Readonly<Record<string, number>> = { MLOAD: 3, MSTORE: 3, MSTORE8: 3, JUMP: 1 }
/** A new account (EIP-8037). */
const stateGas = ({ name }: OpcodeRow, rules: Rules): number =>
  rules >= Rules.AMSTERDAM && name.startsWith('CREATE') ? 120 * 1530 : 0
const ENDS = new Set(['STOP', 'RETURN', 'REVERT', 'SELFDESTRUCT', 'INVALID', 'JUMP'])
const zeros = (count: number): number[] => Array.from({ length: count }, () => [0x60, 0]).flat()

/** The opcode after `words` zeros; a jump finds a JUMPDEST behind itself. */
function codeOf({ code, name, immediate }: OpcodeRow, words: number, then: readonly number[] = []): Uint8Array {
  const before = name === 'JUMP' && words === 1 ? [0x60, 3] : zeros(words)
  const data =
    code >= 0x60 && code <= 0x7f ? new Array(code - 0x5f).fill(0) : immediate === undefined ? [] : [immediate]
  return Uint8Array.from([...before, code, ...data, ...(name === 'JUMP' ? [0x5b] : []), ...then])
}

interface Run {
  /** Halt, 0 for none. */
  halt: number
  gasUsed: bigint
}

/** Each code as the contract that one transaction calls; the contract and slot 0 of it, and the zero address, are warm. */
function run(rules: Rules, cases: readonly { code: Uint8Array; gas: bigint }[]): Run[] {
  const machine = newMachine()
  const at = (index: number): Uint8Array => address(0x1000 + index)
  const accounts = cases.map(({ code }, i): [Uint8Array, ScenarioAccount] => [at(i), { code }])
  setAccounts(machine, [[ZERO, { balance: 1n }], ...accounts])
  const berlin = rules >= Rules.BERLIN
  const accessList = (i: number) => [
    { address: at(i), keys: [new Uint8Array(32)] },
    { address: ZERO, keys: [] },
  ]
  const transactions = cases.map(({ gas }, i) =>
    transaction({
      type: berlin ? 1 : 0,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      nonce: BigInt(i),
      to: at(i),
      gasLimit: gas,
      ...(berlin && { accessList: accessList(i) }),
    }),
  )
  const { raw, outcomes } = playOn(machine, transactions, { rules, baseFee: 0n })
  return raw.map((bytes, i) => {
    const outcome = outcomes[i]
    if (outcome?.kind !== 0 && outcome?.kind !== 1) throw new Error(`transaction ${i}: ${JSON.stringify(outcome)}`)
    return { halt: bytes[O_CODE] as number, gasUsed: outcome.gasUsed }
  })
}

for (const [fork, rules] of RULES) {
  const [stop] = run(rules, [{ code: Uint8Array.of(0), gas: AMPLE }])
  const intrinsic = stop?.gasUsed as bigint
  const has = ({ since }: OpcodeRow): boolean => since <= rules
  const rows = OPCODES.filter((row) => has(row) && row.name !== 'INVALID')

  /** Runs all at once, and compares them with what is expected of each. */
  const expect = (what: string, wanted: { name: string; code: Uint8Array; gas?: bigint; halt: number }[]): void => {
    const runs = run(
      rules,
      wanted.map(({ code, gas = AMPLE }) => ({ code, gas })),
    )
    const wrong = wanted.filter(({ halt }, i) => runs[i]?.halt !== halt)
    assert.equal(
      wrong.map(({ name }) => `${name} under ${fork}: ${what}`),
      [],
    )
  }

  opcodes(`${fork}: a byte that is no opcode, or not yet, is invalid`, () => {
    const codes = Array.from({ length: 256 }, (_, code) => code).filter((code) => {
      const row = CODES.get(code)
      return row === undefined || row.name === 'INVALID' || !has(row)
    })
    expect(
      'invalid',
      codes.map((code) => ({
        name: CODES.get(code)?.name ?? `0x${code.toString(16)}`,
        code: Uint8Array.from([...zeros(7), code]),
        halt: Halt.INVALID_OPCODE,
      })),
    )
  })

  opcodes(`${fork}: one word too few underflows, a full stack overflows`, () => {
    expect(
      'stack underflow',
      rows
        .filter(({ pops }) => pops > 0)
        .map((row) => ({
          name: row.name,
          code: codeOf(row, row.pops - 1),
          halt: Halt.STACK_UNDERFLOW,
        })),
    )
    expect(
      'stack overflow',
      rows
        .filter(({ pops, pushes }) => pushes > pops)
        .map((row) => ({
          name: row.name,
          code: codeOf(row, 1024),
          halt: Halt.STACK_OVERFLOW,
        })),
    )
  })

  opcodes(`${fork}: with the operands it says it leaves the words it says`, () => {
    const lasting = rows.filter(({ name }) => !ENDS.has(name))
    const pops = (count: number): number[] => new Array(count).fill(0x50)
    expect(
      'leaves enough',
      lasting.map((row) => ({ name: row.name, code: codeOf(row, row.pops, pops(row.pushes)), halt: 0 })),
    )
    expect(
      'leaves no more',
      lasting.map((row) => ({
        name: row.name,
        code: codeOf(row, row.pops, pops(row.pushes + 1)),
        halt: Halt.STACK_UNDERFLOW,
      })),
    )
  })

  opcodes(`${fork}: it costs its base gas, and with one less runs out`, () => {
    const priced = rows.filter(({ name }) => name !== 'SSTORE')
    const price = (row: OpcodeRow): bigint =>
      intrinsic + BigInt(3 * row.pops + baseGas(row, rules) + (BEYOND[row.name] ?? 0) + stateGas(row, rules))
    const success = ({ name }: OpcodeRow): number => (name === 'REVERT' ? Halt.REVERTED : 0)
    expect(
      'enough gas',
      priced.map((row) => ({ name: row.name, code: codeOf(row, row.pops), gas: price(row), halt: success(row) })),
    )
    expect(
      'one gas too few',
      priced
        .filter((row) => baseGas(row, rules) > 0)
        .map((row) => ({ name: row.name, code: codeOf(row, row.pops), gas: price(row) - 1n, halt: Halt.OUT_OF_GAS })),
    )
    // SSTORE asks for more than it takes (EIP-2200): here what it took counts.
    const sstore = rows.find(({ name }) => name === 'SSTORE') as OpcodeRow
    assert.is(run(rules, [{ code: codeOf(sstore, 2), gas: AMPLE }])[0]?.gasUsed, price(sstore))
  })
}

opcodes('the interpreter has a case for each row, and no other', () => {
  const cases = casesIn('assembly/evm/interpreter.ts', '')
  assert.is(new Set(cases).size, cases.length)
  // INVALID is the default.
  const rows = OPCODES.filter(({ name }) => name !== 'INVALID')
  assert.equal(
    rows.filter(({ code }) => !cases.includes(code)).map(({ name }) => `${name} has no case`),
    [],
  )
  assert.equal(
    cases.filter((code) => !rows.some((row) => row.code === code)).map((code) => `0x${code.toString(16)} has no row`),
    [],
  )
})

/** Remembers the opcodes of the instructions that it writes. */
class WatchedBuilder extends ProgramBuilder {
  readonly written = new Set<number>()

  override op(...bytes: number[]): void {
    for (let i = 0; i < bytes.length; i++) {
      const code = bytes[i] as number
      this.written.add(code)
      if (code >= Op.PUSH1 && code <= Op.PUSH32) i += code - Op.PUSH0
    }
    super.op(...bytes)
  }
}

opcodes('fuzzing writes each of them under each fork that has it, and none before', () => {
  for (const [fork, rules] of RULES) {
    const random = new Random(3, fork)
    const written = new Set<number>()
    const wanted = OPCODES.filter(({ since }) => since <= rules).length
    for (let i = 0; i < 200 || (i < 5_000 && written.size < wanted); i++) {
      const builder = new WatchedBuilder(random, { addresses: [ZERO], rules })
      builder.build()
      for (const code of builder.written) written.add(code)
    }
    const wrong = OPCODES.filter(({ code, since }) => written.has(code) !== since <= rules)
    assert.equal(
      wrong.map(({ name }) => `${name} under ${fork}`),
      [],
    )
  }
})

opcodes.run()
