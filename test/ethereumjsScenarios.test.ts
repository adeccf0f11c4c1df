// Hand-made blocks that cross the corners of the state: each must come out of the engine as out of plain @ethereumjs/vm.
import { eoaCode7702SignAuthorization, privateToAddress } from '@ethereumjs/util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EngineError, InvalidBlockError } from '../src/ethereumjs/errors.js'
import { preStateReader } from '../src/ethereumjs/preState.js'
import { OUTCOME_FAILED, OUTCOME_INVALID, OUTCOME_SUCCESS } from '../src/receipts/outcome.js'
import { runEngine } from './support/blocks.js'
import { hex, unhex } from './support/mapState.js'
import {
  address,
  agree,
  BASE_FEE,
  build,
  COINBASE,
  call,
  create2Address,
  ETHER,
  factory,
  initCode,
  integer,
  NUMBER,
  POP,
  push,
  REVERT,
  run,
  type Scenario,
  STOP,
  selfdestruct,
  sstore,
  word,
} from './support/scenario.js'

const A = address(0xa)
const B = address(0xb)
const C = address(0xc)
const D = address(0xd)
const CONTRACT = address(0x100)
const OTHER = address(0x101)
const PRECOMPILE = unhex('0000000000000000000000000000000000000004')
const rich = [A, B, C].map((account) => ({ address: account, balance: 100n * ETHER }))

const SELFBALANCE = '47'
const ORIGIN_BALANCE = '3231'
const FORKS = [
  'chainstart',
  'homestead',
  'tangerineWhistle',
  'spuriousDragon',
  'byzantium',
  'istanbul',
  'berlin',
  'london',
]
const LATE_FORKS = ['paris', 'shanghai', 'cancun', 'prague', 'osaka']

const coinbase = suite('fee recipient')

for (const hardfork of [...FORKS, ...LATE_FORKS]) {
  coinbase(`is the sender, a receiver, a contract, destroyed, absent (${hardfork})`, async () => {
    const scenario = (over: Partial<Scenario>): Scenario => ({
      hardfork,
      accounts: [...rich, { address: CONTRACT, balance: 5n, nonce: 1n, code: sstore(1, '4131') + selfdestruct(D) }],
      transactions: [
        { from: A, to: B, value: 7n },
        { from: B, to: CONTRACT, value: 3n },
        { from: C, to: A, value: ETHER },
        { from: A, to: C, value: 1n },
      ],
      ...over,
    })
    await agree(scenario({}))
    await agree(scenario({ coinbase: A }))
    await agree(scenario({ coinbase: B }))
    await agree(scenario({ coinbase: CONTRACT }))
    await agree(scenario({ coinbase: D }))
    await agree(scenario({ coinbase: PRECOMPILE }))
  })

  coinbase(`gets nothing and does not exist (${hardfork})`, async () => {
    const gasPrice = FORKS.indexOf(hardfork) >= 0 && hardfork !== 'london' ? 0n : BASE_FEE
    const transactions = [
      { from: A, to: D, gasPrice, value: 0n },
      { from: B, to: CONTRACT, gasPrice },
    ]
    await agree({
      hardfork,
      accounts: [...rich, { address: CONTRACT, nonce: 1n, code: sstore(1, '4131') }],
      transactions,
    })
    await agree({ hardfork, coinbase: D, accounts: [...rich, { address: D }], transactions })
  })
}

coinbase('is a contract created and destroyed by the transaction that pays it', async () => {
  const init = initCode('00', selfdestruct(D))
  const child = create2Address(CONTRACT, init)
  await agree({
    hardfork: 'cancun',
    coinbase: child,
    accounts: [...rich, { address: CONTRACT, nonce: 1n, code: factory() }],
    transactions: [
      { from: A, to: CONTRACT, data: init },
      { from: B, to: C, value: 1n },
    ],
  })
})

const destruction = suite('self-destruction')

