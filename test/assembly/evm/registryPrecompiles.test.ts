// The registry of precompiled contracts against what runs: the core has each, at the price that @ethereumjs/evm takes.
import { Common, Mainnet } from '@ethereumjs/common'
import { createEVM, getActivePrecompiles, type PrecompileInput } from '@ethereumjs/evm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Rules } from '../../../src/abi/core.generated.js'
import { FORKS, PRECOMPILES, Precompile, type PrecompileRow } from '../../../src/abi/registry.js'
import { precompileAddress, precompileInput } from '../../../src/fuzz/precompileInputs.js'
import { Random } from '../../../src/workloads/random.js'
import { newMachine } from '../../support/evmMachine.js'
import { address, playOn, setAccounts, transaction } from '../../support/evmScenario.js'
import { casesIn, RULES } from '../../support/registryCases.js'

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

/** From Amsterdam on the floor for data hides every price, and no contract changed. */
for (const [fork, rules] of RULES.filter(([, number]) => number < Rules.AMSTERDAM)) {
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

precompiles('the core computes those that the registry has, and no other', () => {
  expectCases('runPrecompile', () => true)
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
