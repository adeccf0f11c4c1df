import { type ChainConfig, Common, ConsensusType, Hardfork, Mainnet } from '@ethereumjs/common'
import { HARDFORK_RULES } from '../abi/evmRecords.js'
import type { ChainRules } from './common.js'

/** The core keeps a transaction's chain id in 64 bits. */
const MAX_CHAIN_ID = 2n ** 64n - 1n

/** Forks that only change the number and the price of blobs (EIP-7892). A chain may define them as it likes. */
const BLOB_FORKS: ReadonlySet<string> = new Set([
  Hardfork.Bpo1,
  Hardfork.Bpo2,
  Hardfork.Bpo3,
  Hardfork.Bpo4,
  Hardfork.Bpo5,
])
/** They delay the difficulty bomb: what a transaction does is the same with and without them. */
const NOT_EXECUTED: ReadonlySet<number> = new Set([2384, 4345, 5133])
const BLOB_PARAMS: ReadonlySet<string> = new Set(['target', 'max', 'blobGasPriceUpdateFraction'])

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
  const own = ownHardfork(rules.chain.customHardforks)
  if (own !== undefined) return `the chain defines hardfork ${own} of its own`
  if (rules.eips.length > 0) return `EIP-${rules.eips.join(', EIP-')} activated on top of the hardfork`
  const params = Object.values(rules.params).flatMap((values) => Object.keys(values))
  if (params.length > 0) return `parameters of its own: ${params.join(', ')}`
  if (common.consensusType() === ConsensusType.ProofOfAuthority) return 'proof of authority'
  if (common.chainId() > MAX_CHAIN_ID) return `chain id ${common.chainId()} exceeds 64 bits`
  const ours = activeEips(common)
  const mainnet = activeEips(
    new Common({ chain: Mainnet, hardfork: BLOB_FORKS.has(hardfork) ? Hardfork.Osaka : hardfork }),
  )
  const extra = [...ours].find((eip) => !mainnet.has(eip))
  if (extra !== undefined) return `${hardfork} has EIP-${extra}, unlike on mainnet`
  const lacking = [...mainnet].find((eip) => !ours.has(eip))
  return lacking === undefined ? undefined : `${hardfork} lacks EIP-${lacking}, unlike on mainnet`
}

/** The first hardfork defined by the chain that is more than another number of blobs. */
function ownHardfork(custom: ChainConfig['customHardforks'] = {}): string | undefined {
  const found = Object.entries(custom).find(([name, { eips = [], consensus, params = {} }]) => {
    const blobsOnly =
      eips.length === 0 && consensus === undefined && Object.keys(params).every((key) => BLOB_PARAMS.has(key))
    return !BLOB_FORKS.has(name) || !blobsOnly
  })
  return found?.[0]
}

/** Those that execution depends on. Common lists them only in a field of its own. */
function activeEips(common: Common): Set<number> {
  const { _activatedEIPsCache: eips } = common as unknown as { _activatedEIPsCache: number[] }
  return new Set(eips.filter((eip) => !NOT_EXECUTED.has(eip)))
}
