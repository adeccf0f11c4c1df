// The suite `defi`: each thing that decentralised finance does, spread out and hot, and all of them mixed.
import type { BlockCase, FlatAccount } from '../../blockFiles/types.js'
import { ParallevmError } from '../../errors.js'
import { NUMBER, SECONDS_PER_SLOT, TIMESTAMP } from '../chain.js'
import { Plan } from '../plan.js'
import { Random } from '../random.js'
import { sealFlat, sealWitness, unsealed } from '../seal.js'
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
import type { DefiWorkload, Variant } from './workload.js'
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
const STRANGERS_OF_CHAIN = 10_000

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
  check(gas, seed)
  const { world, fill } = await ready(workload, variant, gas, seed, Number.POSITIVE_INFINITY)
  const plan = new Plan()
  const failing = fill(plan)
  const seal = withRoots ? sealWitness : sealFlat
  return { block: await seal(`${workload.name}, ${variant}`, world, plan), failing }
}

export interface DefiChain {
  accounts: FlatAccount[]
  codes: Uint8Array[]
  /**
   * RLP of the next block, and positions of its transactions that are meant to fail; roots and gas in its header are none, and it
   * names no parent that there is.
   */
  next(): { block: Uint8Array; failing: number[] }
}

/**
 * Blocks of a workload that follow one another, without end. Accounts that take part come back, so that the state grows by no
 * more than what contracts keep.
 * @throws as `defiBlock`
 */
export async function defiChain({
  workload,
  variant,
  gas,
  seed = 1,
}: Omit<DefiOptions, 'withRoots'>): Promise<DefiChain> {
  check(gas, seed)
  const { world, fill } = await ready(workload, variant, gas, seed, STRANGERS_OF_CHAIN)
  let [number, timestamp] = [NUMBER, TIMESTAMP]
  return {
    accounts: world.state.flatAccounts(),
    codes: world.state.flatCodes(),
    next: () => {
      const plan = new Plan(number++, timestamp)
      timestamp += SECONDS_PER_SLOT
      const failing = fill(plan)
      return { block: unsealed(`${workload.name} ${plan.number}`, world, plan).blockRlp, failing }
    },
  }
}

/** A workload set up, and what fills a block up to its gas: it tells the positions of what is meant to fail. */
async function ready(workload: DefiWorkload, variant: Variant, gas: number, seed: number, strangers: number) {
  const average = workload.gas[variant]
  const world = await World.create(seed)
  const random = new Random(seed, `${workload.name} ${variant}`)
  const transactions = Math.ceil(gas / average)
  const next = await workload.setUp({ world, random, hot: variant === 'hot', transactions, strangers })
  const fill = (plan: Plan): number[] => {
    const failing: number[] = []
    while (plan.expectedGas < gas) {
      const { sender, gas: own, to, fields, fails } = next(plan)
      if (fails) failing.push(plan.transactions.length)
      const gasLimit = BigInt(Math.min(2 * own + 50_000, MOST_TRANSACTION_GAS))
      plan.add(sender, average, { type: 2, gasLimit, to, ...fields }, PRICES)
    }
    return failing
  }
  return { world, fill }
}

/** EIP-7825 */
const MOST_TRANSACTION_GAS = 16_777_216

function check(gas: number, seed: number): void {
  if (!(gas >= LEAST_GAS && gas <= MOST_GAS)) throw invalid(`gas is ${gas}; give ${LEAST_GAS} to ${MOST_GAS}`)
  if (!Number.isSafeInteger(seed)) throw invalid(`seed is ${seed}; give an integer`)
}

function invalid(message: string): ParallevmError {
  return new ParallevmError('INVALID_WORKLOAD', message)
}
