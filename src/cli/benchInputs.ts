// The blocks that `bench` runs: of files, generated ones, or the bundled ones.
import { type BlockCase, FixtureError, listCases, loadCase } from '../blockFiles/index.js'
import type { EngineName } from '../index.js'
import { generateWorkload, type WorkloadKind } from '../workloads/index.js'
import { bundledFor } from './blockCase.js'
import { UsageError } from './exit.js'

/** Sealing a larger generated block with @ethereumjs/vm takes minutes: its header stays without roots. */
const MAX_MGAS_WITH_ROOTS = 100

export interface Workload {
  kind: string
  mgas: number
}

export interface BenchInputs {
  /** How many blocks there are at most. */
  count: number
  /** Loaded one after the other. @throws UsageError, FixtureError */
  blocks: AsyncIterable<BlockCase>
  /** What the blocks loaded so far contradict in their files. */
  contradictions: string[]
}

/** @param engines what bundled blocks are to be known to */
export function benchInputs(
  inputs: string[],
  workloads: readonly Workload[] = [],
  engines: readonly EngineName[] = [],
): BenchInputs {
  const sources = sourcesOf(inputs, workloads, engines)
  const contradictions: string[] = []
  const blocks = async function* (): AsyncGenerator<BlockCase> {
    let found = false
    for (const source of sources) {
      const block = await source()
      if (block === undefined) continue
      found = true
      contradictions.push(...(block.contradictions ?? []))
      yield block
    }
    if (!found) throw new UsageError(`none of ${sources.length} JSON files is a block case: check the inputs`)
  }
  return { count: sources.length, blocks: blocks(), contradictions }
}

type Source = () => BlockCase | undefined | Promise<BlockCase>

function sourcesOf(inputs: string[], workloads: readonly Workload[], engines: readonly EngineName[]): Source[] {
  const sources: Source[] = [
    ...listCases(inputs).map((path) => () => loadInput(path, inputs)),
    ...workloads.map(
      ({ kind, mgas }) =>
        () =>
          generateWorkload({ kind: kind as WorkloadKind, gas: mgas * 1e6, withRoots: mgas <= MAX_MGAS_WITH_ROOTS }),
    ),
  ]
  return sources.length > 0 ? sources : bundledFor(engines).map((path) => () => loadCase(path))
}

/** Undefined for a file of another kind that merely lies in a folder. */
function loadInput(path: string, inputs: readonly string[]): BlockCase | undefined {
  try {
    return loadCase(path)
  } catch (error) {
    if (error instanceof FixtureError && error.code === 'NO_BLOCK_CASE' && !inputs.includes(path)) return undefined
    throw error
  }
}
