import { readFileSync } from 'node:fs'
import { messageOf } from '../errors.js'
import { UsageError } from './exit.js'

/** What a JSON file says; the caller checks whether it is what it should be. @throws UsageError */
export function readJson<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (cause) {
    throw new UsageError(`${file} cannot be read as JSON: ${messageOf(cause)}`, { cause })
  }
}
