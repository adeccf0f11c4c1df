// What is given in another form than bytes and bigints is the same thing; what contradicts itself or the block is refused.
import { createBlockFromRLP, createBlockHeaderFromBytesArray } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { Address, bytesToBigInt, bytesToHex } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledCases, loadCase } from '../../../src/blockFiles/index.js'
import {
  BlockExecutor,
  type BlockResult,
  type ExecuteOptions,
  InvalidInputError,
  type MemoryAccount,
  memoryState,
  type StateSource,
  witnessState,
} from '../../../src/index.js'
import { commonAt } from '../../support/engines.js'
import { A, B, build, C, rich } from '../../support/scenario.js'

/** SLOAD(0) + SLOAD(1) into SSTORE(2). */
const CODE = '60005460015401600255'
const contract = { address: new Uint8Array(20).fill(7), nonce: 1n, code: CODE, storage: { 0: 5n, 1: 0x1234n } }
const scenario = {
  hardfork: 'cancun',
  accounts: [...rich, contract],
  transactions: [
    { from: A, to: contract.address },
    { from: B, to: C, value: 5n },
  ],
}
const { blockRlp: orphan, preState, senders } = build(scenario)
const common = commonAt('cancun')

/** Header `fields` with another parent and number. */
function related(fields: readonly Uint8Array[], parentHash: Uint8Array, number: bigint): Uint8Array[] {
  return [parentHash, ...fields.slice(1, 8), RLP.decode(RLP.encode(number)) as Uint8Array, ...fields.slice(9)]
}

const [fields, ...body] = RLP.decode(orphan) as [Uint8Array[], ...Uint8Array[][]]
const ownNumber = bytesToBigInt(fields[8] as Uint8Array)
const grandparent = RLP.encode(related(fields, new Uint8Array(32), ownNumber - 2n))
const parent = RLP.encode(related(fields, keccak_256(grandparent), ownNumber - 1n))
/** The scenario's block, as the child of these. */
const blockRlp = RLP.encode([related(fields, keccak_256(parent), ownNumber), ...body] as never)
let executor: BlockExecutor
let expected: BlockResult

test.before(async () => {
  const state = memoryState(preState.accounts, preState.codes)
  executor = await BlockExecutor.create({ engine: 'wasm', threads: 1, verify: 'none', common, state })
  expected = await executor.execute(blockRlp, { senders, advance: false })
  assert.is(expected.stateDiff.length, 5)
})
test.after(() => executor.close())

async function same(options: ExecuteOptions = {}, block: Parameters<BlockExecutor['execute']>[0] = blockRlp) {
  const { stats: _, ...result } = await executor.execute(block, { senders, advance: false, ...options })
  const { stats: __, ...wanted } = expected
  assert.equal(result, wanted)
}

async function refused(field: string, problem: RegExp, enter: () => Promise<unknown>): Promise<void> {
  const error = await enter().catch((thrown: unknown) => thrown)
  assert.instance(error, InvalidInputError)
  assert.is((error as InvalidInputError).field, field)
  assert.match((error as InvalidInputError).problem, problem)
  await same()
}

const hex = (bytes: Uint8Array): string => bytesToHex(bytes)
const zero = new Uint8Array(32)
const code = preState.codes.find(({ length }) => length > 0) as Uint8Array
/** The contract in other words; the others as they are. */
const accountsWith = (changes: Partial<MemoryAccount>): MemoryAccount[] => [
  ...preState.accounts.filter(({ address }) => hex(address) !== hex(contract.address)),
  {
    address: contract.address,
    nonce: 1,
    balance: 0,
    code,
    storage: [
      [[0], [5]],
      [[1], [0x12, 0x34]],
    ].map((pair) => pair.map((bytes) => Uint8Array.from(bytes)) as never),
    ...changes,
  },
]

