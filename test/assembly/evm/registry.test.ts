// The registries against what runs: the interpreter has each opcode from its fork on, with its operands and its price; the core has
// each precompiled contract, at the price that @ethereumjs/evm takes; every fork is known to those who list forks.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBlockHeader } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, getActivePrecompiles, type PrecompileInput } from '@ethereumjs/evm'
import { TransactionType } from '@ethereumjs/tx'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Halt, O_CODE, Rules } from '../../../src/abi/core.generated.js'
import {
  baseGas,
  FORKS,
  OPCODES,
  Op,
  type OpcodeRow,
  PRECOMPILES,
  Precompile,
  type PrecompileRow,
} from '../../../src/abi/registry.js'
import { type ChainRules, fixedCommon } from '../../../src/block/common.js'
import { formatOf, TRANSACTION_TYPES } from '../../../src/block/format.js'
import { wasmSupports } from '../../../src/block/wasmSupports.js'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { hostPrecompile, UnknownPrecompileError } from '../../../src/crypto/precompiles.js'
import { FUZZ_FORKS } from '../../../src/fuzz/fuzzer.js'
import { precompileAddress, precompileInput } from '../../../src/fuzz/precompileInputs.js'
import { ProgramBuilder } from '../../../src/fuzz/program.js'
import { rulesOfNetwork } from '../../../src/spectests/forks.js'
import { Random } from '../../../src/workloads/random.js'
import { newMachine } from '../../support/evmMachine.js'
import { address, playOn, type ScenarioAccount, setAccounts, transaction } from '../../support/evmScenario.js'

const RULES = Object.entries(Rules) as [name: string, rules: Rules][]
const ZERO = new Uint8Array(20)
const AMPLE = 200_000n
/** Of a function of a file of the core, or of the whole file. */
function casesIn(file: string, name: string): number[] {
  const source = readFileSync(join(packageRoot(), file), 'utf8')
  const from = source.indexOf(`function ${name}`)
  const body = name === '' ? source : source.slice(from, source.indexOf('\n}\n', from))
  return [...body.matchAll(/case (0x[0-9a-f]+):/g)].map(([, at]) => Number(at))
}
const CODES = new Map(OPCODES.map((row) => [row.code, row]))

// --- Opcodes --------------------------------------------------------------------------------------------------------------------

const opcodes = suite('opcodes')

/** What a case costs beyond its row with zeros for operands: the word of memory it touches, the JUMPDEST it jumps to. */
const BEYOND: Readonly<Record<string, number>> = { MLOAD: 3, MSTORE: 3, MSTORE8: 3, JUMP: 1 }
const ENDS = new Set(['STOP', 'RETURN', 'REVERT', 'SELFDESTRUCT', 'INVALID', 'JUMP'])
const zeros = (count: number): number[] => Array.from({ length: count }, () => [0x60, 0]).flat()

