import { InvalidStateError } from './memory.js'
import type { BaseWriter, StateSource } from './source.js'

/** An execution witness: the trie nodes and codes that a block needs. */
export interface Witness {
  /** RLP of trie nodes, account trie and storage tries together, in any order. */
  nodes: Iterable<Uint8Array>
  /** Contract codes, in any order. */
  codes: Iterable<Uint8Array>
}

export interface WitnessState extends StateSource {
  /**
   * Adds the witness of a later block. What the state already holds is kept, so consecutive blocks can follow each other.
   * @throws InvalidStateError when no executor was created with this state yet
   */
  add(witness: Witness): void
}

/**
 * A state of which only the parts in an execution witness are known. Reading anything else is a MissingNodeError, never a
 * wrong value; the root after a block is the real one.
 */
export function witnessState(initial: Witness & { root: Uint8Array }): WitnessState {
  let writer: BaseWriter | undefined
  const put = (to: BaseWriter, { nodes, codes }: Witness): void => {
    to.putTrieNodes(nodes)
    for (const code of codes) to.putCode(code)
  }
  return {
    kind: 'witness',
    attach(to: BaseWriter): void {
      writer = to
      put(to, initial)
      to.setTrieRoot(initial.root)
    },
    add(witness: Witness): void {
      if (writer === undefined)
        throw new InvalidStateError('create a BlockExecutor with this state before adding to it')
      put(writer, witness)
    },
  }
}