const STATES: Record<string, () => StateSource> = {
  'code without its hash': () => memoryState(accountsWith({})),
  'code as hex': () => memoryState(accountsWith({ code: hex(code) })),
  'code with its hash': () => memoryState(accountsWith({ codeHash: keccak_256(code) })),
  'a hash, the code apart, both as hex': () => {
    const { code: _, ...others } = accountsWith({ codeHash: hex(keccak_256(code)) }).at(-1) as MemoryAccount
    return memoryState([...accountsWith({}).slice(0, -1), others], [hex(code)])
  },
  'numbers as strings': () => memoryState(accountsWith({ nonce: '0x1', balance: '0' })),
  'an Address': () => memoryState(accountsWith({ address: new Address(contract.address) })),
  'storage as an object': () => memoryState(accountsWith({ storage: { '0x0': '0x5', '0x01': '0x1234' } })),
  'storage as a Map with numbers': () =>
    memoryState(
      accountsWith({
        storage: new Map([
          [0n, 5],
          [1n, 0x1234],
        ]),
      }),
    ),
  'storage padded, with a zero': () =>
    memoryState(
      accountsWith({
        storage: [
          [zero, `0x${'0'.repeat(63)}5`],
          [1, Uint8Array.of(0, 0x12, 0x34)],
          [2, 0],
        ],
      }),
    ),
  'a generator': () =>
    memoryState(
      (function* () {
        yield* accountsWith({})
      })(),
      new Set([code]),
    ),
}

for (const [what, state] of Object.entries(STATES)) {
  test(`state: ${what}`, async () => {
    await executor.setState(state())
    await same()
  })
}

const decoded = createBlockFromRLP(blockRlp, { common, skipConsensusFormatValidation: true })

test('block: hex, a Buffer, a Block', async () => {
  await same({}, hex(blockRlp))
  await same({}, Buffer.from(blockRlp))
  await same({}, decoded)
})

test('senders: hex, Address, any iterable', async () => {
  await same({ senders: senders.map(hex) })
  await same({ senders: senders.map((sender) => new Address(sender)) })
  await same({ senders: new Set(senders) })
})

test('ancestors: hex, headers, objects', async () => {
  const at = decoded.header.number - 1n
  const hash = decoded.header.parentHash
  await same({ blockHashes: { [String(at)]: hex(hash) } })
  await same({ blockHashes: [[`0x${at.toString(16)}`, hash]] })
  await same({ blockHashes: new Map([[Number(at), hash]]) })
  await same({ parentHeaders: [hex(parent), grandparent] })
  await same({
    parentHeaders: [
      createBlockHeaderFromBytesArray(RLP.decode(parent) as Uint8Array[], {
        common,
        skipConsensusFormatValidation: true,
      }),
    ],
  })
})

test('a witness as hex', async () => {
  const block = loadCase(bundledCases().find((path) => path.includes('transfers-hot')) as string)
  if (block.preState.kind !== 'witness') throw new Error('the bundled blocks are witnesses')
  const { root, nodes, codes } = block.preState
  const state = witnessState({ root: hex(root), nodes: nodes.map(hex), codes: codes.map(hex) })
  const own = await BlockExecutor.create({ engine: 'wasm', threads: 1, state })
  try {
    const { stateRoot } = await own.execute(hex(block.blockRlp), { parentHeaders: block.parentHeaders.map(hex) })
    assert.equal(stateRoot, block.expected.stateRoot)
  } finally {
    await own.close()
  }
})

test('what was given may be changed while the block waits and runs', async () => {
  const given = {
    block: blockRlp.slice(),
    senders: senders.map((sender) => sender.slice()),
    blockHashes: new Map([[decoded.header.number - 1n, decoded.header.parentHash.slice()]]),
    parentHeaders: [parent.slice()],
    mode: 'sequential' as 'sequential' | 'parallel',
    advance: false,
  }
  const { block, ...options } = given
  const before = executor.execute(blockRlp, { senders, advance: false })
  const running = executor.execute(block, options)
  block.fill(0)
  for (const bytes of [...given.senders, ...given.parentHeaders, ...given.blockHashes.values()]) bytes.fill(0xff)
  options.senders.length = 0
  Object.assign(options, { mode: 'nonsense', advance: true, senders: undefined })
  const { stats: _, ...result } = await running
  const { stats: __, ...wanted } = expected
  assert.equal(result, wanted)
  await before
  await same()
})

