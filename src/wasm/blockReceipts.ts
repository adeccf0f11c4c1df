// Receipts of an executed block as the core makes them (assembly/block/receipts.ts).
import * as abi from '../abi/core.generated.js'
import type { BlockCore } from './blockCore.js'
import { memoryView } from './memoryView.js'

export interface PackedReceipts {
  /** Gas used by the block. */
  gasUsed: bigint
  /** Blob gas used by the block (EIP-4844). */
  blobGasUsed: bigint
  /** 256 bytes. */
  logsBloom: Uint8Array
  /** Absent when it was not wanted. */
  receiptsRoot?: Uint8Array
  /** The outcomes of the transactions, for decodeExecuted. */
  outcomes: Uint8Array
}

/**
 * @param types EIP-2718 type of each transaction; all of them were executed
 * @param roots address of the state roots after them, which receipts hold before Byzantium; 0: they hold the status
 * @throws OutOfSpaceError
 */
export function packReceipts(
  block: BlockCore,
  types: readonly number[],
  roots: number,
  wantsRoot: boolean,
): PackedReceipts {
  const { core, exports } = block
  const memory = memoryView(block)
  const at = memory.blockAlloc(abi.BR_SIZE)
  const typesAt = memory.blockAlloc(4 * types.length + 4)
  memory.words(typesAt, types.length).set(types)
  block.check(exports.blockReceipts(typesAt, types.length, roots, wantsRoot, at), 'the receipts')
  return {
    gasUsed: core.view.getBigUint64(at + abi.BR_GAS_USED, true),
    blobGasUsed: core.view.getBigUint64(at + abi.BR_BLOB_GAS, true),
    logsBloom: core.read(at + abi.BR_BLOOM, 256),
    ...(wantsRoot && { receiptsRoot: core.read(at + abi.BR_ROOT, 32) }),
    outcomes: core.read(core.u32(at + abi.BR_PACKED), core.u32(at + abi.BR_PACKED_LENGTH)),
  }
}
