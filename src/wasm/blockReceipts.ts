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
 * @param request address of the block's request, all of whose transactions were executed
 * @throws OutOfSpaceError
 */
export function packReceipts(block: BlockCore, request: number): PackedReceipts {
  const { core, exports } = block
  const at = memoryView(block).blockAlloc(abi.BR_SIZE)
  block.check(exports.blockReceipts(request, at), 'the receipts')
  const wantsRoot = core.u32(request + abi.Q_RECEIPTS) !== 0
  return {
    gasUsed: core.view.getBigUint64(at + abi.BR_GAS_USED, true),
    blobGasUsed: core.view.getBigUint64(at + abi.BR_BLOB_GAS, true),
    logsBloom: core.read(at + abi.BR_BLOOM, 256),
    ...(wantsRoot && { receiptsRoot: core.read(at + abi.BR_ROOT, 32) }),
    outcomes: core.read(core.u32(at + abi.BR_PACKED), core.u32(at + abi.BR_PACKED_LENGTH)),
  }
}
