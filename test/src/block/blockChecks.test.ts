// A block that is right in everything passes every check; with one thing changed it fails the check of that thing.
import { type BlockHeader, createBlockHeader, type HeaderData } from '@ethereumjs/block'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OUTCOME_INVALID } from '../../../src/abi/core.generated.js'
import { headerOf } from '../../../src/block/blockHeader.js'
import {
  acceptOutcomes,
  checkBlobs,
  checkBody,
  checkResult,
  checkSize,
  type ExecutionResult,
  requestsOf,
} from '../../../src/block/checks.js'
import { fixedCommon } from '../../../src/block/common.js'
import { type BlockBody, decodeBlock, decodeHeader } from '../../../src/block/decode.js'
import { InvalidBlockError } from '../../../src/block/errors.js'
import { checkAgainstParent, checkHeader, checkUncles, GENERATIONS } from '../../../src/block/header.js'
import { buildReceipts } from '../../../src/block/receipts.js'
import { depositRequest, requestsHash } from '../../../src/block/requests.js'
import { encodeReceipt } from '../../../src/fuzz/encodeReceipt.js'
import { preStateReader } from '../../../src/reference/preState.js'
import type { ExecutedReceipt } from '../../../src/types.js'
import { runEngine } from '../../support/blocks.js'
import { hex, unhex } from '../../support/mapState.js'
import { orderedRootWith } from '../../support/orderedRoot.js'
import { address, build, ETHER, type Scenario, word } from '../../support/scenario.js'
import { asOutcomes, executedOf, totalsOf } from '../../support/totals.js'

const A = address(0xa)
const B = address(0xb)
const orderedRoot = orderedRootWith(keccak_256)
const hashing = { keccak256: keccak_256, orderedRoot }

function code(run: () => unknown, expected: string): InvalidBlockError {
  try {
    run()
  } catch (error) {
    assert.instance(error, InvalidBlockError)
    assert.is((error as InvalidBlockError).code, expected)
    return error as InvalidBlockError
  }
  throw new assert.Assertion({ message: `passes, but breaks ${expected}` } as never)
}

const scenario: Scenario = {
  hardfork: 'prague',
  accounts: [
    { address: A, balance: ETHER },
    { address: B, balance: ETHER },
  ],
  transactions: [
    { from: A, to: B, value: 1n },
    { from: B, data: '60aa60005260206000a160006000f3' },
    { from: A, data: '61123460005260206000a060006000f3' },
  ],
  withdrawals: [[A, 3n]],
}

async function valid() {
  const { block, blockRlp, preState, rules } = build(scenario)
  const { outcomes } = await runEngine(block, preStateReader(preState), rules)
  const common = fixedCommon(rules, scenario.hardfork)
  const schedule = { at: () => common }
  const decoded = decodeBlock(blockRlp, schedule)
  const plain = headerOf(decoded.header)
  const { summaries } = decoded
  const system = acceptOutcomes(plain, summaries, asOutcomes(outcomes))
  const executed = executedOf(outcomes)
  const types = summaries.map(({ type }) => type)
  const receipts = buildReceipts(executed, types)
  const totals = totalsOf(executed, receipts)
  const requests = requestsOf(
    common,
    system,
    executed.flatMap(({ logs }) => logs),
  )
  const result: ExecutionResult = { ...totals, requests, stateRoot: word(5n) }
  const parentOf = (data: HeaderData) =>
    createBlockHeader(
      { number: 999n, timestamp: 900_000n, gasLimit: 30_000_000n, baseFeePerGas: 8n, gasUsed: 0n, ...data },
      { common, skipConsensusFormatValidation: true },
    )
  const parent = parentOf({})
  const fields = (over: HeaderData) =>
    createBlockHeader(
      {
        parentHash: parent.hash(),
        number: 1000n,
        timestamp: 1_000_000n,
        gasLimit: 30_000_000n,
        coinbase: plain.coinbase.bytes,
        baseFeePerGas: 7n,
        gasUsed: result.gasUsed,
        logsBloom: result.logsBloom,
        receiptTrie: result.receiptsRoot,
        stateRoot: result.stateRoot!,
        requestsHash: requestsHash(requests!),
        transactionsTrie: orderedRoot(decoded.transactions),
        withdrawalsRoot: orderedRoot(decoded.withdrawals!),
        ...over,
      },
      { common, skipConsensusFormatValidation: true },
    ).raw() as Uint8Array[]
  const check = (over: HeaderData, body: Partial<BlockBody> = {}, size = 1000) => {
    const header = headerOf(decodeHeader(RLP.encode(fields(over)), schedule))
    checkHeader(header)
    checkSize(header, size)
    checkAgainstParent(header, parent)
    checkBody(header, { ...decoded, ...body }, hashing)
    checkBlobs(
      header,
      summaries.reduce((sum, { blobs }) => sum + blobs, 0),
    )
    checkResult(header, result)
  }
  return { check, schedule, fields, outcomes, summaries, plain, parent, parentOf, receipts, result }
}

