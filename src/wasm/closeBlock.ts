// The end of an executed block as the core makes it (assembly/block/closing.ts).
import * as abi from '../abi/core.generated.js'
import type { OutcomeLog } from '../abi/outcome.js'
import type { BlockCore } from './blockCore.js'

export interface BlockTotals {
  /** Gas used by the block. */
  gasUsed: bigint
  /** Blob gas used by the block (EIP-4844). */
  blobGasUsed: bigint
  /** 256 bytes. */
  logsBloom: Uint8Array
  /** Absent when it was not wanted. */
  receiptsRoot?: Uint8Array
  /** The outcomes of the transactions with their types, for decodeExecuted. */
  outcomes: Uint8Array
  /** Logs of the deposit contract, where the request names one (EIP-6110). */
  deposits: OutcomeLog[]
}

export interface ClosedBlock {
  /** The body is the one that the header commits to; of no meaning where the request did not ask for it. */
  body: boolean
  /** 32 bytes; undefined where the request did not ask for the tries of the body. */
  transactionsRoot: Uint8Array | undefined
  /** Undefined when a transaction must not be in the block. */
  totals: BlockTotals | undefined
}

/**
 * @param request address of the block's request, which all threads have left
 * @throws OutOfSpaceError
 */
export function closeBlock(block: BlockCore, request: number): ClosedBlock {
  const { core, exports } = block
  block.check(exports.closeBlock(request), 'the receipts')
  const at = core.u32(request + abi.Q_TOTALS)
  const body = core.u32(at + abi.BR_BODY) !== 0
  const hasBody = core.u32(request + abi.Q_TX_GROUPS) !== 0
  const transactionsRoot = hasBody ? core.read(at + abi.BR_TX_ROOT, 32) : undefined
  if (core.u32(at + abi.BR_ACCEPTED) === 0) return { body, transactionsRoot, totals: undefined }
  const wantsRoot = core.u32(request + abi.Q_RECEIPTS) !== 0
  const totals: BlockTotals = {
    gasUsed: core.view.getBigUint64(at + abi.BR_GAS_USED, true),
    blobGasUsed: core.view.getBigUint64(at + abi.BR_BLOB_GAS, true),
    logsBloom: core.read(at + abi.BR_BLOOM, 256),
    ...(wantsRoot && { receiptsRoot: core.read(at + abi.BR_ROOT, 32) }),
    outcomes: core.read(core.u32(at + abi.BR_PACKED), core.u32(at + abi.BR_PACKED_LENGTH)),
    deposits: [],
  }
  for (let entry = core.u32(at + abi.BR_DEPOSITS); entry !== 0; entry = core.u32(entry + abi.DEPOSIT_NEXT)) {
    totals.deposits.push(logAt(block, core.u32(entry + abi.DEPOSIT_LOG)))
  }
  return { body, transactionsRoot, totals }
}

function logAt({ core }: BlockCore, log: number): OutcomeLog {
  const count = core.u32(log + abi.OLOG_TOPICS)
  const body = log + abi.OLOG_BODY
  const topics = Array.from({ length: count }, (_, index) => core.read(body + 32 * index, 32))
  return [core.read(log, 20), topics, core.read(body + 32 * count, core.u32(log + abi.OLOG_DATA_LENGTH))]
}
