import { type MemoryView, writeRequest } from '../abi/blockRequest.js'
import { blockRecordsOf } from '../block/coreRecords.js'
import { uncleWork } from '../block/decode.js'
import { putBlock } from '../block/putBlock.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import { senderBatch } from './modeChoice.js'

/**
 * Writes the request of a block; a pointer.
 * @param memory where the block lies too, if the core has read it
 * @param senders where they are known: 20 bytes a transaction
 * @throws OutOfSpaceError
 */
export function writeBlockRequest(
  memory: MemoryView,
  { header, block, bytes, blockHashes }: BlockInput,
  plan: BlockPlan,
  senders: Uint8Array | undefined,
  serial: number,
): number {
  return writeRequest(memory, {
    block: block.pointer ?? putBlock(memory, bytes, block.decoded()),
    ...(senders && { senders }),
    senderBatch: senderBatch(block.count, plan.threads),
    blockHashes,
    hardfork: header.common.hardfork(),
    flags: plan.flags,
    serial,
    ...(plan.engine === 'wasm' && { records: blockRecordsOf(header, block.uncles.map(uncleWork), blockHashes) }),
  })
}
