// Plain @ethereumjs/vm in this process: the oracle that is always there.

import { Rules } from '../../abi/core.generated.js'
import { InvalidBlockError } from '../../block/errors.js'
import { ParallevmError } from '../../errors.js'
import { type ReferenceResult, runReference } from '../../reference/reference.js'
import { forkOf, hasFork } from '../../spectests/forks.js'
import type { PlainState } from '../../spectests/plainState.js'
import { blockRlp, type FuzzBlock, hashesBefore } from '../blocks.js'
import { Field } from '../header.js'
import type { Answer, Oracle } from './oracle.js'

export const ethereumjsOracle: Oracle = {
  name: 'ethereumjs',
  description: '@ethereumjs/vm in this process',
  // Its Amsterdam is an earlier one, and what it brings is told by no receipt.
  knows: (fork) => hasFork(fork) && forkOf(fork).rules < Rules.AMSTERDAM,
  async run(state: PlainState, block: FuzzBlock): Promise<Answer> {
    const { rules, senders } = block
    return runReference(blockRlp(block), state, { rules, senders, blockHashes: new Map(hashesBefore(block)) }).then(
      (result) => outcomeOf(result, block),
      refused,
    )
  },
  async close() {},
}

function outcomeOf({ receipts, gasUsed, logsBloom, requests, stateDiff }: ReferenceResult, block: FuzzBlock): Answer {
  return {
    kind: 'outcome',
    receipts,
    gasUsed,
    logsBloom,
    change: { diff: stateDiff },
    exact: { receipts, gasUsed, stateDiff },
    ...(block.header.length > Field.REQUESTS_HASH && { requests: requests.filter(({ length }) => length > 1) }),
  }
}

/** A typed error is an answer; anything else is a defect that must not be hidden. */
export function refused(error: unknown): Answer {
  if (!(error instanceof ParallevmError)) throw error
  const transaction = error instanceof InvalidBlockError ? error.transaction : undefined
  return {
    kind: 'refused',
    reason: `${error.code}: ${error.message}`,
    error,
    ...(transaction !== undefined && { transaction }),
  }
}