for (const hardfork of ['petersburg', 'istanbul', 'london', 'shanghai', 'cancun', 'osaka']) {
  destruction(`and CREATE2 at the same address in one block (${hardfork})`, async () => {
    // With calldata the child keeps 5 in slot 2; without, it destroys itself.
    const runtime = `36${push(7)}5733ff5b${sstore(2, push(5))}${STOP}`
    const init = initCode(runtime, sstore(1, push(9)))
    const child = create2Address(CONTRACT, init)
    const { engine, reference } = await agree({
      hardfork,
      accounts: [...rich, { address: CONTRACT, nonce: 1n, code: factory() }],
      transactions: [
        { from: A, to: CONTRACT, data: init },
        { from: B, to: child, data: '01' },
        { from: C, to: child, value: 11n },
        { from: B, to: child, value: 5n },
        { from: A, to: CONTRACT, data: init },
        { from: A, to: child, data: '01' },
        { from: A, to: CONTRACT, data: init },
      ],
    })
    assert.equal(
      engine.outcomes.slice(1, -1).map(({ kind }) => kind),
      new Array(7).fill(OUTCOME_SUCCESS),
    )
    const after = reference.stateDiff.find((account) => hex(account.address) === hex(child))
    assert.equal(
      after?.storage.map(({ value }) => BigInt(`0x${hex(value)}`)),
      [9n, 5n],
    )
  })

  destruction(
    `of a contract in the transaction that created it, and by a contract in its constructor (${hardfork})`,
    async () => {
      const init = initCode(selfdestruct(D), sstore(1, push(9)))
      const dying = initCode('00', sstore(1, push(9)) + selfdestruct(D))
      const child = create2Address(CONTRACT, init)
      await agree({
        hardfork,
        accounts: [
          ...rich,
          { address: CONTRACT, nonce: 1n, balance: 50n, code: factory(call(child, 3) + POP + call(child) + POP) },
          { address: OTHER, nonce: 1n, code: factory() },
        ],
        transactions: [
          { from: A, to: CONTRACT, data: init },
          { from: A, to: CONTRACT, data: init },
          { from: B, to: OTHER, data: dying },
          { from: B, to: child, value: 1n },
          { from: C, data: dying, value: 4n },
        ],
      })
    },
  )

  destruction(`of a contract with storage, to itself and to others, then reached again (${hardfork})`, async () => {
    await agree({
      hardfork,
      accounts: [
        ...rich,
        {
          address: CONTRACT,
          nonce: 1n,
          balance: 9n,
          code: sstore(3, '34') + selfdestruct(CONTRACT),
          storage: { 3: 1n, 4: 2n },
        },
        { address: OTHER, nonce: 1n, balance: 9n, code: sstore(3, '34') + selfdestruct(D), storage: { 3: 1n, 4: 2n } },
      ],
      transactions: [
        { from: A, to: CONTRACT, value: 1n },
        { from: B, to: CONTRACT, value: 2n },
        { from: A, to: OTHER, value: 1n },
        { from: C, to: OTHER },
      ],
    })
  })
}

const accounts = suite('accounts')

