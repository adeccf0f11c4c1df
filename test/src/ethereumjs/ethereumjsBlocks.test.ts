// Real mainnet blocks: the reference run against the header, the engine against the reference run.
// PARALLEVM_BLOCKS=all runs every block of the data folder.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Outcome } from '../../../src/abi/outcome.js'
import { headerOf } from '../../../src/block/blockHeader.js'
import { acceptOutcomes, checkBlobs, checkBody, checkResult, checkSize, requestsOf } from '../../../src/block/checks.js'
import { type DecodedHeader, decodeBlock, decodeHeader } from '../../../src/block/decode.js'
import {
  checkAgainstParent,
  checkHeader,
  checkUncles,
  GENERATIONS,
  type HashedHeader,
} from '../../../src/block/header.js'
import { buildReceipts } from '../../../src/block/receipts.js'
import { type BlockCase, loadCase } from '../../../src/blockFiles/index.js'
import { preStateReader } from '../../../src/reference/preState.js'
import { runReference } from '../../../src/reference/reference.js'
import { assertSame, engineBlock, mainnet, mainnetRules, runEngine, sendersOf } from '../../support/blocks.js'
import { hex } from '../../support/mapState.js'
import { orderedRootWith } from '../../support/orderedRoot.js'
import { asOutcomes, executedOf, totalsOf } from '../../support/totals.js'

const folder = join(process.env.PARALLEVM_FIXTURES ?? join(process.cwd(), '../shared/fixtures'), 'mainnet')
// Small ones that between them cross most rules: uncles, DAO fork, failing and creating transactions, self-destruction
// and redeployment, each fork's first block, blob and type 4 transactions, system calls.
const SMALL = {
  flat: ['46147', '930196', '1150000', '2674998', '2675000', '4864590', '11114732', '19923400', '19934116'],
  witness: [
    '85858',
    '146675',
    '1417555',
    '1920000',
    '2675002',
    '15050000',
    '19426587',
    '21429063',
    '22615247',
    '24647140',
  ],
}

function paths(): string[] {
  if (!existsSync(folder)) return []
  const all = process.env.PARALLEVM_BLOCKS === 'all'
  const flat = all ? readdirSync(join(folder, 'flat')).filter((name) => /^\d+$/.test(name)) : SMALL.flat
  const witness = all
    ? readdirSync(join(folder, 'witness/blocks')).map((name) => name.replace('.json.gz', ''))
    : SMALL.witness
  return [
    ...flat.map((name) => join(folder, 'flat', name)),
    ...witness.map((name) => join(folder, 'witness/blocks', `${name}.json.gz`)),
  ]
}

const orderedRoot = orderedRootWith(keccak_256)

/** Every check the host makes of a block passes on real ones. */
function checkAll(block: BlockCase, outcomes: Outcome[]): void {
  const decoded = decodeBlock(block.blockRlp, mainnet)
  const header = headerOf(decoded.header)
  const hashed = (from: DecodedHeader): HashedHeader => ({ header: headerOf(from), hash: keccak_256(from.bytes) })
  const ancestors = block.parentHeaders.slice(0, GENERATIONS).map((rlp) => hashed(decodeHeader(rlp, mainnet)))
  checkHeader(header)
  checkSize(header, block.blockRlp.length)
  if (ancestors[0] !== undefined) {
    checkAgainstParent(header, ancestors[0].header)
  }
  checkUncles(header, decoded.uncles.map(hashed), ancestors)
  // Flat cases are rebuilt from JSON-RPC, which gives the hashes of uncles but not their headers.
  if (block.preState.kind === 'witness') checkBody(header, decoded, { keccak256: keccak_256, orderedRoot })
  const { summaries } = decoded
  checkBlobs(
    header,
    summaries.reduce((sum, { blobs }) => sum + blobs, 0),
  )
  const system = acceptOutcomes(header, summaries, asOutcomes(outcomes))
  const executed = executedOf(outcomes)
  const receipts = buildReceipts(
    executed,
    summaries.map(({ type }) => type),
  )
  const totals = totalsOf(executed, receipts)
  const status = header.common.gteHardfork('byzantium')
  const requests = requestsOf(
    header.common,
    system,
    executed.flatMap(({ logs }) => logs),
  )
  checkResult(header, { ...totals, ...(!status && { receiptsRoot: header.receiptTrie }), requests })
}

const found = paths()
if (found.length === 0) console.log(`no mainnet blocks in ${folder}: set PARALLEVM_FIXTURES to run these tests`)

for (const path of found) {
  test(path.slice(folder.length + 1), async () => {
    const block = loadCase(path)
    const senders = sendersOf(block)
    const base = preStateReader(block.preState)
    const { blockHashes } = block
    const reference = await runReference(block.blockRlp, base, { rules: mainnetRules, senders, blockHashes })
    assert.is(reference.gasUsed, block.expected.gasUsed)
    assert.is(hex(reference.logsBloom), hex(block.expected.logsBloom!))
    const run = await runEngine(engineBlock(block, senders), base)
    assertSame(run, reference)
    checkAll(block, run.outcomes)
  })
}

test.run()