// --- Contradictions ---------------------------------------------------------------------------------------------------

test('senders are as many as transactions', async () => {
  for (const wrong of [[], senders.slice(1), [...senders, A], Array.from({ length: 10_000 }, () => A)]) {
    for (const mode of ['sequential', 'parallel'] as const) {
      const message = new RegExp(`expected 2 addresses, one a transaction, got ${wrong.length}$`)
      await refused('options.senders', message, () => executor.execute(blockRlp, { senders: wrong, mode }))
    }
  }
})

test('long hex with characters that only look like digits by their lower bytes', async () => {
  for (const digits of ['\u0130\u0131', '\u0161b', '6g', '6']) {
    const wrong = `0x${'60'.repeat(200)}${digits}`
    const load = () => executor.setState(memoryState([{ address: A, nonce: 0, balance: 1, code: wrong }]))
    await refused('accounts[0].code', /hex after 0x/, load)
  }
})

test('a state gives each value once, and every code', async () => {
  const load =
    (accounts: MemoryAccount[], codes: Uint8Array[] = []) =>
    () =>
      executor.setState(memoryState(accounts, codes))
  const one = { address: A, nonce: 0, balance: 1 }
  const hash = keccak_256(code)
  await refused('accounts[1].address', /given before/, load([one, { ...one, address: hex(A) }]))
  await refused(
    'accounts[0].storage[1].key',
    /given before/,
    load([
      {
        ...one,
        storage: [
          [1, 1],
          ['0x0001', 2],
        ],
      },
    ]),
  )
  await refused(
    'accounts[0].storage[1].key',
    /given before/,
    load([
      {
        ...one,
        storage: [
          [1, 0],
          ['0x0001', 2],
        ],
      },
    ]),
  )
  await refused('accounts[0].codeHash', /expected that of the code, 0x/, load([{ ...one, code, codeHash: zero }]))
  await refused('codes', /the code 0x.+ of account 0x.+ is missing/, load([{ ...one, codeHash: hash }]))
  await executor.setState(
    memoryState([{ ...one, nonce: 2n ** 64n - 1n, balance: 2n ** 256n - 1n, codeHash: hash }], [code]),
  )
  await executor.setState((STATES['a generator'] as () => StateSource)())
})

test('a generator that was read is not an empty state', async () => {
  const state = (STATES['a generator'] as () => StateSource)()
  await executor.setState(state)
  await refused('accounts', /read already/, () => executor.setState(state))
})

test('hashes of what BLOCKHASH cannot ask for are of no concern', async () => {
  await same({
    blockHashes: [
      [ownNumber, zero],
      [0, zero],
      [2n ** 64n - 1n, zero],
    ],
  })
})

test('the parent that was given is the one that the block names', async () => {
  const block = loadCase(bundledCases().find((path) => path.includes('transfers-hot')) as string)
  if (block.preState.kind !== 'witness') throw new Error('the bundled blocks are witnesses')
  const own = await BlockExecutor.create({ engine: 'wasm', threads: 1, state: witnessState(block.preState) })
  try {
    const blockHashes = { [String(block.number - 1n)]: zero }
    const error = await own.execute(block.blockRlp, { blockHashes }).catch((thrown: unknown) => thrown)
    assert.is((error as { code: string }).code, 'INVALID_ANCESTORS')
    await own.execute(block.blockRlp, { blockHashes: block.blockHashes })
  } finally {
    await own.close()
  }
})

test.run()