for (const hardfork of ['homestead', 'tangerineWhistle', 'spuriousDragon', 'byzantium', 'london', 'cancun']) {
  accounts(`that are empty are touched (${hardfork})`, async () => {
    const gasPrice = hardfork === 'london' || hardfork === 'cancun' ? BASE_FEE : 0n
    await agree({
      hardfork,
      accounts: [
        ...rich,
        { address: D },
        { address: PRECOMPILE },
        {
          address: CONTRACT,
          nonce: 1n,
          balance: 100n,
          code:
            call(D) +
            POP +
            call(OTHER) +
            POP +
            call(PRECOMPILE) +
            POP +
            call(PRECOMPILE, 1) +
            POP +
            call(OTHER, 1) +
            STOP,
        },
      ],
      transactions: [
        { from: A, to: D },
        { from: A, to: OTHER },
        { from: A, to: PRECOMPILE, value: 2n },
        { from: A, to: PRECOMPILE },
        { from: B, to: CONTRACT, gasPrice },
        { from: B, to: CONTRACT, gasPrice, gas: 60_000n },
        { from: C, to: C, value: 5n },
      ],
    })
  })

  accounts(`come back from reverts as they were (${hardfork})`, async () => {
    const inner = sstore(1, push(2)) + call(D, 2) + POP + call(OTHER, 1) + POP + REVERT
    await agree({
      hardfork,
      accounts: [
        ...rich,
        { address: OTHER, nonce: 1n, balance: 50n, code: inner, storage: { 1: 1n } },
        {
          address: CONTRACT,
          nonce: 1n,
          balance: 100n,
          code: sstore(1, push(1)) + call(OTHER, 7) + POP + sstore(2, push(3)) + call(D, 1) + POP + call(OTHER) + STOP,
        },
      ],
      transactions: [
        { from: A, to: CONTRACT, value: 5n },
        { from: B, to: OTHER, value: 5n },
        { from: C, to: CONTRACT, gas: 90_000n },
        { from: A, data: REVERT, value: 1n },
        { from: A, data: 'fe' },
        { from: A, data: initCode('6001'), value: 2n },
        { from: B, data: initCode('00'.repeat(100)), gas: 60_000n },
      ],
    })
  })
}

accounts('whose balance is read are seen as earlier transactions left them', async () => {
  const { engine } = await agree({
    hardfork: 'london',
    accounts: [
      ...rich,
      { address: CONTRACT, nonce: 1n, code: sstore(1, SELFBALANCE) + sstore(2, ORIGIN_BALANCE) + sstore(3, '4131') },
    ],
    transactions: [
      { from: A, to: CONTRACT, value: 1n },
      { from: B, to: CONTRACT, value: 2n },
      { from: C, to: CONTRACT },
    ],
  })
  assert.ok(engine.operations[1]!.some(([name, owner]) => name === 'balance' && owner === hex(COINBASE)))
})

accounts('delegate to code (EIP-7702)', async () => {
  const key = new Uint8Array(32).fill(7)
  const authority = privateToAddress(key)
  const sign = (to: Uint8Array, nonce: bigint, chain = 1n) =>
    eoaCode7702SignAuthorization([integer(chain), to, integer(nonce)], key) as Uint8Array[]
  const code = sstore(1, SELFBALANCE) + sstore(2, '34') + STOP
  for (const known of [[], [{ address: authority, balance: ETHER }]]) {
    await agree({
      hardfork: 'prague',
      accounts: [...rich, ...known, { address: CONTRACT, nonce: 1n, code }],
      transactions: [
        { from: A, to: authority, value: 3n, authorizations: [sign(CONTRACT, 0n)] },
        { from: B, to: authority, value: 4n },
        { from: B, to: D, authorizations: [sign(OTHER, 5n), sign(OTHER, 1n, 5n)] },
        { from: C, to: authority, authorizations: [sign(OTHER, 1n), sign(CONTRACT, 2n)] },
        { from: C, to: authority, authorizations: [sign(new Uint8Array(20), 3n)] },
        { from: A, to: authority, value: 1n },
      ],
    })
  }
  const own = sign(CONTRACT, 1n)
  await agree({
    hardfork: 'prague',
    accounts: [
      { address: authority, balance: ETHER },
      { address: CONTRACT, nonce: 1n, code },
    ],
    transactions: [
      { from: authority, to: authority, authorizations: [own] },
      { from: authority, to: D, nonce: 2n },
    ],
  })
})

const reads = suite('reads')

reads('payments to one recipient read neither it nor the fee recipient', async () => {
  const { engine } = await agree({
    hardfork: 'cancun',
    accounts: [...rich, { address: D, balance: 1n }],
    transactions: [
      { from: A, to: D, value: 5n },
      { from: B, to: D, value: 6n },
    ],
  })
  for (const operations of engine.operations.slice(1, 3)) {
    const on = (owner: Uint8Array) => operations.filter(([, who]) => who === hex(owner)).map(([name]) => name)
    assert.equal(on(COINBASE), ['credit'])
    // The code decides whether the call runs anything.
    assert.equal(on(D), ['code', 'credit'])
  }
  const sender = engine.operations[1]!.filter(([, who]) => who === hex(A)).map(([name]) => name)
  assert.equal(sender, ['nonce', 'balance', 'codeHash', 'setBalance', 'setNonce'])
})

