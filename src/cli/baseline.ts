// Plain sequential @ethereumjs/vm as one more contender: what everything else is compared with.

import { RLP } from '@ethereumjs/rlp'
import { createTxFromBlockBodyData } from '@ethereumjs/tx'
import { rulesOf } from '../block/common.js'
import { executingCommon } from '../block/executingCommon.js'
import type { BlockCase } from '../blockFiles/index.js'
import { preStateReader } from '../reference/preState.js'
import { runReference } from '../reference/reference.js'
import { commonOf } from './blockCase.js'
import type { Contender, Run } from './measure.js'
import { nodesOf, receiptsRootOf, stateRootAfter } from './sequentialRoots.js'
import { sum } from './statistics.js'

export const SEQUENTIAL = 'sequential'

/**
 * The state the block reads is loaded by the first run and stays in memory, as it does in an executor. Senders are
 * recovered anew in every run, unless the case comes with them.
 */
export function sequentialContender(block: BlockCase, root: boolean): Contender {
  const common = commonOf(block)
  const rules = rulesOf(common, block.fork)
  const decodingCommon = executingCommon(rules, block.fork)
  const statusReceipts = common.gteHardfork('byzantium')
  const { preState } = block
  const reader = preStateReader(preState)
  const nodes = root && preState.kind === 'witness' ? nodesOf(preState) : undefined
  const bodies = (RLP.decode(block.blockRlp) as unknown as [unknown, (Uint8Array | Uint8Array[])[]])[1]

  const run = async (): Promise<Run> => {
    const transactions = block.senders
      ? []
      : bodies.map((body) => createTxFromBlockBodyData(body, { common: decodingCommon }))
    const start = performance.now()
    const senders = block.senders ?? transactions.map((tx) => tx.getSenderAddress().bytes)
    const recovered = performance.now()
    const result = await runReference(block.blockRlp, reader, { rules, senders, blockHashes: block.blockHashes })
    const executed = performance.now()
    const receiptsRoot = statusReceipts ? await receiptsRootOf(result.receipts) : undefined
    const receipted = performance.now()
    const stateRoot =
      nodes && preState.kind === 'witness' ? await stateRootAfter(preState.root, nodes, result.stateDiff) : undefined
    const end = performance.now()
    return {
      outcome: { gasUsed: result.gasUsed, logsBloom: result.logsBloom, receiptsRoot, stateRoot },
      details: statusReceipts ? result : { ...result, receipts: result.receipts.map(({ status: _, ...rest }) => rest) },
      ms: {
        senders: recovered - start,
        // The transactions alone: decoding them and starting the virtual machine count in the total only.
        execution: sum(result.ms),
        receipts: receipted - executed,
        root: nodes ? end - receipted : undefined,
        total: end - start,
      },
      reexecutions: 0,
      mode: 'sequential',
    }
  }
  return { label: SEQUENTIAL, run }
}
