// What the commands need to know of a block file, whichever way it is executed.
import { Common, createCustomCommon, Mainnet } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import type { BlockCase } from '../blockFiles/index.js'

export function transactionCount(block: BlockCase): number {
  return (RLP.decode(block.blockRlp)[1] as unknown[]).length
}

/** Whether the state root can be compared with the header's: a flat pre-state has no proofs. */
export function hasRoot(block: BlockCase): boolean {
  return block.preState.kind === 'witness'
}

/** Chain rules at the block's fork. */
export function commonOf({ chainId, fork }: BlockCase): Common {
  return chainId === 1n
    ? new Common({ chain: Mainnet, hardfork: fork })
    : createCustomCommon({ chainId: Number(chainId) }, Mainnet, { hardfork: fork })
}