reads('a contract that is paid and calls without value does not read its balance', async () => {
  const { engine } = await agree({
    hardfork: 'cancun',
    accounts: [
      ...rich,
      { address: CONTRACT, nonce: 1n, balance: 9n, code: call(OTHER) + POP + sstore(1, '34') + STOP },
      { address: OTHER, nonce: 1n, code: sstore(1, '34') },
    ],
    transactions: [
      { from: A, to: CONTRACT, value: 5n },
      { from: B, to: CONTRACT, value: 6n },
    ],
  })
  for (const operations of engine.operations.slice(1, 3)) {
    const on = (owner: Uint8Array) => operations.filter(([, who]) => who === hex(owner)).map(([name]) => name)
    assert.equal(
      on(CONTRACT).filter((name) => name === 'balance'),
      [],
    )
    assert.ok(on(CONTRACT).includes('credit'))
    assert.equal(
      on(OTHER).filter((name) => name === 'balance'),
      [],
    )
  }
})

reads('a value transfer to an account that may not exist asks only whether it is empty', async () => {
  const { engine } = await agree({
    hardfork: 'cancun',
    accounts: [...rich, { address: CONTRACT, nonce: 1n, balance: 9n, code: call(D, 1) + STOP }],
    transactions: [{ from: A, to: CONTRACT }],
  })
  const on = engine.operations[1]!.filter(([, who]) => who === hex(D)).map(([name]) => name)
  assert.equal(on, ['isEmpty', 'credit'])
})

reads('nothing is written that did not change', async () => {
  const { engine } = await agree({
    hardfork: 'cancun',
    accounts: [
      ...rich,
      { address: CONTRACT, nonce: 1n, code: sstore(1, push(2)) + sstore(1, push(1)), storage: { 1: 1n } },
    ],
    transactions: [{ from: A, to: CONTRACT }],
  })
  const on = engine.operations[1]!.filter(([, who]) => who === hex(CONTRACT)).map(([name]) => name)
  assert.equal(on, ['code', 'storage'])
})

const work = suite('block work')

work('withdrawals, also of nothing', async () => {
  await agree({
    hardfork: 'shanghai',
    accounts: [...rich, { address: D }],
    transactions: [{ from: A, to: B, value: 1n }],
    withdrawals: [
      [A, 5n],
      [OTHER, 0n],
      [D, 0n],
      [CONTRACT, 1n],
      [CONTRACT, 2n],
      [COINBASE, 3n],
    ],
  })
})

for (const hardfork of ['homestead', 'byzantium', 'london']) {
  work(`rewards of the block and its uncles (${hardfork})`, async () => {
    const uncles = [
      { number: NUMBER - 1n, coinbase: D },
      { number: NUMBER - 6n, coinbase: COINBASE },
    ]
    await agree({ hardfork, accounts: rich, transactions: [{ from: A, to: B }], uncles })
    await agree({ hardfork, accounts: rich, transactions: [] })
  })
}

work('the DAO fork moves balances', async () => {
  const dao = unhex('bb9bc244d798123fde783fcc1c72d3bb8c189413')
  const { reference } = await agree({
    hardfork: 'homestead',
    accounts: [{ address: dao, balance: 5n }],
    transactions: [],
  })
  // Not the fork's block: nothing moves. The real one is among the mainnet blocks.
  assert.not.ok(reference.stateDiff.some(({ address: changed }) => hex(changed) === hex(dao)))
})

