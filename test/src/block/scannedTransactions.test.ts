// Transactions read by the core against those read by the host: over every case of every format, and over random bytes. What the
// core accepts the host accepts, with the same summaries, and the other way round.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChainCommons } from '../../../src/block/common.js'
import { decodeBlock, type ScanTransactions } from '../../../src/block/decode.js'
import { InvalidBlockError } from '../../../src/block/errors.js'
import { formatOf } from '../../../src/block/format.js'
import { FUZZ_FORKS } from '../../../src/fuzz/fuzzer.js'
import { type Branch, parseTree } from '../../../src/fuzz/mutations/tree.js'
import { defaultCore } from '../../../src/wasm/core.js'
import { scanTransactions } from '../../../src/wasm/scanTransactions.js'
import { randomFrom } from '../../support/stmProgram.js'
import { strictBlock } from '../../support/strictBlocks.js'
import { strictCases } from '../../support/strictCases.js'

const RANDOM_CASES = 2000

/** The core's answer of the last block whose transactions were read; undefined: it was not asked, or did not accept them. */
let accepted: boolean | undefined
const scan: ScanTransactions = (list, formats) => {
  const words = scanTransactions(list, formats, defaultCore())
  accepted = words !== undefined
  return words
}

function decoded(bytes: Uint8Array, schedule: ChainCommons, by?: ScanTransactions): unknown {
  try {
    const { transactions, summaries } = decodeBlock(bytes, schedule, by)
    return { transactions, summaries }
  } catch (error) {
    if (!(error instanceof InvalidBlockError)) throw error
    return { code: error.code, message: error.message, index: error.transaction }
  }
}

function agree(bytes: Uint8Array, schedule: ChainCommons, name: string): void {
  const wanted = decoded(bytes, schedule) as { code?: string }
  accepted = undefined
  assert.equal(decoded(bytes, schedule, scan), wanted, name)
  // Its refusal costs time only, but then it must not be the rule.
  if (accepted !== undefined) assert.is(accepted, wanted.code !== 'INVALID_TRANSACTION' && !listIsWrong(wanted), name)
}

/** The list itself is no list: told as MALFORMED_BLOCK. */
function listIsWrong({ code, message }: { code?: string; message?: string }): boolean {
  return code === 'MALFORMED_BLOCK' && message?.includes('the list of transactions') === true
}

test('every field of every fork, and random bytes', async () => {
  const random = randomFrom(20)
  let read = 0
  for (const fork of new Set(FUZZ_FORKS)) {
    const valid = await strictBlock(fork)
    const schedule = new ChainCommons(valid.chain.rules)
    agree(valid.bytes, schedule, fork)
    assert.is(accepted, true, fork)
    const uncle = parseTree(valid.bytes).items[0] as Branch
    for (const { name, bytes } of strictCases(valid.tree, formatOf(valid.chain.common), uncle)) {
      agree(bytes, schedule, `${fork}, ${name}`)
    }
    const { transactions } = decodeBlock(valid.bytes, schedule)
    const start = transactions[0]!.byteOffset - valid.bytes.byteOffset
    const last = transactions.at(-1)!
    const end = last.byteOffset + last.length - valid.bytes.byteOffset
    for (let i = 0; i < RANDOM_CASES; i++) {
      const bytes = valid.bytes.slice()
      for (let changes = 1 + random(2); changes > 0; changes--) bytes[start + random(end - start)] = random(256)
      agree(bytes, schedule, `${fork}, random case ${i}`)
      if (accepted) read++
    }
  }
  assert.ok(read > RANDOM_CASES, `${read} random cases were accepted`)
})

test.run()
