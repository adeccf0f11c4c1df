// Plain sequential @ethereumjs/vm as one more contender: what everything else is compared with.

import { rulesOf } from '../block/common.js'
import type { BlockCase } from '../blockFiles/index.js'
import { preStateReader } from '../reference/preState.js'
import { runReference } from '../reference/reference.js'
import { commonOf } from './blockCase.js'
import type { Work } from './contenders.js'
import type { Contender, Run } from './measure.js'
import { nodesOf, receiptsRootOf, stateRootAfter } from './sequentialRoots.js'
import { sum } from './statistics.js'

export const SEQUENTIAL = 'sequential'

/**
 * The state the block reads is loaded by the first run and stays in memory, as it does in an executor. Each run begins with the
 * block's bytes, so that nothing else is remembered.
 */
export function sequentialContender(block: BlockCase, { root, givenSenders }: Work): Contender {
  const common = commonOf(block)
  const rules = rulesOf(common, block.fork)
  const statusReceipts = common.gteHardfork('byzantium')
  const { preState, blockHashes } = block
  const senders = givenSenders ? block.senders : undefined
  const reader = preStateReader(preState)
  const nodes = root && preState.kind === 'witness' ? nodesOf(preState) : undefined

  const run = async (): Promise<Run> => {
    const start = performance.now()
    const result = await runReference(block.blockRlp, reader, { rules, senders, blockHashes })
    const executed = performance.now()
    const receiptsRoot = statusReceipts ? await receiptsRootOf(result.receipts) : undefined
    const receipted = performance.now()
    const stateRoot =
      nodes && preState.kind === 'witness' ? await stateRootAfter(preState.root, nodes, result.stateDiff) : undefined
    const end = performance.now()
    // The transactions alone, and what senders, receipts and root took: the rest is preparation.
    const execution = sum(result.ms.transactions)
    return {
      outcome: { gasUsed: result.gasUsed, logsBloom: result.logsBloom, receiptsRoot, stateRoot },
      details: result,
      ms: {
        prepare: executed - start - result.ms.senders - execution,
        senders: result.ms.senders,
        execution,
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
