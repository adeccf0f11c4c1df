import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes } from '@ethereumjs/util'
import {
  BLOCK_ACCESS_LIST_HASH,
  GAS_USED,
  LOGS_BLOOM,
  RECEIPTS_ROOT,
  REQUESTS_HASH,
  STATE_ROOT,
  TRANSACTIONS_ROOT,
} from '../block/format.js'
import { requestsHash } from '../block/requests.js'
import type { BlockResult } from '../types.js'
import type { BlockInput } from './blockInput.js'
import type { hashing } from './hashing.js'

/** The block with the fields of its header that executing it gives; without a state root that one stays. */
export function generatedBlock(
  bytes: Uint8Array,
  { block }: BlockInput,
  result: BlockResult,
  { keccak256, orderedRoot }: ReturnType<typeof hashing>,
): Required<Pick<BlockResult, 'hash' | 'generated'>> {
  const { stateRoot, receiptsRoot, logsBloom, gasUsed, requests } = result
  const transactionsRoot = orderedRoot(block.decoded().transactions)
  const fields = [...block.header.fields]
  fields[TRANSACTIONS_ROOT] = transactionsRoot
  fields[LOGS_BLOOM] = logsBloom
  fields[GAS_USED] = bigIntToUnpaddedBytes(gasUsed)
  if (stateRoot !== undefined) fields[STATE_ROOT] = stateRoot
  if (receiptsRoot !== undefined) fields[RECEIPTS_ROOT] = receiptsRoot
  if (fields.length > BLOCK_ACCESS_LIST_HASH && result.blockAccessList !== undefined)
    fields[BLOCK_ACCESS_LIST_HASH] = result.blockAccessList.hash
  if (requests !== undefined) fields[REQUESTS_HASH] = requestsHash(requests)
  const [, ...body] = RLP.decode(bytes) as unknown[]
  const hash = keccak256(RLP.encode(fields as never))
  return { hash, generated: { blockRlp: RLP.encode([fields, ...body] as never), transactionsRoot } }
}
