import { Common, ConsensusType, Mainnet } from '@ethereumjs/common'
import { HARDFORK_RULES } from '../abi/evmRecords.js'
import { FORKS } from '../abi/registry.js'
import type { ChainRules } from './common.js'
import { withRuleSet } from './ruleSets.js'

/** The core keeps a transaction's chain id in 64 bits. */
const MAX_CHAIN_ID = 2n ** 64n - 1n

/**
 * Forks that only change the number and the price of blobs (EIP-7892), with the fork whose rules they have. A chain may define
 * them as it likes.
 */
const BLOB_FORKS: ReadonlyMap<string, string> = new Map(
  FORKS.filter(({ kind }) => kind === 'blobs').map(({ hardfork, rules }) => [
    hardfork,
    FORKS.find((fork) => fork.kind === 'rules' && fork.rules === rules)?.hardfork ?? hardfork,
  ]),
)
/** They delay the difficulty bomb: what a transaction does is the same with and without them. */
const NOT_EXECUTED: ReadonlySet<number> = new Set([2384, 4345, 5133])
/** The core takes them from the block's Common. */
const BLOCK_PARAMS: ReadonlySet<string> = new Set([
  'target',
  'max',
  'targetBlobGasPerBlock',
  'maxBlobGasPerBlock',
  'blobGasPriceUpdateFraction',
  'minerReward',
])

/**
 * Whether the core's own engine knows the rules of a block. It knows those of the hardforks of mainnet, at whatever block
 * or time they come, with whatever numbers of blobs and whatever reward, under proof of work or of stake. How a chain says so does not
 * matter: what counts are the EIPs and parameters that are active.
 *
 * @param rules of the chain
 * @param common of the block (one hardfork)
 * @returns undefined when it does, else why not
 */
export function wasmSupports(rules: ChainRules, common: Common): string | undefined {
  const hardfork = common.hardfork()
  if (HARDFORK_RULES[hardfork] === undefined) return `hardfork ${hardfork} is not known`
  const params = [...Object.values(rules.params), ...hardforkParams(rules, common)].flatMap(Object.keys)
  const own = params.filter((name) => !BLOCK_PARAMS.has(name))
  if (own.length > 0) return `parameters of its own: ${own.join(', ')}`
  if (common.consensusType() === ConsensusType.ProofOfAuthority) return 'proof of authority'
  if (common.chainId() > MAX_CHAIN_ID) return `chain id ${common.chainId()} exceeds 64 bits`
  const ours = activeEips(common)
  const known = BLOB_FORKS.get(hardfork) ?? hardfork
  const mainnet = activeEips(new Common({ chain: withRuleSet(Mainnet, known), hardfork: known }))
  const extra = [...ours].find((eip) => !mainnet.has(eip))
  if (extra !== undefined) return `${hardfork} has EIP-${extra}, unlike on mainnet`
  const lacking = [...mainnet].find((eip) => !ours.has(eip))
  return lacking === undefined ? undefined : `${hardfork} lacks EIP-${lacking}, unlike on mainnet`
}

/** Parameters that the chain's own definitions of hardforks bring, up to that of the block. */
function hardforkParams({ chain }: ChainRules, common: Common): object[] {
  const custom = Object.entries(chain.customHardforks ?? {})
  return custom.filter(([name]) => common.gteHardfork(name)).map(([, { params }]) => params ?? {})
}

/** Those that execution depends on. Common lists them only in a field of its own. */
function activeEips(common: Common): Set<number> {
  const { _activatedEIPsCache: eips } = common as unknown as { _activatedEIPsCache: number[] }
  return new Set(eips.filter((eip) => !NOT_EXECUTED.has(eip)))
}
