import { type MemoryView, writeRequest } from '../abi/blockRequest.js'
import { blockRecordsOf } from '../block/coreRecords.js'
import { encodeWork, workInputOf } from '../block/decode.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import { senderBatch } from './modeChoice.js'

/**
 * Writes the request of a block; a pointer.
 * @param senders where they are known: 20 bytes a transaction
 * @throws OutOfSpaceError
 */
export function writeBlockRequest(
  memory: MemoryView,
  { header, block, blockHashes }: BlockInput,
  plan: BlockPlan,
  senders: Uint8Array | undefined,
  serial: number,
): number {
  return writeRequest(memory, {
    transactions: block.transactions,
    ...(senders && { senders }),
    senderBatch: senderBatch(block.transactions.length, plan.threads),
    blockHashes,
    hardfork: header.common.hardfork(),
    flags: plan.flags,
    serial,
    ...(plan.engine === 'wasm'
      ? { records: blockRecordsOf({ header, ...workInputOf(block) }, blockHashes) }
      : { block: encodeWork(block) }),
  })
}
