// Init code and 0xEF (EIP-3541): only code to deploy may not begin with it, and only from London on. @ethereumjs/evm 10.1.3
// takes the output of a revert for code (docs/upstream/evm-eip-3541-revert.md); both engines and the reference must not.
import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor, memoryState } from '../../../src/index.js'
import { createFactory, factory, hexOf, sstore } from '../../support/bytecode.js'
import { agreeInCore, commonAt, Executors } from '../../support/engines.js'
import { A, agree, build, CONTRACT, rich, type Scenario, word } from '../../support/scenario.js'

/** MSTORE8(0, 0xef), then RETURN or REVERT of that byte. */
const ending = (opcode: string): string => `60ef60005360016000${opcode}`
const REVERTS = ending('fd')
const RETURNS = ending('f3')
const LIMIT = 500_000n

const executors = new Executors()
test.after(() => executors.close())

const creation = (hardfork: string, data: string): Scenario => ({
  hardfork,
  accounts: rich,
  transactions: [{ from: A, data, gas: LIMIT }],
})

/** Slot 0: the address or 0; 1 and 2: size and first byte of the return data; 3: gas left. */
const inner = (hardfork: string, make: (after: string) => string): Scenario => ({
  hardfork,
  accounts: [
    ...rich,
    {
      address: CONTRACT,
      nonce: 1n,
      code: make(`6000600052${sstore(1, '3d')}3d6000601f3e${sstore(2, '600051')}${sstore(3, '5a')}`),
    },
  ],
  transactions: [{ from: A, to: CONTRACT, data: REVERTS, gas: LIMIT }],
})

for (const [name, hardfork, data, gas, status] of [
  ['reverts', 'berlin', REVERTS, 53_154n, 0],
  ['reverts', 'paris', REVERTS, 53_154n, 0],
  // Two more for the word of init code (EIP-3860).
  ['reverts', 'shanghai', REVERTS, 53_156n, 0],
  ['reverts with another byte before', 'shanghai', REVERTS.replace('ef', 'ee'), 53_156n, 0],
  // The price of a byte of code.
  ['returns', 'berlin', RETURNS, 53_354n, 1],
  ['returns', 'paris', RETURNS, LIMIT, 0],
  ['returns', 'shanghai', RETURNS, LIMIT, 0],
] as const) {
  test(`a creation ${name} 0xef (${hardfork})`, async () => {
    const scenario = creation(hardfork, data)
    await agree(scenario)
    const { receipts, gasUsed } = await agreeInCore(executors, scenario)
    assert.is(receipts[0]?.status, status)
    assert.is(gasUsed, gas)
  })
}

for (const [name, make] of [
  ['CREATE', createFactory],
  ['CREATE2', factory],
] as const) {
  for (const hardfork of ['berlin', 'paris', 'shanghai']) {
    test(`${name} whose init code reverts with 0xef returns gas and data (${hardfork})`, async () => {
      const scenario = inner(hardfork, make)
      await agree(scenario)
      const { stateDiff } = await agreeInCore(executors, scenario)
      const slots = new Map(
        stateDiff
          .find(({ address }) => hexOf(address) === hexOf(CONTRACT))
          ?.storage.map(({ key, value }) => [Number(BigInt(`0x${hexOf(key)}`)), BigInt(`0x${hexOf(value)}`)]),
      )
      assert.is(slots.get(0), undefined, 'there is no contract')
      assert.is(slots.get(1), 1n)
      assert.is(slots.get(2), 0xefn)
      assert.ok((slots.get(3) ?? 0n) > LIMIT / 2n)
    })
  }
}

test("verify: 'ethereumjs' accepts a block with such a creation", async () => {
  const scenario = creation('paris', REVERTS)
  const { blockRlp, preState, senders } = build(scenario)
  const state = () => memoryState(preState.accounts, preState.codes)
  const plain = await executors.get('paris', 1)
  await plain.setState(state())
  const result = await plain.execute(blockRlp, { senders })
  assert.is(result.gasUsed, 53_154n)

  const [header, transactions, uncles] = RLP.decode(blockRlp) as [Uint8Array[], Uint8Array[], never]
  const trie = await createMPT()
  await trie.put(RLP.encode(0), RLP.encode(transactions[0] as Uint8Array))
  header[3] = result.stateRoot as Uint8Array
  header[4] = trie.root()
  header[5] = result.receiptsRoot as Uint8Array
  header[10] = word(result.gasUsed).subarray(-2)
  const sealed = RLP.encode([header, transactions, uncles] as never)
  for (const engine of ['wasm', 'ethereumjs'] as const) {
    const options = { common: commonAt('paris'), engine, verify: 'ethereumjs' as const, threads: 1, state: state() }
    const executor = await BlockExecutor.create(options)
    try {
      assert.is((await executor.execute(sealed, { senders })).gasUsed, 53_154n)
    } finally {
      await executor.close()
    }
  }
})

test.run()
