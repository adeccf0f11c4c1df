// Block files come from anywhere: whatever stands in any field, loading a file succeeds or fails with an error that names it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledCases, FixtureError, loadCase } from '../../../src/index.js'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const JUNK: Json[] = [
  null,
  true,
  -1,
  1.5,
  2 ** 60,
  '',
  'x',
  '0x',
  '0x0',
  '0xzz',
  '0xc0',
  '0xb8',
  `0x${'ff'.repeat(40)}`,
  [],
  [1],
  [[]],
  {},
  { x: 1 },
]
const scratch = mkdtempSync(join(tmpdir(), 'parallevm-'))
test.after(() => rmSync(scratch, { recursive: true, force: true }))

/** The document with junk in the place of each value, and of each name; of a list only the first item is replaced. */
function* spoilt(json: Json): Generator<Json> {
  yield* JUNK
  if (Array.isArray(json)) {
    const [first, ...others] = json
    if (first !== undefined) for (const item of spoilt(first)) yield [item, ...others]
    return
  }
  if (typeof json !== 'object' || json === null) return
  for (const [name, value] of Object.entries(json)) {
    const { [name]: _, ...others } = json
    yield others
    yield { ...others, [`${name}x`]: value }
    for (const item of spoilt(value)) yield { ...json, [name]: item }
  }
}

function check(path: string, what: Json): boolean {
  try {
    loadCase(path)
    return true
  } catch (error) {
    const { stack } = error as Error
    assert.instance(error, FixtureError, `${JSON.stringify(what)?.slice(0, 300)}: ${stack}`)
    assert.match((error as FixtureError).file, scratch)
    return false
  }
}

test('witness files', () => {
  const bundled = bundledCases().find((path) => path.includes('mainnet-mix-small')) as string
  const json = JSON.parse(gunzipSync(readFileSync(bundled)).toString()) as { [key: string]: Json }
  // Long lists say nothing more than short ones; a block without ancestors takes any root before it.
  const short = { ...json, state: ['0x80'], codes: ['0x00'], headers: [(json.headers as Json[])[0] as Json] }
  const file = join(scratch, 'witness.json')
  const load = (what: Json): boolean => {
    writeFileSync(file, JSON.stringify(what))
    return check(file, what)
  }
  assert.ok(load(short))
  const loaded = [...spoilt(short)].filter(load)
  assert.ok(loaded.length > 0)
})

const word = (digit: string): string => `0x${digit.repeat(64)}`
const address = `0x${'22'.repeat(20)}`
const signed = {
  nonce: '0x0',
  gas: '0x5208',
  to: address,
  value: '0x1',
  input: '0x',
  v: '0x1',
  r: '0x1',
  s: '0x1',
  from: address,
}
const priced = {
  chainId: '0x1',
  maxFeePerGas: '0x1',
  maxPriorityFeePerGas: '0x1',
  accessList: [{ address, storageKeys: [word('1')] }],
}
const BLOCK = {
  number: '0x1406f40',
  timestamp: '0x68000000',
  parentHash: word('1'),
  sha3Uncles: word('2'),
  miner: address,
  stateRoot: word('3'),
  transactionsRoot: word('4'),
  receiptsRoot: word('5'),
  logsBloom: `0x${'00'.repeat(256)}`,
  difficulty: '0x0',
  gasLimit: '0x1c9c380',
  gasUsed: '0x0',
  extraData: '0x',
  mixHash: word('6'),
  nonce: '0x0000000000000000',
  baseFeePerGas: '0x7',
  withdrawalsRoot: word('7'),
  blobGasUsed: '0x0',
  excessBlobGas: '0x0',
  parentBeaconBlockRoot: word('8'),
  requestsHash: word('9'),
  withdrawals: [{ index: '0x1', validatorIndex: '0x1', address, amount: '0x1' }],
}
const TRANSACTIONS = [
  { ...signed, gasPrice: '0x1' },
  { ...signed, ...priced, type: '0x1', gasPrice: '0x1' },
  { ...signed, ...priced, type: '0x2' },
  { ...signed, ...priced, type: '0x3', maxFeePerBlobGas: '0x1', blobVersionedHashes: [word('a')] },
  {
    ...signed,
    ...priced,
    type: '0x4',
    authorizationList: [{ chainId: '0x1', address, nonce: '0x1', yParity: '0x1', r: '0x1', s: '0x1' }],
  },
]

test('flat folders', () => {
  const files: Record<string, Json> = {
    'block.json': { ...BLOCK, transactions: [] },
    'prestate.json': { [address]: { balance: '0x1', nonce: '0x1', codeHash: word('b'), storage: { '0x1': '0x2' } } },
    '../bytecodes.json.gz': { [word('b')]: '0x00' },
    '../block_hashes.json': { '21000000': word('c') },
  }
  let folders = 0
  // A new folder each time: what several blocks share is read once.
  const load = (changes: Record<string, Json>): boolean => {
    const folder = join(scratch, `flat${folders++}`, '1')
    mkdirSync(folder, { recursive: true })
    for (const [name, json] of Object.entries({ ...files, ...changes })) {
      writeFileSync(join(folder, name), JSON.stringify(json))
    }
    return check(folder, changes)
  }
  for (const transaction of TRANSACTIONS) {
    assert.ok(load({ 'block.json': { ...BLOCK, transactions: [transaction] } }))
    for (const what of spoilt(transaction)) load({ 'block.json': { ...BLOCK, transactions: [what] } })
  }
  for (const [name, json] of Object.entries(files)) for (const what of spoilt(json)) load({ [name]: what })
})

test.run()
