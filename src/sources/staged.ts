/** A difference that a source has written but can still take back. One of `keep` and `drop` is called. */
export interface StagedState {
  /** State root with the difference, 32 bytes; where it was wanted. */
  root?: Uint8Array
  /** When it rejects `drop` is called after all. The executor's own step to the state after the block cannot fail. */
  keep(): Promise<void>
  /** Makes the state what it was before. When it rejects the executor refuses blocks until it is given another state. */
  drop(): Promise<void>
}
