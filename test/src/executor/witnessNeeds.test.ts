// What the EVM needs of an account: its code only when bytes of it decide something, else balance, nonce, code hash and
// storage root in its leaf do. Each case executes a block from a witness without the code of one account.
import { eoaCode7702SignAuthorization, privateToAddress } from '@ethereumjs/util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type ExecuteOptions, type ExecutionMode, memoryState } from '../../../src/index.js'
import {
  call,
  create2Address,
  delegatecall,
  factory,
  hexOf,
  initCode,
  POP,
  push,
  pushAddress,
  STOP,
  selfdestruct,
  sload,
  sstore,
} from '../../support/bytecode.js'
import { commonAt, Executors } from '../../support/engines.js'
import { unhex } from '../../support/mapState.js'
import {
  A,
  B,
  build,
  C,
  CONTRACT,
  D,
  ETHER,
  FORKS,
  GWEI,
  integer,
  OTHER,
  rich,
  type Scenario,
  type ScenarioAccount,
  since,
  word,
} from '../../support/scenario.js'
import { type Fate, fateOf, hashOf, type Right, removeEach, witnessOf } from '../../support/witnesses.js'

/** Code that the witness lacks. */
const HIDDEN = `${sstore(7, push(9))}${STOP}`
const KEY = new Uint8Array(32).fill(7)
const AUTHORITY = privateToAddress(KEY)
const BEACON_ROOTS = unhex('000F3df6D732807Ef1319fB7B8bB8522d0Beac02')
const HISTORY = unhex('0000F90827F1C53a10cb7A02335B175320002935')

interface Case {
  name: string
  /** Hardforks in which the code is, and in which it is not needed; of both lists some are run. */
  needed?: readonly string[]
  unneeded?: readonly string[]
  scenario: Partial<Scenario>
  /** What it lacks instead of OTHER's code. */
  hidden?: ScenarioAccount
  /** The engine ethereumjs needs the code nevertheless. */
  coreOnly?: true
}

const runs = (code: string, balance = 0n): Partial<Scenario> => ({
  accounts: [...rich, { address: CONTRACT, nonce: 1n, code: `${code}${STOP}`, balance }],
  transactions: [{ from: A, to: CONTRACT }],
})
const until = (fork: (typeof FORKS)[number]): readonly string[] => FORKS.slice(0, FORKS.indexOf(fork))
const copy = (length: number): string => `${push(length)}60006000${pushAddress(OTHER)}3c`
const INIT = initCode('00')
const sign = (nonce: bigint): Uint8Array[] =>
  eoaCode7702SignAuthorization([integer(1n), CONTRACT, integer(nonce)], KEY) as Uint8Array[]
const authorised = (nonce: bigint): Partial<Scenario> => ({
  accounts: rich,
  transactions: [{ from: A, to: B, authorizations: [sign(nonce)] }],
})

