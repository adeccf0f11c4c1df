import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { reasonOf } from '../blockFiles/json.js'
import { parseJson } from '../blockFiles/jsonText.js'
import { walk } from '../blockFiles/walk.js'
import { UnusableTestError } from './errors.js'
import type { Shape } from './shape.js'

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
  /** The file as a whole cannot be used, and why is `error`. */
  unusable?: true
}

/** What of a file is run. */
export interface Selection {
  /** Only this fork. */
  fork?: string
  /** Only cases whose names match this regular expression. */
  run?: string
}

/** The files named, and all .json files below the folders named. @throws UnusableTestError */
export function testFiles(inputs: readonly string[]): string[] {
  return inputs.flatMap((input) => {
    const stat = statSync(input, { throwIfNoEntry: false })
    if (stat === undefined) throw new UnusableTestError(`there is no file or folder ${input}`)
    if (!stat.isDirectory()) return [input]
    return walk(input, (path, isFolder) => {
      if (isFolder) return 'enter'
      return path.endsWith('.json') && basename(path) !== 'index.json' ? 'take' : 'leave'
    })
  })
}

/**
 * The tests of a file by name. Those with the key `required` missing are of another kind.
 * @throws UnusableTestError naming the file and the place in it
 */
export function readTests<T>(file: string, required: keyof T & string, shape: Shape): [name: string, test: T][] {
  const json = readFile(file)
  if (typeof json !== 'object' || json === null) throw new UnusableTestError(`${file} holds no tests`, 'other kind')
  return Object.entries(json).map(([name, test]) => {
    if (typeof test !== 'object' || test === null || !(required in test)) {
      throw new UnusableTestError(`${file}: test ${name} has no '${required}': is it of another kind?`, 'other kind')
    }
    shape(test, `${file}: ${name}`)
    return [name, test as T]
  })
}

function readFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UnusableTestError(`${file} cannot be read: ${reasonOf(error)}`)
  }
  try {
    return parseJson(text)
  } catch (error) {
    throw new UnusableTestError(`${file} is not JSON: ${(error as Error).message}`)
  }
}
