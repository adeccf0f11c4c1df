// The suite `defi`: each thing that decentralised finance does, spread out and hot, and all of them mixed.
import type { BlockCase } from '../../blockFiles/types.js'
import { ParallevmError } from '../../errors.js'
import { Plan } from '../plan.js'
import { Random } from '../random.js'
import { sealFlat, sealWitness } from '../seal.js'
import { PRICES } from '../simple.js'
import { World } from '../world.js'
import { ACCOUNTS } from './accounts.js'
import { COLLECTIBLES } from './collectibles.js'
import { EXCHANGE } from './exchange.js'
import { game } from './game.js'
import { LAYERS } from './layers.js'
import { lending } from './lending.js'
import { liquidity } from './liquidity.js'
import { mixOf } from './mix.js'
import { PAYMENTS } from './payments.js'
import { READINGS } from './readings.js'
import { RIGHTS } from './rights.js'
import { VALUE } from './value.js'
import { votes } from './votes.js'
import type { DefiWorkload, Maker, Site, Variant } from './workload.js'
import { YIELDS } from './yields.js'

export { type DefiWorkload, VARIANTS, type Variant } from './workload.js'

const PARTS: readonly DefiWorkload[] = [
  ...VALUE,
  ...EXCHANGE,
  liquidity,
  lending,
  ...YIELDS,
  ...COLLECTIBLES,
  ...RIGHTS,
  votes,
  ...PAYMENTS,
  ...ACCOUNTS,
  ...READINGS,
  game,
  ...LAYERS,
]

/** All of them, the mix last. */
export const DEFI_WORKLOADS: readonly DefiWorkload[] = [...PARTS, mixOf(PARTS)]

const LEAST_GAS = 100_000
const MOST_GAS = 2_000_000_000

export interface DefiOptions {
  workload: DefiWorkload
  variant: Variant
  /** Gas that the block should use, approximately: 100,000 to 2,000,000,000. */
  gas: number
  /** Default 1. */
  seed?: number
  /** As of `generateWorkload`: true (default) for a witness and all roots, false for a flat state. */
  withRoots?: boolean
}

export interface DefiBlock {
  block: BlockCase
  /** Positions of the transactions that are meant to fail. */
  failing: readonly number[]
}

/**
 * Makes a block of a workload.
 * @throws ParallevmError INVALID_WORKLOAD for gas or a seed out of range
 */
export async function defiBlock({
  workload,
  variant,
  gas,
  seed = 1,
  withRoots = true,
}: DefiOptions): Promise<DefiBlock> {
  if (!(gas >= LEAST_GAS && gas <= MOST_GAS)) throw invalid(`gas is ${gas}; give ${LEAST_GAS} to ${MOST_GAS}`)
  if (!Number.isSafeInteger(seed)) throw invalid(`seed is ${seed}; give an integer`)
  const { world, next } = await set(workload, variant, gas, seed)
  const plan = new Plan()
  const failing = fill(plan, next, gas)
  const seal = withRoots ? sealWitness : sealFlat
  return { block: await seal(`${workload.name}, ${variant}`, world, plan), failing }
}

/** A workload ready to go. */
async function set(
  workload: DefiWorkload,
  variant: Variant,
  gas: number,
  seed: number,
): Promise<{ world: World; next: Maker }> {
  const site: Site = {
    world: await World.create(seed),
    random: new Random(seed, `${workload.name} ${variant}`),
    hot: variant === 'hot',
    transactions: Math.ceil(gas / workload.gas),
  }
  return { world: site.world, next: await workload.setUp(site) }
}

/** Puts transactions into a block up to its gas. @returns positions of those that are meant to fail */
function fill(plan: Plan, next: Maker, gas: number): number[] {
  const failing: number[] = []
  while (plan.expectedGas < gas) {
    const { sender, gas: expected, to, fields, fails } = next(plan)
    if (fails) failing.push(plan.transactions.length)
    const gasLimit = BigInt(Math.min(2 * expected + 50_000, MOST_TRANSACTION_GAS))
    plan.add(sender, expected, { type: 2, gasLimit, to, ...fields }, PRICES)
  }
  return failing
}

/** EIP-7825 */
const MOST_TRANSACTION_GAS = 16_777_216

function invalid(message: string): ParallevmError {
  return new ParallevmError('INVALID_WORKLOAD', message)
}
