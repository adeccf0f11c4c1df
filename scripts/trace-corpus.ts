// Makes test/data/traces.json: hashes of the traces that go-ethereum gives of random blocks of all forks, for the test of the tracers.
// Each trace is compared with that of the executor; the first ones that differ are shown.
//
//   cd scripts/trace-oracle && go mod tidy && go build -o /tmp/trace-oracle .
//   node dist/scripts/trace-corpus.js /tmp/trace-oracle [--transactions N] [--seed N] [--fork NAME] [--tracer NAME] [--write]
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { t8nRequest } from '../src/fuzz/oracles/t8n.js'
import {
  CORPUS_FORKS,
  CORPUS_TRACERS,
  CorpusHashes,
  canonical,
  corpusBlocks,
  plain,
  QUICK,
} from '../test/support/traceCorpus.js'

const FILE = 'test/data/traces.json'
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    transactions: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    fork: { type: 'string', multiple: true },
    show: { type: 'string', default: '5' },
    tracer: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const oracle = spawn(positionals[0] ?? 'trace-oracle', { stdio: ['pipe', 'pipe', 'inherit'] })
const answers = createInterface({ input: oracle.stdout })[Symbol.asyncIterator]()
const [seed, transactions] = [Number(values.seed), Number(values.transactions)]
const wanted = CORPUS_TRACERS.filter(({ tracer }) => (values.tracer ?? tracer) === tracer)
const tracers = wanted.map(({ tracer, config }) => ({ name: tracer, config }))
const forks: Record<string, { quick: string[]; full: string[] }> = {}
let [traced, compared, different, shown] = [0, 0, 0, 0]
const byTracer = new Map<string, number>()

for (const fork of values.fork ?? CORPUS_FORKS) {
  const hashes = new CorpusHashes()
  let quick: string[] = []
  let count = 0
  for await (const { state, block, traces } of corpusBlocks(fork, seed, transactions, 2, wanted)) {
    const { alloc, env, txs } = t8nRequest(state, block)
    oracle.stdin.write(`${JSON.stringify({ fork, alloc, env, txsRlp: txs, tracers })}\n`)
    const line = (await answers.next()).value as string
    const theirs = (JSON.parse(line) as unknown[][]).map((each) => each.map(plain))
    const byEach = tracers.map((_, i) => theirs.map((each) => each[i]))
    hashes.add(byEach)
    traced += theirs.length
    count += theirs.length
    if (quick.length === 0 && count >= QUICK) quick = hashes.digest()
    for (const [i, { name, config }] of tracers.entries()) {
      for (const [index, trace] of (traces[i] as unknown[]).entries()) {
        compared++
        const [ours, wanted] = [canonical(trace), canonical(byEach[i]?.[index])]
        if (ours === wanted) continue
        different++
        const which = `${name} ${JSON.stringify(config)}`
        byTracer.set(which, (byTracer.get(which) ?? 0) + 1)
        if (shown++ < Number(values.show)) show(`${fork} transaction ${index} ${which}`, ours, wanted)
      }
    }
  }
  forks[fork] = { quick, full: hashes.digest() }
  console.log(`${fork}: ${traced} transactions, ${compared} traces, ${different} different`)
}
oracle.stdin.end()
for (const [which, count] of byTracer) console.log(`  ${which}: ${count}`)
if (values.write && different === 0 && wanted.length === CORPUS_TRACERS.length) {
  // Other forks stay as they were, if they were made alike.
  const before = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : undefined
  const alike = before?.seed === seed && before.transactions === transactions ? before.forks : {}
  writeFileSync(FILE, `${JSON.stringify({ seed, transactions, tracers, forks: { ...alike, ...forks } }, null, 1)}\n`)
}
process.exitCode = different === 0 ? 0 : 1

/** Where two texts begin to differ. */
function show(what: string, ours: string, theirs: string): void {
  let at = 0
  while (ours[at] === theirs[at]) at++
  const from = Math.max(0, at - 200)
  console.log(`${what}\n  ours   …${ours.slice(from, at + 200)}\n  theirs …${theirs.slice(from, at + 200)}`)
}
