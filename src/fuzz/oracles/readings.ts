// Known faults of an oracle, judged by the EIP (docs/oracles.md): what it says on such a block counts for nothing.
// A reading must be recognised exactly, or it would hide faults of ours.
import { Refusal } from '../../abi/core.generated.js'
import type { FuzzBlock } from '../blocks.js'
import type { Answer, OracleName } from './oracle.js'

interface Reading {
  oracle: OracleName
  /** Short, for the counts. */
  name: string
  applies(answer: Answer, block: FuzzBlock): boolean
}

/** In the sum of 96 and the length of the base: the innermost frames of the specification itself. */
const MODEXP_OVERFLOW =
  /^OverflowError.*\/precompiled_contracts\/modexp\.py:\d+(, \S+\/ethereum_types\/numeric\.py:\d+)*$/

const READINGS: readonly Reading[] = [
  {
    oracle: 'eels',
    name: 'accepts a typed transaction of another chain',
    // Refused because of a later transaction, or not at all.
    applies: (answer, { fault, transactions }) =>
      fault?.refusal === Refusal.WRONG_CHAIN &&
      transactions[fault.index] instanceof Uint8Array &&
      (answer.kind === 'outcome' || (answer.kind === 'refused' && (answer.transaction ?? 0) > fault.index)),
  },
  {
    oracle: 'eels',
    name: 'crashes in MODEXP',
    applies: (answer) => answer.kind === 'crash' && MODEXP_OVERFLOW.test(answer.reason),
  },
]

/** @returns the name of the reading that the oracle's answer shows */
export function ownReading(oracle: string, answer: Answer, block: FuzzBlock): string | undefined {
  const reading = READINGS.find((each) => each.oracle === oracle && each.applies(answer, block))
  return reading && `${oracle} ${reading.name}`
}
