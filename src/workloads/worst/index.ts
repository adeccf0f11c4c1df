// The suite of worst blocks: each is full of one opcode or precompiled contract.
import type { BlockCase } from '../../blockFiles/types.js'
import { ParallevmError } from '../../errors.js'
import { Plan } from '../plan.js'
import { sealFlat } from '../seal.js'
import { PRICES } from '../simple.js'
import { plainAddress } from '../wallet.js'
import { slotNumber, World } from '../world.js'
import { ARITHMETIC } from './arithmetic.js'
import { CALLS } from './calls.js'
import type { Site, WorstCase } from './case.js'
import { MEMORY } from './memory.js'
import { PRECOMPILED } from './precompiles.js'
import { STATE } from './state.js'

export { nameOf, type WorstCase } from './case.js'
export { floorOf } from './floors.js'

export const WORST_CASES: readonly WorstCase[] = [...ARITHMETIC, ...MEMORY, ...STATE, ...CALLS, ...PRECOMPILED]

/** Most that a transaction may have (EIP-7825), and what a block is asked for here. */
const MAX_TRANSACTION_GAS = 16_777_216
const MAX_GAS = 500_000_000
const LEAST_GAS = 100_000

/**
 * Makes the block of a case: flat, nothing executed, every transaction with as much gas as there is.
 *
 * @param gas of the block; more where the case has nothing to do with so little
 * @throws ParallevmError INVALID_WORKLOAD for gas out of range
 */
export async function worstBlock(worst: WorstCase, gas: number): Promise<BlockCase> {
  if (!(gas >= LEAST_GAS && gas <= MAX_GAS)) {
    throw new ParallevmError('INVALID_WORKLOAD', `gas is ${gas}; give ${LEAST_GAS} to ${MAX_GAS}`)
  }
  const world = await World.create(1)
  const wanted = Math.max(gas, worst.leastGas ?? 0)
  const transactions = Math.ceil(wanted / MAX_TRANSACTION_GAS)
  const site: Site = {
    world,
    address: plainAddress(world.seed, 'worst', 0),
    transactions,
    gas: Math.max(Math.floor(wanted / transactions), worst.leastGas ?? 0),
  }
  world.state.set(site.address, { nonce: 1n, code: worst.code(site) })
  const plan = new Plan()
  for (let index = 0; index < transactions; index++) {
    const accessList = worst.accessList?.(site, index)
    const data = Buffer.concat([slotNumber(BigInt(index)), worst.calldata ?? new Uint8Array(0)])
    const fields = { type: 2, gasLimit: BigInt(site.gas), to: site.address, data } as const
    plan.add(world.user('worst', index), site.gas, { ...fields, ...(accessList && { accessList }) }, PRICES)
  }
  return sealFlat(worst.name, world, plan)
}
