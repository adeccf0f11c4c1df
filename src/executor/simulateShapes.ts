// What BlockExecutor.simulate takes: checked once, when it is called (see src/door).
import { flag } from '../door/choices.js'
import { list, optional, type Parsed, record } from '../door/compounds.js'
import type { Shape } from '../door/shape.js'
import { BLOCK_OVERRIDE_FIELDS, CALLS, OVERRIDES, SEEN_BLOCK_FIELDS } from './callShapes.js'
import type { SimulatedBlockRequest, SimulateOptions, SimulationRequest } from './simulateTypes.js'

const BLOCK_FIELDS = {
  blockOverrides: optional(record('an object with fields of the block', 'property', BLOCK_OVERRIDE_FIELDS)),
  stateOverrides: optional(OVERRIDES),
  calls: optional(CALLS),
} satisfies Record<keyof SimulatedBlockRequest, Shape<unknown>>

const SIMULATION_FIELDS = {
  blockStateCalls: list('blocks to simulate', record('a block to simulate', 'property', BLOCK_FIELDS)),
  validation: optional(flag),
  traceTransfers: optional(flag),
  returnFullTransactions: optional(flag),
} satisfies Record<keyof SimulationRequest, Shape<unknown>>

export const SIMULATIONS = list('simulations', record('a simulation', 'property', SIMULATION_FIELDS))
export type CheckedSimulatedBlock = Parsed<typeof BLOCK_FIELDS>
export type CheckedSimulation = Parsed<typeof SIMULATION_FIELDS>

const { block, blockOverrides, blockHashes } = SEEN_BLOCK_FIELDS
export const SIMULATE_OPTIONS = record("an object with the simulations' options", 'option', {
  block,
  blockOverrides,
  blockHashes,
} satisfies Record<keyof SimulateOptions, Shape<unknown>>)
