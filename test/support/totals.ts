// What the core makes of a block's outcomes (assembly/block/receipts.ts), made by JavaScript instead.
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { ExecutedOutcome, Outcome } from '../../src/abi/outcome.js'
import type { Outcomes } from '../../src/block/checks.js'
import { encodeReceipt } from '../../src/fuzz/encodeReceipt.js'
import type { ExecutedReceipt } from '../../src/types.js'
import { orderedRootWith } from './orderedRoot.js'

const orderedRoot = orderedRootWith(keccak_256)

/** A list as acceptOutcomes reads it. */
export function asOutcomes(list: readonly Outcome[]): Outcomes {
  const whole = (index: number): Outcome => list[index] as Outcome
  return {
    head: (index) => {
      const outcome = whole(index)
      const execution = 'gasUsed' in outcome ? outcome.gasUsed : 0n
      return { kind: outcome.kind, blockGas: { execution, state: 0n }, beforehand: 0n }
    },
    whole,
  }
}

/** The outcomes of a block's transactions; the first and the last are the block's own work. */
export function executedOf(outcomes: readonly Outcome[]): ExecutedOutcome[] {
  return outcomes.slice(1, -1) as ExecutedOutcome[]
}

export function totalsOf(outcomes: readonly ExecutedOutcome[], receipts: readonly ExecutedReceipt[]) {
  const logsBloom = new Uint8Array(256)
  for (const { logsBloom: bloom } of receipts) for (const [i, byte] of bloom.entries()) logsBloom[i]! |= byte
  return {
    gasUsed: outcomes.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    blobGasUsed: outcomes.reduce((sum, { blobGasUsed }) => sum + blobGasUsed, 0n),
    logsBloom,
    receiptsRoot: orderedRoot(receipts.map(encodeReceipt)),
  }
}