/** The opcode after `words` zeros; a jump finds a JUMPDEST behind itself. */
function codeOf({ code, name }: OpcodeRow, words: number, then: readonly number[] = []): Uint8Array {
  const before = name === 'JUMP' && words === 1 ? [0x60, 3] : zeros(words)
  const data = code >= 0x60 && code <= 0x7f ? new Array(code - 0x5f).fill(0) : []
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
      intrinsic + BigInt(3 * row.pops + baseGas(row, rules) + (BEYOND[row.name] ?? 0))
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

  protected override op(...bytes: number[]): void {
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

// --- Precompiled contracts ------------------------------------------------------------------------------------------------------

const precompiles = suite('precompiled contracts')
const commonOf = (rules: Rules): Common => {
  const fork = FORKS.find((row) => row.rules === rules && row.kind === 'rules')
  return new Common({ chain: Mainnet, hardfork: fork?.hardfork as string })
}
const key = (at: number): string => at.toString(16).padStart(40, '0')
/** Inputs of each precompiled contract under each fork. */
const SAMPLES = 6
const GAS_LIMIT = 16_000_000n

/**
 * The floor for data (EIP-7623) is above the usual price of it by up to 24 gas a byte, and would hide the price of a contract. An
 * access list is paid for (2400 gas an address) and does not count for the floor: this one outweighs the longest data.
 */
const LONGEST_DATA = 900
const LISTED = Array.from({ length: (24 * LONGEST_DATA) / 2400 }, (_, i) => ({
  address: address(0x2000 + i),
  keys: [],
}))

/** What a call of a precompiled contract uses: its data (EIP-2028), the access list and the price. */
function totalGas(data: Uint8Array, price: bigint, rules: Rules): bigint {
  const nonzero = BigInt(data.filter((byte) => byte !== 0).length)
  const zero = BigInt(data.length) - nonzero
  const list = rules >= Rules.PRAGUE ? 2400n * BigInt(LISTED.length) : 0n
  return 21_000n + 4n * zero + (rules >= Rules.ISTANBUL ? 16n : 68n) * nonzero + list + price
}

for (const [fork, rules] of RULES) {
  precompiles(`${fork}: those of @ethereumjs/evm, at its prices`, async () => {
    const common = commonOf(rules)
    const active = getActivePrecompiles(common)
    const rows = PRECOMPILES.filter(({ since }) => since <= rules)
    assert.equal(rows.map(({ address: at }) => key(at)).sort(), [...active.keys()].sort())

    const evm = await createEVM({ common })
    /** undefined when the call fails. */
    const priceOf = async (
      contract: NonNullable<ReturnType<typeof active.get>>,
      at: number,
      data: Uint8Array,
    ): Promise<bigint | undefined> => {
      if (at === Precompile.KZG_POINT_EVALUATION) return common.param('kzgPointEvaluationPrecompileGas')
      const input = { data: data.slice(), gasLimit: GAS_LIMIT, common, _EVM: evm } as unknown as PrecompileInput
      const { executionGasUsed, exceptionError } = await contract(input)
      return exceptionError === undefined ? executionGasUsed : undefined
    }
    const compared = new Set<number>()
    const wrong: string[] = []
    const random = new Random(7, `prices of ${fork}`)
    const calls: { at: number; data: Uint8Array }[] = []
    for (let at = 0; at <= 0x120; at++) {
      // Some inputs are broken on purpose: enough of each contract that some are not.
      const count = rows.some((row) => row.address === at) ? SAMPLES : 1
      for (let i = 0; i < count; i++) calls.push({ at, data: precompileInput(random, at).subarray(0, LONGEST_DATA) })
    }
    const to = (at: number): Uint8Array => Uint8Array.from(Buffer.from(key(at), 'hex'))
    const sent = (data: Uint8Array, i: number, target: Uint8Array) =>
      transaction({
        type: rules >= Rules.PRAGUE ? 1 : 0,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
        nonce: BigInt(i),
        to: target,
        gasLimit: GAS_LIMIT,
        data,
        ...(rules >= Rules.PRAGUE && { accessList: LISTED }),
      })
    const machine = newMachine()
    setAccounts(machine, [])
    const { outcomes } = playOn(
      machine,
      // Each call, and the same data to nobody: the difference is the precompiled contract's.
      calls.flatMap(({ at, data }, i) => [sent(data, 2 * i, to(at)), sent(data, 2 * i + 1, address(9))]),
      { rules, baseFee: 0n },
    )
    for (const [i, { at, data }] of calls.entries()) {
      const [own, nobody] = [outcomes[2 * i], outcomes[2 * i + 1]]
      if (own?.kind !== 0 && own?.kind !== 1) throw new Error(`call of 0x${at.toString(16)}`)
      const contract = active.get(key(at))
      const called = rows.find((row) => row.address === at)?.name ?? `0x${at.toString(16)}`
      const name = `${called} under ${fork}, input ${Buffer.from(data).toString('hex')}`
      if (contract === undefined) {
        assert.is(own.gasUsed, (nobody as { gasUsed: bigint }).gasUsed, name)
        continue
      }
      const price = await priceOf(contract, at, data)
      const total = price === undefined ? undefined : totalGas(data, price, rules)
      if (own.kind === 0) {
        // A failed call takes all gas. KZG needs a library that this Common lacks: its input is not judged here.
        assert.ok(total === undefined || total > GAS_LIMIT || at === Precompile.KZG_POINT_EVALUATION, name)
        continue
      }
      if (own.gasUsed !== total) wrong.push(`${name}: ${own.gasUsed} gas, expected ${total}`)
      compared.add(at)
    }
    assert.equal(wrong, [])
    assert.equal(
      rows.filter(({ address: at }) => !compared.has(at)).map((row) => `${row.name} under ${fork}: no price compared`),
      [],
    )
  })
}

precompiles('the host computes what the core does not', () => {
  const computes = (at: number): boolean => {
    try {
      hostPrecompile(at, new Uint8Array(0))
      return true
    } catch (error) {
      if (error instanceof UnknownPrecompileError) return false
      throw error
    }
  }
  const wrong = PRECOMPILES.filter(({ address: at, by }) => computes(at) !== (by !== 'core'))
  assert.equal(
    wrong.map(({ name, by }) => `${name} is computed by ${by}`),
    [],
  )
})

/** The cases of a function of the core against the rows that want one. */
function expectCases(name: string, wanted: (row: PrecompileRow) => boolean): void {
  const cases = casesIn('assembly/evm/precompiles.ts', name)
  const rows = PRECOMPILES.filter(wanted)
  assert.equal(
    rows.filter(({ address: at }) => !cases.includes(at)).map((row) => `${row.name} has no case in ${name}`),
    [],
  )
  assert.equal(
    cases
      .filter((at) => !rows.some((row) => row.address === at))
      .map((at) => `0x${at.toString(16)}: no row wants ${name}`),
    [],
  )
}

precompiles('the core has a formula for each price that the registry leaves to it, and for no other', () => {
  expectCases('priceOf', ({ formula }) => formula)
})

precompiles('the core computes those that the registry says it does, and no other', () => {
  expectCases('runPrecompile', ({ by }) => by === 'core')
})

precompiles('an input that was given away stays as it is', () => {
  const random = new Random(13, 'inputs')
  const given = Array.from({ length: 200 }, () => precompileInput(random, Precompile.P256VERIFY))
  const before = given.map((input) => Buffer.from(input).toString('hex'))
  for (let i = 0; i < 200; i++) precompileInput(random, Precompile.P256VERIFY)
  assert.equal(
    given.map((input) => Buffer.from(input).toString('hex')),
    before,
  )
})

precompiles('fuzzing calls each of them', () => {
  for (const [fork, rules] of RULES) {
    const random = new Random(11, fork)
    const called = new Set(Array.from({ length: 2_000 }, () => precompileAddress(random, rules)))
    const rows = PRECOMPILES.filter(({ since }) => since <= rules)
    assert.equal(
      rows.filter(({ address: at }) => !called.has(at)).map(({ name }) => `${name} under ${fork}`),
      [],
    )
  }
})

precompiles.run()

// --- Forks ----------------------------------------------------------------------------------------------------------------------

const forks = suite('forks')

/** Of @ethereumjs/common, and not ours. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  mergeNetsplitBlock: 'has no rules of its own',
  amsterdam: 'is not supported yet',
  bogota: 'is not supported yet',
}

forks('each is one that @ethereumjs/common names, and each of those is here or left out on purpose', () => {
  const named = new Set<string>(Object.values(Hardfork))
  assert.equal(
    FORKS.filter(({ hardfork }) => !named.has(hardfork)).map(({ test }) => test),
    [],
  )
  const ours = new Set(FORKS.map(({ hardfork }) => hardfork))
  assert.equal(
    [...named].filter((name) => !ours.has(name) && LEFT_OUT[name] === undefined),
    [],
  )
})

forks('a fork that changes rules has a number of its own, and none is here and left out', () => {
  const first = new Map<number, string>()
  const doubled = FORKS.filter(({ kind, hardfork, rules }) => {
    if (kind !== 'rules') return false
    const other = first.get(rules) ?? hardfork
    first.set(rules, other)
    return other !== hardfork
  })
  assert.equal(
    doubled.map(({ test }) => test),
    [],
  )
  assert.equal(
    FORKS.filter(({ hardfork }) => LEFT_OUT[hardfork] !== undefined).map(({ test }) => test),
    [],
  )
})

forks('rules rise from row to row, and all of them are some fork', () => {
  assert.equal(
    FORKS.map(({ rules }) => rules),
    FORKS.map(({ rules }) => rules).sort((a, b) => a - b),
  )
  const used = new Set(FORKS.map(({ rules }) => rules))
  assert.equal(
    RULES.filter(([, rules]) => !used.has(rules)).map(([name]) => name),
    [],
  )
})

forks('fuzzing visits every fork that changes rules or blobs', () => {
  const visited = new Set(FUZZ_FORKS)
  // The same fork under another name is not visited twice.
  const wanted = FORKS.filter(({ kind }) => kind === 'rules' || kind === 'blobs').filter(({ test }) => test !== 'Merge')
  assert.equal(
    wanted.filter(({ test }) => !visited.has(test)).map(({ test }) => test),
    [],
  )
})

/** What is wrong with each fork; empty when nothing is. */
const complaints = (judge: (common: Common, rules: ChainRules) => string | undefined): string[] =>
  FORKS.flatMap(({ test, hardfork }) => {
    const rules = rulesOfNetwork(test)
    const complaint = judge(fixedCommon(rules, hardfork), rules)
    return complaint === undefined ? [] : [`${test}: ${complaint}`]
  })

forks('the core executes each', () => {
  assert.equal(
    complaints((common, rules) => wasmSupports(rules, common)),
    [],
  )
})

forks('the header of each has the fields that @ethereumjs/block gives it, and there is a format for every type', () => {
  assert.equal(
    complaints((common) => {
      const ours = formatOf(common).header.fields.length
      const theirs = createBlockHeader({}, { common }).raw().length
      return ours === theirs ? undefined : `${ours} fields of a header, and ${theirs} of @ethereumjs/block`
    }),
    [],
  )
  const types = Object.values(TransactionType).filter((type) => typeof type === 'number')
  assert.is(types.length, TRANSACTION_TYPES)
})

forks.run()
