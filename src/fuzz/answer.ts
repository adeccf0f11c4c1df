// What the executor says of a block, in the form of what others say.
import { ParallevmError } from '../errors.js'
import type { BlockExecutor } from '../executor/blockExecutor.js'
import type { BlockResult } from '../types.js'
import { blockRlp, hashesBefore } from './blocks.js'
import { refused } from './oracles/ethereumjs.js'
import type { Answer, Judge } from './oracles/oracle.js'

/** A typed error is a result, too; anything else is a defect that must not be hidden. */
export function typed(error: unknown): ParallevmError {
  if (error instanceof ParallevmError) return error
  throw error
}

export function answerOf(result: BlockResult | ParallevmError): Answer {
  if (result instanceof ParallevmError) return refused(result)
  const { receipts, gasUsed, logsBloom, receiptsRoot, stateRoot, requests, stateDiff, blockAccessList } = result
  return {
    kind: 'outcome',
    // Before Byzantium there are no roots in receipts unless they were asked for.
    receipts: receiptsRoot ? receipts : receipts.map(({ stateRoot: _, ...receipt }) => receipt),
    gasUsed,
    logsBloom,
    ...(receiptsRoot && { receiptsRoot }),
    ...(stateRoot && { stateRoot }),
    ...(requests && { requests }),
    ...(blockAccessList && { accessList: blockAccessList.rlp }),
    change: { diff: stateDiff },
    exact: { receipts, gasUsed, stateDiff },
  }
}

/** The executor as the judge of blocks that @ethereumjs/vm cannot execute. @param executor its `verify` is 'none' */
export function executorJudge(executor: Pick<BlockExecutor, 'execute' | 'setState'>): Judge {
  return {
    name: 'the executor',
    async run(state, block) {
      await executor.setState(state.source())
      const blockHashes = new Map(hashesBefore(block))
      const { senders } = block
      return answerOf(await executor.execute(blockRlp(block), { senders, blockHashes, advance: false }).catch(typed))
    },
  }
}
