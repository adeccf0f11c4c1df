// The rules of a transition: a fork by its name in the tests, with a reward of its own for the block.
import { Common } from '@ethereumjs/common'
import { PACKAGE_PARAMS } from '../block/packageParams.generated.js'
import { rulesOfNetwork } from '../spectests/forks.js'

export interface TransitionRules {
  /** As the official tests name it; transitions like BerlinToLondonAt5 as well. */
  fork: string
  chainId: bigint
  /** wei, before Paris; -1: nobody is paid, and the coinbase is not even touched. */
  reward: bigint
}

/** @throws UnusableTestError for a fork that there is not */
export function commonOf({ fork, chainId, reward }: TransitionRules): Common {
  const { chain } = rulesOfNetwork(fork, { chainid: `0x${chainId.toString(16)}` })
  return new Common({ chain, params: rewardParams(reward < 0n ? 0n : reward) })
}

/** Each EIP that changed the reward has it as a parameter of its own. */
function rewardParams(wei: bigint): Record<string, { minerReward: string }> {
  const all = PACKAGE_PARAMS.flatMap((params) => Object.entries(params))
  const eips = all.filter(([, values]) => 'minerReward' in values).map(([eip]) => eip)
  return Object.fromEntries(eips.map((eip) => [eip, { minerReward: String(wei) }]))
}
