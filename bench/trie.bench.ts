// Tries: @ethereumjs/mpt against the core; then the state root stage by one and two threads.
// `--full` also builds the large trie with @ethereumjs/mpt, once (about half a minute).
import { createMPT } from '@ethereumjs/mpt'
import { Core } from '../src/wasm/core.js'
import { orderedRoot } from '../src/wasm/orderedRoot.js'
import { adoptRoot, dropRoot, rootResult } from '../src/wasm/stateRoot.js'
import { RandomBytes, toHex } from '../test/support/bytes.js'
import { type AccountChange, EMPTY_CODE, newBlockCore, prepare } from '../test/support/rootStage.js'
import { Trie, type TrieEntry } from '../test/support/trie.js'
import { measure, report } from './harness.js'
import { RootHelpers } from './support/rootGate.js'

const LARGE = 100_000
const SMALL = 1000
const random = new RandomBytes(1)

function randomEntries(count: number): TrieEntry[] {
  return Array.from({ length: count }, () => [random.bytes(20), random.bytes(70)] as const)
}

/** A fresh core each time: versions of a trie are freed with their memory. */
function buildWithCore(entries: readonly TrieEntry[]): Uint8Array {
  return Trie.openEmpty({ core: Core.create(), secure: true }).update(entries).root()
}

async function buildWithReference(entries: readonly TrieEntry[]): Promise<Uint8Array> {
  const trie = await createMPT({ useKeyHashing: true })
  for (const [key, value] of entries) await trie.put(key, value!)
  return trie.root()
}

/** The reference is asynchronous: timed by hand, the median of a few runs. */
async function timeReference(entries: readonly TrieEntry[], runs: number): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    await buildWithReference(entries)
    times.push((performance.now() - start) * 1e6)
  }
  return times.sort((a, b) => a - b)[runs >> 1]!
}

async function compareBuild(count: number, runs: number): Promise<void> {
  const entries = randomEntries(count)
  const results = measure([{ name: 'core, one thread', run: () => buildWithCore(entries) }])
  if (runs > 0) {
    if (toHex(await buildWithReference(entries)) !== toHex(buildWithCore(entries))) throw new Error('the roots differ')
    results.unshift({ name: '@ethereumjs/mpt', nanoseconds: await timeReference(entries, runs), margin: 0 })
  }
  report(`secure trie of ${count} keys, from nothing to root`, results)
}

await compareBuild(SMALL, 5)
await compareBuild(LARGE, process.argv.includes('--full') ? 1 : 0)

const receipts = Array.from({ length: 200 }, () => random.bytes(400))
report('ordered root of 200 receipts of 400 bytes', measure([{ name: 'core', run: () => orderedRoot(receipts) }]))

/** A state of 100,000 accounts, one of them with 50,000 slots; a block changes 2,000 accounts and 3,000 slots. */
const address = (i: number) => Uint8Array.of(...new Uint8Array(17), i >> 16, i >> 8, i)
const slot = (i: number) => Uint8Array.of(...new Uint8Array(29), i >> 16, i >> 8, i)
const account = (nonce: number) => ({ nonce: BigInt(nonce), balance: 10n ** 18n + BigInt(nonce), codeHash: EMPTY_CODE })
const state: AccountChange[] = Array.from({ length: LARGE }, (_, i) => ({
  address: address(i),
  after: account(i),
  storage: i === 0 ? Array.from({ length: 50_000 }, (_, j) => [slot(j), Uint8Array.of(1)] as const) : [],
}))
const change: AccountChange[] = Array.from({ length: 2000 }, (_, i) => ({
  address: address(i * 49),
  after: account(i + 7),
  storage: Array.from({ length: i === 0 ? 1000 : 1 }, (_, j) => [slot(j * 31), Uint8Array.of(2)] as const),
}))

const block = newBlockCore()
const { exports } = block
const helpers = await RootHelpers.start(block, 1)

/** Runs the stage over the same difference again and again; nodes of dropped roots are compacted away in between. */
function stageSubjects(changes: readonly AccountChange[]) {
  const { diffs, count } = prepare(block, changes)
  const run = (work: () => void) => () => {
    exports.rootPrepare(diffs, count, exports.stateTrie() >>> 0)
    work()
    rootResult(block.core)
    dropRoot(block.core)
    exports.trieTidy()
  }
  return [
    { name: 'one thread', run: run(() => exports.rootWork()) },
    { name: 'two threads', run: run(() => helpers.run(block)) },
  ]
}

report('tries of 100,000 accounts and 50,000 slots, from nothing', measure(stageSubjects(state)))
prepare(block, state)
exports.rootWork()
adoptRoot(block.core)
report('state root after 2,000 accounts and 2,999 slots of them changed', measure(stageSubjects(change)))
await helpers.stop()
