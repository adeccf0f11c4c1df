import { availableParallelism } from 'node:os'
import { InvalidArgumentError, Option } from 'commander'
import type { ExecutionMode } from '../executor/options.js'
import type { EngineName } from '../types.js'

const ENGINES: readonly EngineName[] = ['wasm', 'ethereumjs']
const MAX_THREADS = 63

/** Options that more than one command has, defined once. */
export function engineOption(): Option {
  return new Option('-e, --engine <name>', `engine to run: ${ENGINES.join(', ')}`)
    .argParser(parseEngine)
    .default('wasm')
}

export function enginesOption(): Option {
  return new Option('-e, --engine <list>', `engines to run, separated by commas: ${ENGINES.join(', ')}`)
    .argParser((text: string) => parseList(text, parseEngine))
    .default(ENGINES, ENGINES.join(','))
}

export function threadsOption(many: boolean): Option {
  const cores = Math.min(availableParallelism(), MAX_THREADS)
  return many
    ? new Option('-t, --threads <list>', `worker threads, separated by commas, 1 to ${MAX_THREADS} each: 1,2,4`)
        .argParser((text: string) => parseList(text, (item) => parseCount(item, 1, MAX_THREADS)))
        .default([cores], `${cores}, the number of cores`)
    : new Option('-t, --threads <n>', `worker threads, 1 to ${MAX_THREADS}`)
        .argParser((text: string) => parseCount(text, 1, MAX_THREADS))
        .default(cores, `${cores}, the number of cores`)
}

const MODES: readonly ExecutionMode[] = ['auto', 'parallel', 'sequential']

export function modeOption(): Option {
  return new Option('--mode <mode>', 'auto: the executor decides for each block; parallel, sequential: forced')
    .choices(MODES)
    .default('auto')
}

export function parseEngine(text: string): EngineName {
  const engine = ENGINES.find((name) => name === text)
  if (engine === undefined)
    throw new InvalidArgumentError(`There is no engine '${text}'; choose ${ENGINES.join(' or ')}.`)
  return engine
}

/** Digits, or hex after 0x. */
export function parseInteger(text: string): bigint {
  if (!/^-?\d+$|^0x[\da-f]+$/i.test(text)) throw new InvalidArgumentError(`'${text}' is no whole number.`)
  return BigInt(text)
}

export function parseCount(text: string, low: number, high: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new InvalidArgumentError(`'${text}' is not a whole number from ${low} to ${high}.`)
  }
  return value
}

/** Keeps the order given and drops repetitions, which would only repeat rows. */
export function parseList<T>(text: string, parseItem: (item: string) => T): T[] {
  return [...new Set(text.split(',').map((item) => parseItem(item.trim())))]
}