test('one thing changed fails the check of that thing', async () => {
  const { check } = await valid()
  check({})
  const wrong = word(1n)
  const cases: [string, HeaderData, Partial<BlockBody>?][] = [
    ['INVALID_NUMBER', { number: 1001n }],
    ['INVALID_TIMESTAMP', { timestamp: 900_000n }],
    ['INVALID_GAS_LIMIT', { gasLimit: 31_000_000n }],
    ['INVALID_GAS_LIMIT', { gasLimit: 29_000_000n }],
    ['INVALID_GAS_LIMIT', { gasLimit: 2n ** 63n }],
    ['INVALID_EXTRA_DATA', { extraData: new Uint8Array(33) }],
    ['INVALID_DIFFICULTY', { difficulty: 1n }],
    ['INVALID_NONCE', { nonce: new Uint8Array(8).fill(1) }],
    ['INVALID_UNCLES', { uncleHash: wrong }],
    ['INVALID_BASE_FEE', { baseFeePerGas: 8n }],
    ['INVALID_EXCESS_BLOB_GAS', { excessBlobGas: 131072n }],
    ['INVALID_BLOB_GAS_USED', { blobGasUsed: 131072n }],
    ['INVALID_BLOB_GAS_USED', { blobGasUsed: 5n }],
    ['INVALID_BLOB_GAS_USED', { blobGasUsed: 10n * 131072n }],
    ['INVALID_TRANSACTIONS_ROOT', { transactionsTrie: wrong }],
    ['INVALID_WITHDRAWALS_ROOT', { withdrawalsRoot: wrong }],
    ['INVALID_WITHDRAWALS_ROOT', {}, { withdrawals: [] }],
    ['INVALID_TRANSACTIONS_ROOT', {}, { transactions: [] }],
    ['INVALID_UNCLES_HASH', {}, { unclesRlp: word(1n) }],
    ['INVALID_GAS_USED', { gasUsed: 1n }],
    ['INVALID_LOGS_BLOOM', { logsBloom: new Uint8Array(256) }],
    ['INVALID_RECEIPTS_ROOT', { receiptTrie: wrong }],
    ['INVALID_REQUESTS_HASH', { requestsHash: wrong }],
    ['INVALID_STATE_ROOT', { stateRoot: wrong }],
  ]
  for (const [expected, header, body] of cases) code(() => check(header, body), expected)
})

test('a header that uses more gas than it allows', async () => {
  const { schedule, fields } = await valid()
  const usesTooMuch = fields({})
  usesTooMuch[10] = word(2n ** 62n).subarray(24)
  code(() => headerOf(decodeHeader(RLP.encode(usesTooMuch), schedule)), 'INVALID_HEADER')
})

test('a transaction that must not be in the block is named', async () => {
  const { plain, summaries, outcomes } = await valid()
  const greedy = summaries.map((summary, index) =>
    index === 2 ? { ...summary, gasLimit: plain.gasLimit - 1n } : summary,
  )
  assert.is(code(() => acceptOutcomes(plain, greedy, asOutcomes(outcomes)), 'INVALID_TRANSACTION').transaction, 2)
  const refused = [...outcomes]
  refused[2] = { kind: OUTCOME_INVALID, rule: 'NONCE_MISMATCH', message: 'account has nonce 1' }
  const error = code(() => acceptOutcomes(plain, summaries, asOutcomes(refused)), 'INVALID_TRANSACTION')
  assert.is(error.transaction, 1)
  assert.match(error.message, 'NONCE_MISMATCH')
  const failed = [...outcomes]
  failed[4] = { kind: OUTCOME_INVALID, rule: 'SYSTEM_CALL_FAILED', message: 'no code' }
  code(() => acceptOutcomes(plain, summaries, asOutcomes(failed)), 'SYSTEM_CALL_FAILED')
})

