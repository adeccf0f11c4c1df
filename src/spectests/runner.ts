import type { PostEntry, StateTest } from './json.js'

/** Runs the one transaction of a begun block. Outcome bytes (receipts/outcome.ts), undefined when the block's gas limit refuses it. */
export type RunTransaction = () => Promise<Uint8Array | undefined>

export interface StateTestRunner {
  /** Reads the test, so that what is answered does nothing but execute. */
  prepare(test: StateTest, fork: string, entry: PostEntry): Promise<RunTransaction>
}
