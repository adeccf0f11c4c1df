// The trace of a call that changes nothing: it is executed as any question, and before that is dropped it runs once more.
import { ParallevmError } from '../errors.js'
import type { TracerName, TracerResults } from '../tracers/shapes.js'
import { compileTracing } from '../wasm/tracing.js'
import type { RunContext } from './blockRun.js'
import { callBlock } from './callBlock.js'
import { isFree, writeCalls } from './callRequests.js'
import { AnswerReader } from './callResult.js'
import type { CheckedCall } from './callShapes.js'
import { requireCore, runQuestions } from './calls.js'
import { replayOnWorkers } from './replaying.js'
import type { CheckedTraceCall } from './traceShapes.js'

/** No transaction has it, and no block. */
const NO_HASH = `0x${'00'.repeat(32)}`

/** @throws as runCalls; ParallevmError CALL_REFUSED */
export async function traceCall(
  context: RunContext,
  call: CheckedCall,
  options: CheckedTraceCall,
): Promise<TracerResults[TracerName]> {
  const { overrides = [], validation = false, tracer, config } = options
  const module = await compileTracing()
  const { common, environment: seen } = callBlock(context, options)
  // As of calls: who pays nothing sees no base fee.
  const environment = validation || !isFree(call) ? seen : { ...seen, baseFee: 0n }
  requireCore(context, common, environment)
  const asking = { overrides, validation, flags: 0 }
  const parts: string[] = []
  await runQuestions(
    context,
    1,
    (block, flags, serial) =>
      writeCalls(block, [call], environment, asking, { hardfork: common.hardfork(), flags, serial }),
    async (answers, request) => {
      refuse(answers)
      const jobs = [{ index: 0, txHash: NO_HASH, logsBefore: 0 }]
      const replaying = { module, tracer, config, request, blockHash: NO_HASH, blockNumber: environment.number, jobs }
      await replayOnWorkers(context, replaying, async ({ text }) => parts.push(text) > 0)
    },
  )
  const whole = parts.join('')
  return (tracer === 'eip3155' ? whole : JSON.parse(whole)) as TracerResults[TracerName]
}

/** There is nothing to trace. @throws ParallevmError CALL_REFUSED */
function refuse(answers: Uint8Array): void {
  const { result, message } = new AnswerReader(answers).answer()
  if (result.status !== 'refused') return
  throw new ParallevmError('CALL_REFUSED', `the call is not executed, ${result.refusal}: ${message}`)
}
