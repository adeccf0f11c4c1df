// parallevm fuzz --target mutations, --target lists
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesToHex } from '@ethereumjs/util'
import { Heartbeat } from '../fuzz/mutations/heartbeat.js'
import type { ListProgress } from '../fuzz/mutations/listFuzzer.js'
import type { MutationProgress } from '../fuzz/mutations/mutationFuzzer.js'
import type { SentFinding } from '../fuzz/mutations/mutationThread.js'
import { watch } from '../fuzz/mutations/watchdog.js'
import type { EngineName } from '../index.js'
import { EXIT } from './exit.js'
import { print } from './output.js'

const TELL_EVERY_MS = 60_000

export interface MutationCommandOptions {
  engine: EngineName
  threads: number
  seconds?: number
  count?: number
  seed: number
  fork?: string
  target: 'mutations' | 'lists'
  out: string
}

export async function fuzzMutations(options: MutationCommandOptions): Promise<void> {
  const { engine, threads, seconds, count, seed, fork, target, out } = options
  const heartbeat = new Heartbeat()
  const stop = (): void => heartbeat.stop()
  const end = seconds === undefined ? undefined : setTimeout(stop, seconds * 1000)
  process.once('SIGINT', stop)
  const start = performance.now()
  let told = start
  let progress: MutationProgress | ListProgress | undefined
  const tell = (): void => {
    if (progress !== undefined)
      print(
        `${engine}, ${threads} threads, seed ${seed}: ${'outcomes' in progress ? listCounts(progress, start) : countsOf(progress, start)}`,
      )
  }
  const fuzzing = {
    ...{ engine, threads, seed, target },
    ...(fork !== undefined && { forks: [fork] }),
    ...(count !== undefined && { count }),
  }
  try {
    const finding = await watch(heartbeat, fuzzing, (message) => {
      progress = message.progress
      if (performance.now() - told < TELL_EVERY_MS) return
      told = performance.now()
      tell()
    })
    tell()
    if (finding === undefined) {
      print(
        target === 'lists'
          ? 'every false list is refused as such, or the result is right all the same'
          : 'every changed block is refused with a typed error, or is another valid block',
      )
      return
    }
    const { subject, mutant } = finding.place
    print(`FINDING (${finding.name}, change ${mutant} of block ${subject} of seed ${seed}): ${finding.problem}`)
    print(`saved ${save(finding, out, seed)}`)
    process.exitCode = EXIT.differs
  } finally {
    clearTimeout(end)
    process.off('SIGINT', stop)
  }
}

function countsOf(progress: MutationProgress, start: number): string {
  const { subjects, mutants, refused, otherBlocks, byReference, bothEngines, ms, longest } = progress
  const took = (performance.now() - start) / 1000
  const codes = [...refused].sort(([, a], [, b]) => b - a)
  const refusals = codes.reduce((sum, [, count]) => sum + count, 0)
  return (
    `${mutants} changes to ${subjects} blocks in ${took.toFixed(1)} s, ${Math.floor(mutants / took)} a second ` +
    `(${Math.floor((mutants * 1000) / ms)} while executing, the longest ${longest.toFixed(1)} ms); ` +
    `accepted as another valid block ${otherBlocks} (${byReference} by the reference, too); ${bothEngines} by both engines; ` +
    `refused with a typed error ${refusals}: ${codes.map((entry) => entry.join(' ')).join(', ')}; ` +
    `other ${mutants - refusals - otherBlocks}`
  )
}

function listCounts({ subjects, mutants, outcomes, ms, longest }: ListProgress, start: number): string {
  const took = (performance.now() - start) / 1000
  const told = (counts: ReadonlyMap<string, number>): string => [...counts].map((entry) => entry.join(' ')).join(', ')
  const kinds = [...outcomes]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([kind, counts]) => `\n  ${kind}: ${told(counts)}`)
  return (
    `${mutants} lists of blocks over ${told(subjects)} in ${took.toFixed(1)} s ` +
    `(${Math.floor((mutants * 1000) / ms)} a second while executing, the longest ${longest.toFixed(1)} ms):${kinds.join('')}`
  )
}

/** The unchanged block as a blockchain test where it has one, and the changed bytes. */
function save({ name, problem, place, changed, list, valid, test }: SentFinding, folder: string, seed: number): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `mutation-${name}-${seed}-${place.subject}-${place.mutant}.json`)
  const saved = {
    problem,
    seed,
    ...place,
    ...(valid && { valid: bytesToHex(valid) }),
    changed: bytesToHex(changed),
    ...(list && { list: bytesToHex(list) }),
    test,
  }
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`)
  return file
}
