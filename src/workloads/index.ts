// Synthetic blocks for tests, benchmarks and the CLI: deterministic in (kind, gas, seed), under Osaka rules on chain id 1.

import type { BlockCase } from '../blockFiles/types.js'
import { ParallevmError } from '../errors.js'
import { mainnetMix } from './mix.js'
import { Plan } from './plan.js'
import { Random } from './random.js'
import { sealFlat, sealWitness } from './seal.js'
import { erc20, type Scene, swaps, transfers } from './simple.js'
import { World } from './world.js'

export interface WorkloadDescription {
  kind: WorkloadKind
  description: string
}

const KINDS = {
  transfers: ['native transfers, all senders and recipients distinct', (s: Scene) => transfers(s, 'distinct')],
  'transfers-hot': ['native transfers to one account', (s: Scene) => transfers(s, 'one')],
  'erc20-many': ['ERC-20 transfers over many tokens, all holders distinct', (s: Scene) => erc20(s, 'many', 'distinct')],
  'erc20-one': ['ERC-20 transfers of one token, all holders distinct', (s: Scene) => erc20(s, 'one', 'distinct')],
  'erc20-hot': ['ERC-20 transfers of one token to one holder', (s: Scene) => erc20(s, 'one', 'one')],
  'uniswap-v2-many': ['Uniswap V2 swaps over many pools', (s: Scene) => swaps(s, 2, 'many')],
  'uniswap-v2-one': ['Uniswap V2 swaps in one pool', (s: Scene) => swaps(s, 2, 'one')],
  'uniswap-v3-many': ['Uniswap V3 swaps over many pools', (s: Scene) => swaps(s, 3, 'many')],
  'uniswap-v3-one': ['Uniswap V3 swaps in one pool', (s: Scene) => swaps(s, 3, 'one')],
  'mainnet-mix': [
    'transfers, tokens, swaps, creations, failures, self-destructs, all transaction types, requests',
    mainnetMix,
  ],
} as const satisfies Record<string, readonly [string, (scene: Scene) => Promise<void>]>

export type WorkloadKind = keyof typeof KINDS

/** All workloads with one line about each. */
export const WORKLOADS: readonly WorkloadDescription[] = Object.entries(KINDS).map(([kind, [description]]) => ({
  kind: kind as WorkloadKind,
  description,
}))

export interface WorkloadOptions {
  kind: WorkloadKind
  /** Gas that the block should use, approximately; 21,000 to 2,000,000,000. */
  gas: number
  /** Default 1. */
  seed?: number
  /**
   * true (default): executed once by @ethereumjs/vm (about 10-30 Mgas/s); the case has a witness and all roots. false: flat
   * pre-state and senders, nothing executed; roots in the header are zero and `expected` is empty. For large blocks.
   */
  withRoots?: boolean
}

/**
 * Makes the block of a workload.
 * @throws ParallevmError `INVALID_WORKLOAD` for an unknown kind or a gas target out of range.
 */
export async function generateWorkload(options: WorkloadOptions): Promise<BlockCase> {
  const { kind, gas, seed = 1, withRoots = true } = options
  const entry = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (!entry) throw invalid(`unknown workload '${kind}'; one of: ${Object.keys(KINDS).join(', ')}`)
  if (!Number.isFinite(gas) || gas < 21_000 || gas > 2_000_000_000) {
    throw invalid(`gas is ${gas}; give 21,000 to 2,000,000,000`)
  }
  if (!Number.isSafeInteger(seed)) throw invalid(`seed is ${seed}; give an integer`)
  const scene: Scene = { world: await World.create(seed), plan: new Plan(), random: new Random(seed, kind), gas }
  await entry[1](scene)
  const seal = withRoots ? sealWitness : sealFlat
  return seal(kind, scene.world, scene.plan)
}

function invalid(message: string): ParallevmError {
  return new ParallevmError('INVALID_WORKLOAD', message)
}
