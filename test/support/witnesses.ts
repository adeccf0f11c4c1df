// Execution witnesses with something left out: what an executor makes of them.
import type { Common } from '@ethereumjs/common'
import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { MapDB, ValueEncoding } from '@ethereumjs/util'
import type { PreState } from '../../src/blockFiles/index.js'
import { SharedState } from '../../src/executor/sharedState.js'
import { type BlockExecutor, type ExecuteOptions, ParallevmError, witnessState } from '../../src/index.js'
import { keccak256 } from '../../src/wasm/keccak.js'
import type { Random } from '../../src/workloads/random.js'
import { fillManager } from './managers.js'
import { hex } from './mapState.js'

export type WitnessPreState = PreState & { kind: 'witness' }

/** What a complete witness leads to: none of these may ever differ. */
export interface Right {
  stateRoot?: Uint8Array
  receiptsRoot?: Uint8Array
  gasUsed?: bigint
}

/** `same`: all is right; `missing`: refused, naming the hash of a node or code; `other`: must not be. */
export type Fate = { kind: 'same' } | { kind: 'missing'; hash: string } | { kind: 'other'; what: string }

export async function fateOf(
  executor: BlockExecutor,
  witness: WitnessPreState,
  block: Uint8Array,
  options: ExecuteOptions,
  right: Right,
): Promise<Fate> {
  try {
    await executor.setState(witnessState(witness))
    const result = await executor.execute(block, { ...options, advance: false })
    for (const field of ['stateRoot', 'receiptsRoot', 'gasUsed'] as const) {
      const [is, wanted] = [result[field], right[field]].map((value) =>
        value instanceof Uint8Array ? hex(value) : value,
      )
      if (is !== wanted) return { kind: 'other', what: `${field} is ${is}, not ${wanted}` }
    }
    return { kind: 'same' }
  } catch (error) {
    const { code, message } = error as ParallevmError
    const named = /(?:node|code) 0x([0-9a-f]{64})/.exec(message)?.[1]
    const typed = error instanceof ParallevmError && (code === 'MISSING_NODE' || code === 'MISSING_STATE')
    if (typed && named !== undefined) return { kind: 'missing', hash: named }
    return { kind: 'other', what: `${code}: ${message}` }
  }
}

export const hashOf = (bytes: Uint8Array): string => hex(keccak256(bytes))

/** Every node once: witnesses of clients may repeat them. */
export function distinct(list: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(list.map((bytes) => [hashOf(bytes), bytes])).values()]
}

/** `how`: 'all', or how many to pick. */
export function sampleOf<T>(list: readonly T[], how: string, random: Random): T[] {
  const rest = [...list]
  if (how === 'all' || rest.length <= Number(how)) return rest
  return Array.from({ length: Number(how) }, () => rest.splice(random.below(rest.length), 1)[0] as T)
}

export interface Removals {
  removed: number
  same: number
  missing: number
  /** One line each. */
  other: string[]
}

/** Leaves out one of `which` ('nodes' or 'codes') after the other. A refusal must name exactly what was left out. */
export async function removeEach(
  which: 'nodes' | 'codes',
  targets: Iterable<Uint8Array>,
  witness: WitnessPreState,
  fate: (witness: WitnessPreState) => Promise<Fate>,
): Promise<Removals> {
  const sum: Removals = { removed: 0, same: 0, missing: 0, other: [] }
  for (const target of targets) {
    sum.removed++
    const hash = hashOf(target)
    const found = await fate({ ...witness, [which]: witness[which].filter((bytes) => bytes !== target) })
    if (found.kind === 'same') sum.same++
    else if (found.kind === 'missing' && found.hash === hash) sum.missing++
    else sum.other.push(`without ${hash}: ${found.kind === 'missing' ? `names ${found.hash}` : found.what}`)
  }
  return sum
}

// --- Which nodes an execution came to ---------------------------------------------------------------------------------

/** assembly/mem/layout.ts and assembly/trie/witness.ts: buckets and their number; an entry's next, decoded nodes, hash. */
const CONTROL_TRIE = 16384
const ENTRY_NODES = 12
const ENTRY_HASH = 32

let newest: SharedState | undefined

/** From here on `usedNodes` can look into the state that an executor was given last: executors keep it to themselves. */
export function watchStates(): void {
  const create = SharedState.create
  SharedState.create = async (...options) => {
    newest = await create.apply(SharedState, options)
    return newest
  }
}

/** Hashes of the witness nodes that were looked at since the state was made. `count`: how many nodes it was given. */
export function usedNodes(count: number): Set<string> {
  if (newest === undefined) throw new Error('call watchStates before the executor gets its state')
  const { core } = newest.block
  const buckets = core.u32(CONTROL_TRIE)
  const used = new Set<string>()
  let entries = 0
  for (let i = 0; i < core.u32(CONTROL_TRIE + 4); i++) {
    for (let entry = core.u32(buckets + 4 * i); entry !== 0; entry = core.u32(entry)) {
      entries++
      if (core.u32(entry + ENTRY_NODES) + core.u32(entry + ENTRY_NODES + 4) > 0)
        used.add(hex(core.read(entry + ENTRY_HASH, 32)))
    }
  }
  if (entries !== count) throw new Error(`${entries} nodes in the table, not ${count}: its layout is another`)
  return used
}

// --- Witness of a hand-made state ---------------------------------------------------------------------------------------

/** All trie nodes and codes of a small state. */
export async function witnessOf(preState: PreState & { kind: 'flat' }, common: Common): Promise<WitnessPreState> {
  const database = new MapDB<string, Uint8Array>()
  const trie = await createMPT({
    db: database as never,
    useKeyHashing: true,
    valueEncoding: ValueEncoding.Bytes,
    common,
  })
  const manager = new MerkleStateManager({ trie, common })
  await fillManager(manager, preState)
  const root = await manager.getStateRoot()
  // Codes lie there too, under longer keys.
  const all = new Map([...database._database].filter(([key]) => key.length === 64))
  const nodes = new Map<string, Uint8Array>()
  visit(root, all, nodes)
  return {
    kind: 'witness',
    root,
    nodes: [...nodes.values()],
    codes: distinct(preState.codes.filter(({ length }) => length > 0)),
  }
}

/** Any 32 bytes in a node that are the hash of another one lead there: children, and storage roots in the leaves. */
function visit(item: unknown, all: ReadonlyMap<string, Uint8Array>, found: Map<string, Uint8Array>): void {
  if (Array.isArray(item)) {
    for (const part of item) visit(part, all, found)
    return
  }
  const bytes = item as Uint8Array
  const name = hex(bytes)
  const node = bytes.length === 32 ? all.get(name) : undefined
  if (node !== undefined && !found.has(name)) {
    found.set(name, node)
    visit(RLP.decode(node), all, found)
  } else if (bytes.length > 32 && (bytes[0] as number) >= 0xc0) {
    visit(RLP.decode(bytes), all, found)
  }
}
