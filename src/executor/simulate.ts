// Simulations: sequences of calls in blocks that follow one another, many of them independently on all threads.
// Decision 37 (docs/adr/0037-a-simulation-is-one-task.md).
import {
  Q_RECORDS,
  R_ENV,
  R_NEXT,
  RECORD_ANY_SENDER,
  RECORD_OWN_NONCE,
  RECORD_REST,
  RECORD_TRANSFERS,
} from '../abi/core.generated.js'
import { encodeBlock, encodeTransaction } from '../abi/evmRecords.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { memoryView } from '../wasm/memoryView.js'
import type { RunContext } from './blockRun.js'
import { putSenders, transactionOf, writeQuestions } from './callRequests.js'
import type { Answer } from './callResult.js'
import type { CheckedCall, CheckedOverrides } from './callShapes.js'
import { requireCore, runQuestions } from './calls.js'
import { baseOf, type PlannedBlock, planSimulation } from './simulateBlocks.js'
import { refusalCode, simulatedCall, simulatedTransaction } from './simulateResults.js'
import type { CheckedSimulation, SIMULATE_OPTIONS } from './simulateShapes.js'
import type { SimulatedBlock, Simulation } from './simulateTypes.js'

/** Simulations that are in memory together. */
const AT_ONCE = 1024

interface Planned {
  request: CheckedSimulation
  blocks: PlannedBlock[]
}

/** @throws as runCalls; InvalidOptionsError naming a block that cannot follow the one before it */
export async function runSimulations(
  context: RunContext,
  requests: readonly CheckedSimulation[],
  options: ReturnType<typeof SIMULATE_OPTIONS.parse>,
): Promise<Simulation[]> {
  if (requests.length === 0) return []
  const base = baseOf(context, options)
  const planned = requests.map((request, index): Planned => {
    return { request, blocks: planSimulation(context, request, base, `simulations[${index}]`) }
  })
  for (const { blocks } of planned) {
    for (const { common, environment } of blocks) requireCore(context, common, environment)
  }
  const results: Simulation[] = []
  for (let first = 0; first < planned.length; first += AT_ONCE) {
    const some = planned.slice(first, first + AT_ONCE)
    const asked = some.filter(({ blocks }) => blocks.some(({ request: { calls = [] } }) => calls.length > 0))
    const reader =
      asked.length === 0
        ? undefined
        : await runQuestions(context, asked.length, (block, flags, serial) => write(block, asked, flags, serial))
    for (const one of some) results.push(resultOf(one, asked.includes(one) ? (reader?.sequence() ?? []) : []))
  }
  return results
}

/** Each simulation is one task: its calls are records that name the next one and their block. */
function write(block: BlockCore, planned: readonly Planned[], flags: number, serial: number): number {
  const memory = memoryView(block)
  const put = (bytes: Uint8Array): number => {
    const at = memory.blockAlloc(bytes.length)
    memory.bytes(at, bytes.length).set(bytes)
    return at
  }
  const firsts = planned.map(({ request, blocks }) => writeSequence(block, request, blocks, put))
  const { common, environment } = (planned[0] as Planned).blocks[0] as PlannedBlock
  const request = { hardfork: common.hardfork(), flags, serial }
  const pointer = writeQuestions(memory, planned.length, encodeBlock(environment), request)
  const records = memory.words(memory.words(pointer + Q_RECORDS, 1)[0] as number, planned.length)
  records.set(firsts)
  putSenders(block, pointer, records)
  return pointer
}

/** Address of the first record. */
function writeSequence(
  { core }: BlockCore,
  request: CheckedSimulation,
  blocks: readonly PlannedBlock[],
  put: (bytes: Uint8Array) => number,
): number {
  let [first, last] = [0, 0]
  // Those of blocks without calls hold for the next call.
  let overrides: CheckedOverrides = []
  for (const { request: block, environment } of blocks) {
    overrides = [...overrides, ...(block.stateOverrides ?? [])]
    const { calls = [] } = block
    if (calls.length === 0) continue
    const env = put(encodeBlock(environment))
    for (const call of calls) {
      const asking = { validation: request.validation ?? false, overrides, flags: flagsOf(request, call) }
      const at = put(encodeTransaction(transactionOf(call, environment, asking)))
      overrides = []
      core.view.setUint32(at + R_ENV, env, true)
      if (last === 0) first = at
      else core.view.setUint32(last + R_NEXT, at, true)
      last = at
    }
  }
  return first
}

function flagsOf({ traceTransfers = false }: CheckedSimulation, { gas, nonce }: CheckedCall): number {
  return (
    RECORD_ANY_SENDER |
    (gas === undefined ? RECORD_REST : 0) |
    (nonce === undefined ? RECORD_OWN_NONCE : 0) |
    (traceTransfers ? RECORD_TRANSFERS : 0)
  )
}

/** The answers are as many as calls were run. */
function resultOf({ request, blocks }: Planned, answers: readonly Answer[]): Simulation {
  const simulated: SimulatedBlock[] = []
  let next = 0
  for (const { request: block, common, environment } of blocks) {
    const { number, timestamp, gasLimit, coinbase, baseFee } = environment
    const { calls: asked = [] } = block
    const calls: SimulatedBlock['calls'] = []
    simulated.push({
      number,
      timestamp,
      gasLimit,
      gasUsed: 0n,
      feeRecipient: coinbase.slice(),
      ...(common.isActivatedEIP(1559) && { baseFeePerGas: baseFee }),
      calls,
      ...(request.returnFullTransactions && { transactions: asked.map(simulatedTransaction) }),
    })
    const last = simulated.at(-1) as SimulatedBlock
    for (const _ of asked) {
      const answer = answers[next++] as Answer
      const { refusal, gasUsed } = answer.result
      if (refusal !== undefined) {
        const { message, rule } = answer
        const refused = { block: simulated.length - 1, call: calls.length, refusal, message, code: refusalCode(rule) }
        return { blocks: simulated, refused }
      }
      calls.push(simulatedCall(answer.result))
      last.gasUsed += gasUsed
    }
  }
  return { blocks: simulated }
}