const CASES: Case[] = [
  { name: 'BALANCE', unneeded: FORKS, scenario: runs(sstore(1, `${pushAddress(OTHER)}31`)) },
  { name: 'EXTCODEHASH', unneeded: since('petersburg'), scenario: runs(sstore(1, `${pushAddress(OTHER)}3f`)) },
  { name: 'EXTCODESIZE', needed: FORKS, scenario: runs(sstore(1, `${pushAddress(OTHER)}3b`)) },
  { name: 'EXTCODECOPY of a byte', needed: FORKS, scenario: runs(copy(1)) },
  { name: 'EXTCODECOPY of nothing', unneeded: FORKS, scenario: runs(copy(0)) },
  { name: 'CALL', needed: FORKS, scenario: runs(call(OTHER)) },
  { name: 'DELEGATECALL', needed: since('homestead'), scenario: runs(delegatecall(OTHER)) },
  {
    // From Prague on its code decides the gas: it may delegate (EIP-7702).
    name: 'CALL with more value than there is',
    needed: since('prague'),
    unneeded: until('prague'),
    scenario: runs(`${call(OTHER, 5)}${POP}`, 4n),
  },
  {
    // Every frame calls itself; the deepest, which cannot, calls the other account, which it cannot either.
    name: 'CALL below the deepest frame',
    unneeded: until('tangerineWhistle'),
    scenario: {
      ...runs(`${call(CONTRACT)}15${push(6 + call(CONTRACT).length / 2)}57005b${call(OTHER)}`),
      transactions: [{ from: A, to: CONTRACT, gas: 80_000_000n }],
    },
  },
  {
    name: 'CREATE2 at an address that is taken',
    unneeded: since('petersburg'),
    scenario: {
      accounts: [...rich, { address: CONTRACT, nonce: 1n, code: factory() }],
      transactions: [{ from: A, to: CONTRACT, data: INIT }],
    },
    hidden: { address: create2Address(CONTRACT, INIT), code: HIDDEN },
  },
  { name: 'SELFDESTRUCT with wei', unneeded: FORKS, scenario: runs(selfdestruct(OTHER), 3n) },
  { name: 'SELFDESTRUCT without wei', unneeded: FORKS, scenario: runs(selfdestruct(OTHER)) },
  { name: 'call of a transaction', needed: FORKS, scenario: { transactions: [{ from: A, to: OTHER }] } },
  {
    name: 'fee recipient',
    unneeded: FORKS,
    scenario: { coinbase: OTHER, transactions: [{ from: A, to: B, value: 1n }] },
  },
  {
    name: 'fee recipient of nothing',
    unneeded: since('london'),
    scenario: { coinbase: OTHER, transactions: [{ from: A, to: B, gasPrice: 7n }] },
  },
  { name: 'withdrawal', unneeded: since('shanghai'), scenario: { withdrawals: [[OTHER, 5n]], transactions: [] } },
  {
    name: 'withdrawal of nothing',
    unneeded: since('shanghai'),
    scenario: { withdrawals: [[OTHER, 0n]], transactions: [] },
  },
  {
    name: 'access list',
    unneeded: since('berlin'),
    scenario: { transactions: [{ from: A, to: B, accessList: [[OTHER, [word(1n)]]] }] },
  },
  {
    name: 'authorisation with the nonce of the account',
    needed: since('prague'),
    scenario: authorised(5n),
    hidden: { address: AUTHORITY, nonce: 5n, code: HIDDEN },
  },
  {
    name: 'authorisation with another nonce',
    unneeded: since('prague'),
    scenario: authorised(6n),
    hidden: { address: AUTHORITY, nonce: 5n, code: HIDDEN },
    coreOnly: true,
  },
  {
    name: 'delegation of the account that is called',
    needed: since('prague'),
    scenario: {
      accounts: [...rich, { address: D, nonce: 1n, code: `ef0100${hexOf(OTHER)}` }],
      transactions: [{ from: A, to: D }],
    },
  },
  {
    name: 'beacon roots contract (EIP-4788)',
    unneeded: since('cancun'),
    scenario: { transactions: [] },
    hidden: { address: BEACON_ROOTS, nonce: 1n, code: HIDDEN },
  },
  {
    name: 'history contract (EIP-2935)',
    unneeded: since('prague'),
    scenario: { transactions: [] },
    hidden: { address: HISTORY, nonce: 1n, code: HIDDEN },
  },
]

const test = suite('what is needed of an account')
const executors = new Executors()
test.after(() => executors.close())

async function fateWithout(
  scenario: Scenario,
  hidden: string,
  threads: number,
  engine: 'wasm' | 'ethereumjs',
  right?: Right,
  mode: ExecutionMode = 'sequential',
): Promise<Fate> {
  const { blockRlp, senders, preState, block } = build(scenario)
  const executor = await executors.get(scenario.hardfork, threads, engine)
  const options: ExecuteOptions = { senders, blockHashes: block.blockHashes, mode }
  const witness = await witnessOf(preState, commonAt(scenario.hardfork))
  const codes = witness.codes.filter((code) => hashOf(code) !== hidden)
  assert.is(codes.length, witness.codes.length - 1)
  if (right === undefined) {
    await executor.setState(memoryState(preState.accounts, preState.codes))
    right = await executor.execute(blockRlp, { ...options, advance: false })
  }
  return fateOf(executor, { ...witness, codes }, blockRlp, options, right)
}

const some = (forks: readonly string[]): string[] => forks.filter((_, i) => i === 0 || i === forks.length - 1)

