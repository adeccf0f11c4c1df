// What a source of each kind can do. The rest of the project asks for capabilities, never for the kind: a new kind is a row.

export interface SourceCapabilities {
  /**
   * Who makes state roots: the core's threads from its tries, the source from a block's difference, or the executor's thread
   * from tries whose nodes it fetches.
   */
  readonly rootBy: 'core' | 'source' | 'host'
  /** The whole state was put when the source was attached: what is not in memory does not exist. */
  readonly complete: boolean
  /** Parts of a state, put as trie nodes by somebody who need not be trusted: what is not in memory is read from them. */
  readonly partialWitness: boolean
  /** What is not in memory is asked of the source while the block runs. */
  readonly fetches: boolean
  /** The core makes its tries from the values in memory, and can make them anew; those of a witness cannot be. */
  readonly triesFromBase: boolean
  /** What is not in memory is read from rows, by the thread that needs it. */
  readonly rows: boolean
}

const CAPABILITIES = {
  memory: { rootBy: 'core', complete: true, partialWitness: false, fetches: false, triesFromBase: true, rows: false },
  witness: { rootBy: 'core', complete: false, partialWitness: true, fetches: false, triesFromBase: false, rows: false },
  store: { rootBy: 'core', complete: false, partialWitness: false, fetches: false, triesFromBase: false, rows: true },
  trie: { rootBy: 'host', complete: false, partialWitness: false, fetches: true, triesFromBase: false, rows: false },
  async: { rootBy: 'source', complete: false, partialWitness: false, fetches: true, triesFromBase: false, rows: false },
} as const satisfies Record<string, SourceCapabilities>

export type SourceKind = keyof typeof CAPABILITIES

export const SOURCE_KINDS = Object.keys(CAPABILITIES) as SourceKind[]

export function capabilitiesOf({ kind }: { kind: SourceKind }): SourceCapabilities {
  return CAPABILITIES[kind]
}

/** What a source of a kind must answer while a block runs: nothing, values, or trie nodes and codes. */
export function questionsOf(source: { kind: SourceKind }): readonly ('account' | 'storage' | 'node' | 'code')[] {
  const { fetches, rootBy } = capabilitiesOf(source)
  if (!fetches) return []
  return rootBy === 'host' ? ['node', 'code'] : ['account', 'storage']
}
