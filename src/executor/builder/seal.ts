import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes } from '@ethereumjs/util'
import { requestsHash } from '../../block/requests.js'
import type { BlockResult } from '../../types.js'
import type { hashing } from '../hashing.js'
import { blockOf } from './blockOf.js'
import type { Draft, HeaderFields } from './draft.js'
import type { BuiltBlock, UnsealedBlock } from './types.js'

/** What is known of the executed block, and what hashes the rest. */
interface Made extends ReturnType<typeof hashing> {
  result: BlockResult
  /** Undefined: still to be made. */
  transactionsRoot: Uint8Array | undefined
}

/** Fields of the header of a block of these transactions; undefined are those that its result does not tell. */
function fieldsOf(
  draft: Draft,
  transactions: readonly Uint8Array[],
  { result, transactionsRoot, orderedRoot }: Made,
): [name: string, value: Uint8Array | undefined][] {
  const decided: Record<string, Uint8Array | undefined> = {
    stateRoot: result.stateRoot,
    transactionsRoot: transactionsRoot ?? orderedRoot(transactions),
    receiptsRoot: result.receiptsRoot,
    logsBloom: result.logsBloom,
    gasUsed: bigIntToUnpaddedBytes(result.gasUsed),
    blobGasUsed: bigIntToUnpaddedBytes(result.blobGasUsed),
    requestsHash: result.requests && requestsHash(result.requests),
    blockAccessListHash: result.blockAccessList?.hash,
  }
  return [...draft.fields].map(([name, value]) => [name, Object.hasOwn(decided, name) ? decided[name] : value])
}

/** The block with the fields of its header that its transactions decide. */
export function seal(
  draft: Draft,
  transactions: readonly Uint8Array[],
  made: Made,
): Pick<BuiltBlock, 'blockRlp' | 'headerRlp' | 'hash'> {
  const fields = new Map(fieldsOf(draft, transactions, made)) as HeaderFields
  const headerRlp = RLP.encode([...fields.values()])
  return { blockRlp: blockOf({ ...draft, fields }, transactions), headerRlp, hash: made.keccak256(headerRlp) }
}

/** The same without the roots that a block without a state root lacks. */
export function unsealed(
  draft: Draft,
  transactions: readonly Uint8Array[],
  made: Made,
): Pick<UnsealedBlock, 'headerFields'> {
  const known = fieldsOf(draft, transactions, made).filter(([, value]) => value !== undefined)
  return { headerFields: Object.fromEntries(known as [string, Uint8Array][]) }
}
