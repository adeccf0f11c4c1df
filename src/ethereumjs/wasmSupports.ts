import { Common, ConsensusType, Mainnet } from '@ethereumjs/common'
import { HARDFORK_RULES } from '../wasm/evmRecords.js'
import type { ChainRules } from './common.js'

/** The core keeps a transaction's chain id in 64 bits. */
const MAX_CHAIN_ID = 2n ** 64n - 1n

/**
 * Whether the core's own engine knows the rules of a block. It knows those of the hardforks of mainnet as they are, blob
 * schedules aside, under proof of work or of stake.
 *
 * @param rules of the chain
 * @param common of the block (one hardfork)
 * @returns undefined when it does, else why not
 */
export function wasmSupports(rules: ChainRules, common: Common): string | undefined {
  const hardfork = common.hardfork()
  if (HARDFORK_RULES[hardfork] === undefined) return `hardfork ${hardfork} is not known`
  if (rules.chain.customHardforks !== undefined) return 'the chain defines hardforks of its own'
  if (rules.eips.length > 0) return `EIP-${rules.eips.join(', EIP-')} activated on top of the hardfork`
  const params = Object.values(rules.params).flatMap((values) => Object.keys(values))
  if (params.length > 0) return `parameters of its own: ${params.join(', ')}`
  if (common.consensusType() === ConsensusType.ProofOfAuthority) return 'proof of authority'
  if (common.chainId() > MAX_CHAIN_ID) return `chain id ${common.chainId()} exceeds 64 bits`
  const ours = activeEips(common)
  const mainnet = activeEips(new Common({ chain: Mainnet, hardfork }))
  const extra = [...ours].find((eip) => !mainnet.has(eip))
  if (extra !== undefined) return `${hardfork} has EIP-${extra}, unlike on mainnet`
  const lacking = [...mainnet].find((eip) => !ours.has(eip))
  return lacking === undefined ? undefined : `${hardfork} lacks EIP-${lacking}, unlike on mainnet`
}

/** Common lists them only in a field of its own. */
function activeEips(common: Common): Set<number> {
  return new Set((common as unknown as { _activatedEIPsCache: number[] })._activatedEIPsCache)
}
