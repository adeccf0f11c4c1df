// Traces of random blocks of all forks against those of go-ethereum 1.17.10, which are there as hashes (scripts/trace-corpus.ts).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { CORPUS_FORKS, CORPUS_TRACERS, CorpusHashes, corpusBlocks, QUICK } from '../../support/traceCorpus.js'

interface Corpus {
  seed: number
  transactions: number
  tracers: { name: string; config: object }[]
  forks: Record<string, { quick: string[]; full: string[] }>
}

const corpus = JSON.parse(readFileSync(join(packageRoot(), 'test/data/traces.json'), 'utf8')) as Corpus
const all = process.env.PARALLEVM_TRACE_CORPUS === 'all'

test('the hashes are of these forks and tracers', () => {
  assert.equal(Object.keys(corpus.forks).sort(), [...CORPUS_FORKS].sort())
  assert.equal(
    corpus.tracers,
    CORPUS_TRACERS.map(({ tracer, config }) => ({ name: tracer, config })),
  )
  assert.ok(corpus.transactions * CORPUS_FORKS.length >= 2000)
})

for (const fork of CORPUS_FORKS) {
  test(`${fork}: every trace is that of go-ethereum`, async () => {
    const hashes = new CorpusHashes()
    for await (const { traces } of corpusBlocks(fork, corpus.seed, all ? corpus.transactions : QUICK, 2)) {
      hashes.add(traces)
    }
    const expected = corpus.forks[fork]?.[all ? 'full' : 'quick'] as string[]
    const wrong = CORPUS_TRACERS.filter((_, i) => hashes.digest()[i] !== expected[i])
    assert.equal(wrong, [], 'differ: scripts/trace-corpus.ts shows where')
  })
}

test.run()
