import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes } from '@ethereumjs/util'
import { requestsHash } from '../../block/requests.js'
import type { BlockResult } from '../../types.js'
import type { hashing } from '../hashing.js'
import { blockOf, type Draft } from './draft.js'

/** The block with the fields of its header that its transactions decide. */
export function seal(
  draft: Draft,
  transactions: readonly Uint8Array[],
  result: BlockResult,
  { keccak256, orderedRoot }: ReturnType<typeof hashing>,
): { blockRlp: Uint8Array; headerRlp: Uint8Array; hash: Uint8Array } {
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
  const fields = new Map(draft.fields)
  for (const [name, value] of Object.entries(made)) if (value !== undefined && fields.has(name)) fields.set(name, value)
  const headerRlp = RLP.encode([...fields.values()])
  return { blockRlp: blockOf({ ...draft, fields }, transactions), headerRlp, hash: keccak256(headerRlp) }
}
