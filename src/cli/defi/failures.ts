import type { BlockResult } from '../../index.js'

/** Positions of the transactions that failed. */
export function failuresOf({ receipts }: Pick<BlockResult, 'receipts'>): number[] {
  return receipts.flatMap(({ status }, index) => (status === 1 ? [] : [index]))
}
