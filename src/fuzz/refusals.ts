// Whether two refusals of a block are for the same reason.
import { InvalidBlockError } from '../block/errors.js'
import { ruleOf } from '../block/refusalReasons.js'

/** What @ethereumjs says when it has no words of its own for a rule. */
const UNNAMED = new Set(['INVALID_TRANSACTION', 'MALFORMED_TRANSACTION'])
const GAS_LEFT = 'GAS_LEFT'

/**
 * @param planned transaction that breaks one rule; any other may break two, and which is looked at first is no rule
 * @returns how they differ
 */
export function differentRefusals(executor: Error, reference: Error, planned?: number): string | undefined {
  const both = `refused by the executor: ${executor.message}; by the reference: ${reference.message}`
  if (!(executor instanceof InvalidBlockError) || !(reference instanceof InvalidBlockError)) return both
  // With the blobs of the planned one the block may hold too many, which the executor sees before any transaction.
  if (planned !== undefined && executor.code === 'INVALID_BLOB_GAS_USED') return undefined
  if (executor.code !== reference.code) return both
  const [here, there] = [executor.transaction ?? 0, reference.transaction ?? 0]
  // The reference decodes, and checks what needs no state, in all transactions before it executes the first.
  if (there === planned && here < there) return undefined
  if (here !== there) return both
  if (executor.transaction !== planned) return undefined
  const [ours, theirs] = [ruleIn(executor), ruleIn(reference)]
  return ours === theirs || UNNAMED.has(ours) || UNNAMED.has(theirs) ? undefined : both
}

function ruleIn({ message }: InvalidBlockError): string {
  if (/ may use \d+ gas, | wants more gas than /.test(message)) return GAS_LEFT
  return /^transaction \d+, (\w+): /.exec(message)?.[1] ?? ruleOf(message)
}