test('uncles', async () => {
  const { rules } = build({ ...scenario, hardfork: 'london' })
  const common = fixedCommon(rules, 'byzantium')
  const header = (data: HeaderData) => createBlockHeader(data, { common, skipConsensusFormatValidation: true })
  const chain = [header({ number: 10n, timestamp: 100n, gasLimit: 10_000_000n, difficulty: 2n ** 20n })]
  const next = (parent: (typeof chain)[number], over: HeaderData = {}) => {
    const data = {
      parentHash: parent.hash(),
      number: parent.number + 1n,
      timestamp: parent.timestamp + 13n,
      gasLimit: 10_000_000n,
      ...over,
    }
    return header({ ...data, difficulty: header(data).ethashCanonicalDifficulty(parent) })
  }
  for (let i = 0; i < 8; i++) chain.unshift(next(chain[0]!))
  const block = next(chain[0]!)
  const uncle = (depth: number, over: HeaderData = {}) =>
    next(chain[depth]!, { extraData: Uint8Array.of(depth), ...over })
  const hashed = (headers: BlockHeader[]) => headers.map((header) => ({ header, hash: header.hash() }))
  const check = (uncles: BlockHeader[]) => checkUncles(block, hashed(uncles), hashed(chain.slice(0, GENERATIONS)))
  check([uncle(1), uncle(6)])
  code(() => check([uncle(1), uncle(1)]), 'INVALID_UNCLES')
  code(() => check([chain[1]!]), 'INVALID_UNCLES')
  code(() => check([uncle(7)]), 'INVALID_UNCLES')
  code(() => check([uncle(0)]), 'INVALID_UNCLES')
  code(() => check([uncle(2, { parentHash: word(1n) })]), 'INVALID_UNCLES')
  code(() => check([uncle(2, { timestamp: 1n })]), 'INVALID_UNCLES')
})

test('deposits are taken out of the logs as EIP-6110 lays them out', () => {
  const contract = unhex('00000000219ab540356cBB839Cbe05303d7705Fa')
  const topic = unhex('649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5')
  const data = new Uint8Array(576)
  const layout: [number, number][] = [
    [160, 48],
    [256, 32],
    [320, 8],
    [384, 96],
    [512, 8],
  ]
  for (const [index, [offset, size]] of layout.entries()) {
    data.set(word(BigInt(offset)), 32 * index)
    data.set(word(BigInt(size)), offset)
    data.fill(index + 1, offset + 32, offset + 32 + size)
  }
  const request = depositRequest(
    [
      [contract, [topic], data],
      [A, [topic], data],
      [contract, [word(1n)], data],
    ],
    contract,
  )
  const expected = layout.map(([, size], index) => (index + 1).toString(16).padStart(2, '0').repeat(size)).join('')
  assert.is(hex(request), `00${expected}`)
  const broken = data.slice()
  broken[31] = 161
  for (const bad of [broken, data.slice(1)]) {
    assert.throws(() => depositRequest([[contract, [topic], bad]], contract), /deposit log/)
  }
  // EIP-7685: the hash of no requests is that of nothing.
  assert.is(hex(requestsHash([Uint8Array.of(0)])), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('the ordered root is that of the trie', async () => {
  for (const count of [0, 1, 2, 3, 16, 17, 127, 128, 129, 300]) {
    const values = Array.from({ length: count }, (_, index) => new Uint8Array((index % 90) + 1).fill(index))
    const trie = new MerklePatriciaTrie()
    for (const [index, value] of values.entries()) await trie.put(RLP.encode(index), value)
    assert.is(hex(orderedRoot(values)), hex(trie.root()), `${count} values`)
  }
})

test('receipts hold a state root before Byzantium and a type when they have one', () => {
  const receipt: ExecutedReceipt = {
    type: 0,
    gasUsed: 1n,
    cumulativeGasUsed: 5n,
    logsBloom: new Uint8Array(256),
    logs: [],
  }
  const first = (bytes: Uint8Array) => hex((RLP.decode(bytes) as Uint8Array[])[0]!)
  assert.is(first(encodeReceipt({ ...receipt, stateRoot: word(9n) })), hex(word(9n)))
  assert.is(first(encodeReceipt({ ...receipt, status: 1 })), '01')
  assert.is(first(encodeReceipt({ ...receipt, status: 0 })), '')
  const typed = encodeReceipt({ ...receipt, status: 1, type: 2 })
  assert.is(typed[0], 2)
  assert.is(first(typed.subarray(1)), '01')
})

test.run()
