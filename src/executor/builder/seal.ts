import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes } from '@ethereumjs/util'
import { requestsHash } from '../../block/requests.js'
import type { BlockResult } from '../../types.js'
import type { hashing } from '../hashing.js'
import { blockOf, type Draft, type HeaderFields } from './draft.js'
import type { BuiltBlock, UnsealedBlock } from './types.js'

type Hashing = ReturnType<typeof hashing>

/** Fields of the header of a block of these transactions; undefined are those that its result does not tell. */
function fieldsOf(
  draft: Draft,
  transactions: readonly Uint8Array[],
  result: BlockResult,
  { orderedRoot }: Hashing,
): [name: string, value: Uint8Array | undefined][] {
  const made: Record<string, Uint8Array | undefined> = {
    stateRoot: result.stateRoot,
    transactionsRoot: orderedRoot(transactions),
    receiptsRoot: result.receiptsRoot,
    logsBloom: result.logsBloom,
    gasUsed: bigIntToUnpaddedBytes(result.gasUsed),
    blobGasUsed: bigIntToUnpaddedBytes(result.blobGasUsed),
    requestsHash: result.requests && requestsHash(result.requests),
    blockAccessListHash: result.blockAccessList?.hash,
  }
  return [...draft.fields].map(([name, value]) => [name, Object.hasOwn(made, name) ? made[name] : value])
}

/** The block with the fields of its header that its transactions decide. */
export function seal(
  draft: Draft,
  transactions: readonly Uint8Array[],
  result: BlockResult,
  functions: Hashing,
): Pick<BuiltBlock, 'blockRlp' | 'headerRlp' | 'hash'> {
  const fields = new Map(fieldsOf(draft, transactions, result, functions)) as HeaderFields
  const headerRlp = RLP.encode([...fields.values()])
  return { blockRlp: blockOf({ ...draft, fields }, transactions), headerRlp, hash: functions.keccak256(headerRlp) }
}

/** The same without the roots that a block without a state root lacks. */
export function unsealed(
  draft: Draft,
  transactions: readonly Uint8Array[],
  result: BlockResult,
  functions: Hashing,
): Pick<UnsealedBlock, 'headerFields'> {
  const known = fieldsOf(draft, transactions, result, functions).filter(([, value]) => value !== undefined)
  return { headerFields: Object.fromEntries(known as [string, Uint8Array][]) }
}
