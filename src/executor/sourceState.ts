import { sameBytes } from '../bytes.js'
import { checkedRoot, checkedStaged } from '../sources/answers.js'
import { StateChangedError, StateSourceError, StateUnknownError } from '../sources/errors.js'
import type { StagedState, StateSource, TriesAfter } from '../sources/source.js'
import type { BlockResult } from '../types.js'

/**
 * The state that a source keeps itself, held in step with the one in memory. For sources that keep none every step is
 * nothing.
 *
 * Invariant: between blocks the source holds the state in memory, or is known to be lost. So every step here, all of which
 * can fail, comes before the core's own step, which cannot.
 * Decision 15 (docs/adr/0015-sources-that-keep-state.md).
 */
export class SourceState {
  readonly #source: StateSource
  readonly #changes: () => Uint8Array
  /** Of the state in memory; undefined when no block with a root told. */
  #root: Uint8Array | undefined
  /** Why the source no longer holds the state in memory, or nobody knows. */
  #lost: StateUnknownError | StateChangedError | undefined

  /** `changes`: what the executed block changes in the rows of a state store. */
  constructor(source: StateSource, changes: () => Uint8Array) {
    this.#source = source
    this.#changes = changes
  }

  /** The source has a root, which somebody else could change. */
  get hasRoot(): boolean {
    return this.#source.root !== undefined
  }

  /** @throws StateUnknownError, StateChangedError when it was lost before this block */
  checkKnown(): void {
    const lost = this.#lost
    if (lost instanceof StateChangedError) throw new StateChangedError(lost.expected, lost.found, lost.cause)
    if (lost !== undefined) throw new StateUnknownError('an earlier block failed', lost.cause)
  }

  /**
   * @param cause an error that may come of a change
   * @throws StateChangedError when the source holds another state than the last block left, and values of that one may be in
   * memory; StateSourceError
   */
  async checkUnchanged(cause?: unknown): Promise<void> {
    if (!this.hasRoot) return
    const found = await this.#rootNow()
    this.#root ??= found
    if (sameBytes(found, this.#root)) return
    this.#lost = new StateChangedError(this.#root, found, cause)
    throw this.#lost
  }

  async #rootNow(): Promise<Uint8Array> {
    try {
      return checkedRoot(await this.#source.root?.())
    } catch (error) {
      throw new StateSourceError('its state root (execute with root: false when it has none)', error)
    }
  }

  /** Writes the difference of a block, to be kept or dropped. @throws StateSourceError, StateChangedError, StateUnknownError */
  async stage(
    block: Pick<BlockResult, 'number' | 'hash' | 'stateRoot' | 'stateDiff'>,
    wantsRoot: boolean,
    tries?: TriesAfter,
  ): Promise<StagedState | undefined> {
    const { number, hash, stateRoot } = block
    if (this.#source.rows !== undefined && stateRoot !== undefined) {
      return this.#source.rows().stageBlock({ number, hash, stateRoot, changes: this.#changes })
    }
    if (this.#source.stage === undefined) return undefined
    if (wantsRoot) await this.checkUnchanged()
    let staged: StagedState
    try {
      staged = await this.#source.stage(block.stateDiff, { root: wantsRoot, ...(tries && { tries }) })
    } catch (error) {
      if (!(error instanceof StateUnknownError)) throw new StateSourceError('the difference of the block', error)
      this.#lost = error
      throw error
    }
    try {
      return checkedStaged(staged, wantsRoot)
    } catch (error) {
      await this.#takeBack(staged, error)
      throw new StateSourceError('the difference of the block', error)
    }
  }

  /** @throws StateSourceError when it is not kept, and the source is as it was before; StateUnknownError */
  async keep(staged: StagedState | undefined): Promise<void> {
    if (staged === undefined) return
    try {
      await staged.keep()
    } catch (error) {
      await this.#takeBack(staged, error)
      throw new StateSourceError('keeping the block', error)
    }
    this.#root = staged.root
  }

  /** `reason`: the error because of which it is dropped. @throws StateUnknownError when the source cannot */
  async drop(staged: StagedState | undefined, reason?: unknown): Promise<void> {
    if (staged !== undefined) await this.#takeBack(staged, reason)
  }

  async #takeBack(staged: StagedState, reason: unknown): Promise<void> {
    try {
      await staged.drop()
      if (this.#root !== undefined && staged.root !== undefined) await this.#checkRestored(this.#root)
    } catch (error) {
      const why = reason instanceof Error ? ` (dropped because: ${reason.message})` : ''
      this.#lost = new StateUnknownError(`the state source could not take a block back${why}`, error)
      throw this.#lost
    }
  }

  /** A root that cannot be told now is compared before the next block. @throws StateChangedError */
  async #checkRestored(root: Uint8Array): Promise<void> {
    let found: Uint8Array | undefined
    try {
      found = await this.#source.root?.()
    } catch {
      return
    }
    if (found !== undefined && !sameBytes(found, root)) throw new StateChangedError(root, found)
  }
}