work('parent block hash and BLOCKHASH', async () => {
  const history = unhex('0000F90827f1C53a10cb7A02335B175320002935')
  await agree({
    hardfork: 'prague',
    accounts: [
      ...rich,
      { address: history, nonce: 1n, code: '00' },
      {
        address: CONTRACT,
        nonce: 1n,
        code: sstore(1, `${push(999)}40`) + sstore(2, `${push(1000)}40`) + sstore(3, `${push(700)}40`),
      },
    ],
    transactions: [{ from: A, to: CONTRACT }],
    blockHashes: new Map([[999n, word(0x1234n)]]),
  })
})

work('a block hash that nobody supplied is an error that says so', async () => {
  const scenario: Scenario = {
    hardfork: 'prague',
    accounts: [...rich, { address: CONTRACT, nonce: 1n, code: sstore(1, `${push(999)}40`) }],
    transactions: [{ from: A, to: CONTRACT }],
  }
  await run(scenario).then(
    () => assert.unreachable(),
    (error) => {
      assert.instance(error, EngineError)
      assert.is(error.code, 'BLOCK_HASH_MISSING')
    },
  )
})

const refusals = suite('refused transactions')

const REFUSED: [rule: string, transaction: Partial<Scenario['transactions'][number]>][] = [
  ['NONCE_MISMATCH', { nonce: 1n }],
  ['INSUFFICIENT_FUNDS', { value: 1000n * ETHER }],
  ['INTRINSIC_GAS_TOO_LOW', { gas: 20_999n }],
  ['FEE_CAP_BELOW_BASE_FEE', { gasPrice: 6n }],
  ['SENDER_HAS_CODE', { from: CONTRACT }],
  ['TRANSACTION_GAS_LIMIT_TOO_HIGH', { gas: 20_000_000n }],
  ['INIT_CODE_TOO_LARGE', { to: undefined as never, data: '00'.repeat(49_153) }],
]

for (const [rule, over] of REFUSED) {
  refusals(rule, async () => {
    const transaction = { from: A, to: B, ...over }
    const scenario: Scenario = {
      hardfork: 'osaka',
      accounts: [...rich, { address: CONTRACT, nonce: 0n, balance: ETHER, code: '00' }],
      transactions: [transaction, { from: B, to: C, value: 1n }],
    }
    const { block, preState, rules } = build(scenario)
    const { outcomes, operations } = await runEngine(block, preStateReader(preState), rules)
    const [, refused, next] = outcomes
    assert.is(refused!.kind, OUTCOME_INVALID)
    if (refused!.kind === OUTCOME_INVALID) assert.is(refused!.rule, rule)
    assert.not.ok(operations[1]!.some(([name]) => name.startsWith('set') || name === 'credit'))
    assert.is(next!.kind, OUTCOME_SUCCESS)
    await run(scenario).then(
      () => assert.unreachable('the reference accepts it'),
      (error) => {
        // What cannot be decoded is refused by @ethereumjs/tx itself.
        if (error instanceof InvalidBlockError) assert.is(error.transaction, 0)
        else assert.match((error as Error).message, /EIP-7825|initcode/)
      },
    )
  })
}

refusals('a block without the contracts of EIP-7002 is refused', async () => {
  const { block, preState, rules } = build({ hardfork: 'prague', accounts: rich, transactions: [] })
  preState.accounts = preState.accounts.filter(({ nonce }) => nonce === 0n)
  const { outcomes } = await runEngine(block, preStateReader(preState), rules)
  const last = outcomes.at(-1)!
  assert.is(last.kind, OUTCOME_INVALID)
  if (last.kind === OUTCOME_INVALID) assert.is(last.rule, 'SYSTEM_CALL_FAILED')
})

refusals('what fails while running is no refusal', async () => {
  const { engine } = await agree({ hardfork: 'cancun', accounts: rich, transactions: [{ from: A, data: 'fe' }] })
  assert.is(engine.outcomes[1]!.kind, OUTCOME_FAILED)
})

for (const each of [coinbase, destruction, accounts, reads, work, refusals]) each.run()
