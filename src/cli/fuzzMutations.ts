// parallevm fuzz --target mutations
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesToHex } from '@ethereumjs/util'
import { type MutationFinding, MutationFuzzer } from '../fuzz/mutations/mutationFuzzer.js'
import type { EngineName } from '../index.js'
import { EXIT } from './exit.js'

const TELL_EVERY_MS = 60_000

export interface MutationCommandOptions {
  engine: EngineName
  threads: number
  seconds?: number
  seed: number
  fork?: string
  out: string
}

export async function fuzzMutations(options: MutationCommandOptions): Promise<void> {
  const { engine, threads, seconds = Number.POSITIVE_INFINITY, seed, fork, out } = options
  const fuzzer = new MutationFuzzer({ engine, threads, seed, ...(fork !== undefined && { forks: [fork] }) })
  const start = performance.now()
  let until = start + seconds * 1000
  const stop = (): void => {
    until = 0
  }
  process.once('SIGINT', stop)
  let told = start
  const tell = (): void => console.log(`${engine}, ${threads} threads, seed ${seed}: ${countsOf(fuzzer, start)}`)
  try {
    let finding: MutationFinding | undefined
    while (finding === undefined && performance.now() < until) {
      finding = await fuzzer.episode()
      if (performance.now() - told < TELL_EVERY_MS) continue
      told = performance.now()
      tell()
    }
    tell()
    if (finding === undefined) {
      console.log('every changed block is refused with a typed error, or is another valid block')
      return
    }
    console.log(`FINDING (${finding.subject.name}): ${finding.problem}`)
    console.log(`saved ${save(finding, out, seed)}`)
    process.exitCode = EXIT.differs
  } finally {
    process.off('SIGINT', stop)
    await fuzzer.close()
  }
}

function countsOf({ progress }: MutationFuzzer, start: number): string {
  const { subjects, mutants, refused, otherBlocks, bothEngines, ms, longest } = progress
  const took = (performance.now() - start) / 1000
  const codes = [...refused].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`)
  return (
    `${mutants} changes to ${subjects} blocks in ${took.toFixed(1)} s, ${Math.floor((mutants * 1000) / ms)} a second while ` +
    `executing, the longest ${longest.toFixed(1)} ms; ${otherBlocks} other valid blocks, ${bothEngines} by both engines; ` +
    `refused: ${codes.join(', ')}`
  )
}

/** The unchanged block as a blockchain test where it has one, and the changed bytes. */
function save({ subject, bytes, problem }: MutationFinding, folder: string, seed: number): string {
  const name = `mutation-${subject.name}-${seed}`
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  const saved = { problem, valid: bytesToHex(subject.bytes), changed: bytesToHex(bytes), test: subject.test }
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`)
  return file
}