for (const { name, needed = [], unneeded = [], scenario, hidden, coreOnly } of CASES) {
  test(name, async () => {
    const absent = hidden ?? { address: OTHER, nonce: 1n, code: HIDDEN }
    const hash = hashOf(unhex(absent.code as string))
    for (const [forks, expected] of [
      [needed, { kind: 'missing', hash }],
      [unneeded, { kind: 'same' }],
    ] as const) {
      for (const hardfork of some(forks)) {
        const accounts = [...(scenario.accounts ?? rich), absent]
        const block = { transactions: [], ...scenario, accounts, hardfork }
        assert.equal(await fateWithout(block, hash, 1, 'wasm'), expected, `${hardfork}, core`)
        if (coreOnly) continue
        assert.equal(await fateWithout(block, hash, 1, 'ethereumjs'), expected, `${hardfork}, ethereumjs`)
      }
    }
  })
}

test('a sender with code is refused by its hash; from Prague on it may delegate', async () => {
  const sender = { address: D, balance: ETHER, code: HIDDEN }
  const hash = hashOf(unhex(HIDDEN))
  for (const hardfork of ['london', 'cancun', 'prague', 'osaka']) {
    const block = { hardfork, accounts: [...rich, sender], transactions: [{ from: D, to: B, gasPrice: 2n * GWEI }] }
    for (const engine of ['wasm', 'ethereumjs'] as const) {
      const fate = await fateWithout(block, hash, 1, engine, {})
      if (since('prague').includes(hardfork)) assert.equal(fate, { kind: 'missing', hash })
      else assert.match((fate as { what: string }).what, /^INVALID_TRANSACTION: transaction 0, SENDER_HAS_CODE/)
    }
  }
})

test('of a contract that is destroyed and created again no old storage is needed', async () => {
  const init = initCode('00', sstore(1, push(9)))
  const old = create2Address(CONTRACT, init)
  const scenario: Scenario = {
    hardfork: 'london',
    accounts: [
      { address: A, balance: ETHER },
      { address: CONTRACT, nonce: 1n, code: factory() },
      { address: old, nonce: 1n, code: selfdestruct(A), storage: { 1: 5n, 2: 6n, 3: 7n } },
    ],
    transactions: [
      { from: A, to: old },
      { from: A, to: CONTRACT, data: init },
    ],
  }
  const { blockRlp, senders, preState } = build(scenario)
  const witness = await witnessOf(preState, commonAt('london'))
  for (const engine of ['wasm', 'ethereumjs'] as const) {
    const executor = await executors.get('london', 1, engine)
    await executor.setState(memoryState(preState.accounts, preState.codes))
    const right = await executor.execute(blockRlp, { senders, advance: false })
    assert.is(
      right.receipts.every(({ status }) => status === 1),
      true,
    )
    const fate = (part: typeof witness) => fateOf(executor, part, blockRlp, { senders }, right)
    const { removed, same, missing } = await removeEach('nodes', witness.nodes, witness, fate)
    // The old storage trie: a branch and a leaf for each slot.
    assert.equal([same, missing], [4, removed - 4])
  }
})

test('code that only a wrong guess asks for fails no block', async () => {
  // With calldata the contract puts an account without code into slot 1, late; without it calls the account in the slot.
  const late = `${'5a50'.repeat(5000)}${sstore(1, pushAddress(B))}${STOP}`
  const callsSlot = `60006000600060006000${sload(1)}61fffff1${STOP}`
  const code = `36${push(5 + callsSlot.length / 2)}57${callsSlot}5b${late}`
  const storage = { 1: BigInt(`0x${hexOf(OTHER)}`) }
  const accounts = [
    ...rich,
    { address: CONTRACT, nonce: 1n, code, storage },
    { address: OTHER, nonce: 1n, code: HIDDEN },
  ]
  const others = Array.from({ length: 20 }, (_, i) => ({ from: i % 2 ? B : C, to: CONTRACT }))
  const hash = hashOf(unhex(HIDDEN))
  for (const hardfork of ['london', 'prague']) {
    const block = { hardfork, accounts, transactions: [{ from: A, to: CONTRACT, data: '01' }, ...others] }
    for (let i = 0; i < 5; i++) {
      for (const threads of [2, 4]) {
        assert.equal(await fateWithout(block, hash, threads, 'wasm', undefined, 'parallel'), { kind: 'same' })
      }
      assert.equal(await fateWithout(block, hash, 2, 'ethereumjs', undefined, 'parallel'), { kind: 'same' })
    }
  }
})

test.run()
