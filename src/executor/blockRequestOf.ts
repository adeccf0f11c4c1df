import { type MemoryView, writeRequest } from '../abi/blockRequest.js'
import { blockRecordsOf } from '../block/coreRecords.js'
import { uncleWork } from '../block/decode.js'
import { putBlock } from '../block/putBlock.js'
import { depositContract } from '../block/requests.js'
import type { BlockInput } from './blockInput.js'
import type { BlockPlan } from './blockPlan.js'
import { senderBatch } from './modeChoice.js'

/**
 * Writes the request of a block; a pointer.
 * @param memory where the block lies too, if the core has read it
 * @param senders where they are known: 20 bytes a transaction
 * @param checksBody whether the roots of the body are to be compared with the header
 * @throws OutOfSpaceError
 */
export function writeBlockRequest(
  memory: MemoryView,
  { header, block, bytes, blockHashes }: BlockInput,
  plan: Pick<BlockPlan, 'threads' | 'flags' | 'engine'>,
  senders: Uint8Array | undefined,
  checksBody: boolean,
  serial: number,
): number {
  const deposits = depositContract(header.common)
  return writeRequest(memory, {
    block: block.pointer ?? putBlock(memory, bytes, block.decoded()),
    ...(senders && { senders }),
    senderBatch: senderBatch(block.count, plan.threads),
    checksBody,
    ...(deposits && { deposits }),
    blockHashes,
    hardfork: header.common.hardfork(),
    flags: plan.flags,
    serial,
    ...(plan.engine === 'wasm' && { records: blockRecordsOf(header, block.uncles.map(uncleWork), blockHashes) }),
  })
}
