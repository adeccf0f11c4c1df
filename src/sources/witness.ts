import type { BytesLike } from '../door/bytes.js'
import { check } from '../door/shape.js'
import { InvalidStateError, invalidState, WITNESS, WITNESS_WITH_ROOT, type Witness } from './inputs.js'
import type { BaseWriter, StateSource } from './source.js'

export interface WitnessState extends StateSource {
  /**
   * Adds the witness of a later block. What the state already holds is kept, so consecutive blocks can follow each other.
   * @throws InvalidStateError when it is no witness, or no executor was created with this state yet
   */
  add(witness: Witness): void
}

/**
 * A state of which only the parts in an execution witness are known. Reading anything else is a MissingNodeError, never a
 * wrong value; the root after a block is the real one.
 * @throws InvalidStateError
 */
export function witnessState(witness: Witness & { root: BytesLike }): WitnessState {
  const { root, ...first } = check(WITNESS_WITH_ROOT, witness, 'witness', invalidState)
  let writer: BaseWriter | undefined
  const put = (to: BaseWriter, { nodes, codes }: { nodes: Uint8Array[]; codes: Uint8Array[] }): void => {
    to.putTrieNodes(nodes)
    for (const code of codes) to.putCode(code)
  }
  return {
    kind: 'witness',
    attach(to: BaseWriter): void {
      writer = to
      put(to, first)
      to.setTrieRoot(root)
    },
    add(next: Witness): void {
      const more = check(WITNESS, next, 'witness', invalidState)
      if (writer === undefined) {
        throw new InvalidStateError('witness', 'create a BlockExecutor with this state before adding to it')
      }
      put(writer, more)
    },
  }
}
