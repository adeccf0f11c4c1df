import { closeSync, openSync, readSync } from 'node:fs'
import { messageOf } from '../errors.js'
import { stateOfDump } from '../store/dump.js'
import type { StateAfter } from '../store/firstState.js'
import { UsageError } from './exit.js'

/** The state that a dump file holds, read when it is wanted. @throws UsageError, InvalidStateError */
export function openDump(path: string): StateAfter {
  return stateOfDump(() => linesOf(path))
}

function* linesOf(path: string): Generator<string, void, undefined> {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (cause) {
    throw new UsageError(`${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
  const buffer = Buffer.alloc(2 ** 16)
  let parts: Buffer[] = []
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      let start = 0
      for (let end = buffer.indexOf(10); end >= 0 && end < read; end = buffer.indexOf(10, start)) {
        yield Buffer.concat([...parts, buffer.subarray(start, end)]).toString()
        parts = []
        start = end + 1
      }
      parts.push(Buffer.from(buffer.subarray(start, read)))
    }
    const rest = Buffer.concat(parts).toString()
    if (rest !== '') yield rest
  } finally {
    closeSync(file)
  }
}
