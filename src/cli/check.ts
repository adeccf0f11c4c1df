import { bytesToHex, equalsBytes } from '@ethereumjs/util'

/** What an execution of a block must get right; a field is absent where nobody knows it. */
export interface Outcome {
  gasUsed?: bigint | undefined
  logsBloom?: Uint8Array | undefined
  receiptsRoot?: Uint8Array | undefined
  stateRoot?: Uint8Array | undefined
  blockAccessListHash?: Uint8Array | undefined
}

export const CHECKED_FIELDS = ['stateRoot', 'receiptsRoot', 'logsBloom', 'gasUsed', 'blockAccessListHash'] as const
export type CheckedField = (typeof CHECKED_FIELDS)[number]

/** `unknown`: one side does not have the field (a flat pre-state has no state root). */
export type Verdict = 'yes' | 'no' | 'unknown'

export function judge(field: CheckedField, actual: Outcome, expected: Outcome): Verdict {
  const [a, b] = [actual[field], expected[field]]
  if (a === undefined || b === undefined) return 'unknown'
  if (typeof a === 'bigint' || typeof b === 'bigint') return a === b ? 'yes' : 'no'
  return equalsBytes(a, b) ? 'yes' : 'no'
}

/** One line a field that differs, naming block, field, both values and where the expected one comes from. */
export function differences(
  block: string,
  actor: string,
  actual: Outcome,
  against: string,
  expected: Outcome,
): string[] {
  return CHECKED_FIELDS.filter((field) => judge(field, actual, expected) === 'no').map(
    (field) =>
      `block ${block}: ${field} of ${actor} is ${show(actual[field])}, but ${against} has ${show(expected[field])}`,
  )
}

function show(value: Uint8Array | bigint | undefined): string {
  if (value === undefined) return 'absent'
  if (typeof value === 'bigint') return String(value)
  const hex = bytesToHex(value)
  return hex.length > 80 ? `${hex.slice(0, 42)}... (${value.length} bytes)` : hex
}
