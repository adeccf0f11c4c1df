// What `bench` does unless told otherwise: every contender runs every block, in turn.
import type { BlockCase } from '../blockFiles/index.js'
import { ParallevmError } from '../errors.js'
import type { ExecutionMode } from '../index.js'
import { sequentialContender } from './baseline.js'
import { factsOf } from './blockCase.js'
import { type Configuration, Executors, executorContender, type Work } from './contenders.js'
import { measure, type Plan } from './measure.js'
import type { MeasuredBlock } from './report.js'

type Options = Plan & Work & { mode: ExecutionMode }

/** @param onRun is called before every run */
export async function measureSideBySide(
  blocks: AsyncIterable<BlockCase>,
  configurations: readonly Configuration[],
  options: Options,
  onRun: (what: string) => void,
): Promise<MeasuredBlock[]> {
  const measured: MeasuredBlock[] = []
  const executors = new Executors()
  try {
    for await (const block of blocks) {
      measured.push(await measureBlock(executors, block, configurations, options, onRun))
    }
  } finally {
    await executors.close()
  }
  return measured
}

async function measureBlock(
  executors: Executors,
  block: BlockCase,
  configurations: readonly Configuration[],
  options: Options,
  onRun: (what: string) => void,
): Promise<MeasuredBlock> {
  const contenders = [sequentialContender(block, options)]
  const run = async () => {
    for (const configuration of configurations) {
      contenders.push(await executorContender(executors, block, configuration, options))
    }
    return measure(block.name, contenders, block.expected, options, (label) => onRun(`${block.name} ${label}`))
  }
  const result = await run().catch((cause) => {
    if (!(cause instanceof ParallevmError)) throw cause
    throw new ParallevmError(cause.code, `block ${block.name}: ${cause.message}`, { cause })
  })
  return { ...factsOf(block), ...result, gasUsed: Number(result.gasUsed) }
}
