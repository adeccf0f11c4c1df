import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UnusableTestError } from './errors.js'

/** One case of a test file, as geth's `evm` reports it. */
export interface CaseResult {
  name: string
  pass: boolean
  /** Root after the transaction, or after the last block that was accepted; absent when the case could not be run. */
  stateRoot?: string
  fork: string
  /** Why it failed. */
  error?: string
  /** Why it was not run; `pass` is false then, but it is no failure. */
  skipped?: string
}

/** What of a file is run. */
export interface Selection {
  /** Only this fork. */
  fork?: string
  /** Only cases whose names match this regular expression. */
  run?: string
}

/** The files named, and all .json files below the folders named, sorted. @throws UnusableTestError */
export function testFiles(inputs: readonly string[]): string[] {
  return inputs.flatMap((input) => {
    const stat = statSync(input, { throwIfNoEntry: false })
    if (stat === undefined) throw new UnusableTestError(`there is no file or folder ${input}`)
    if (!stat.isDirectory()) return [input]
    return readdirSync(input, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json') && !/(^|[\\/])(\.meta[\\/]|index\.json$)/.test(file))
      .map((file) => join(input, file))
      .sort()
  })
}

/** The tests of a file by name; those with the key `required` missing are not of this kind. @throws UnusableTestError */
export function readTests<T>(file: string, required: keyof T & string): [name: string, test: T][] {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UnusableTestError(`${file} cannot be read: ${(error as Error).message}`)
  }
  if (typeof json !== 'object' || json === null) throw new UnusableTestError(`${file} holds no tests`)
  return Object.entries(json).map(([name, test]) => {
    if (typeof test !== 'object' || test === null || !(required in test)) {
      throw new UnusableTestError(`${file}: test ${name} has no '${required}': is it of another kind?`)
    }
    return [name, test as T]
  })
}
