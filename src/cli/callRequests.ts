// The calls of the command `call`, and what they came to, as people and programs write them.
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { bytesToHex } from '@ethereumjs/util'
import { messageOf } from '../errors.js'
import type { CallRequest } from '../executor/callTypes.js'
import { UsageError } from './exit.js'

/** One call on the command line. */
export interface OneCall {
  to?: string
  data?: string
  from?: string
  value?: string
  gas?: string
}

/**
 * The call of the options, or those of a file of JSON lines (`-`: standard input).
 * @throws UsageError
 */
export async function requestsOf(one: OneCall, file: string | undefined): Promise<CallRequest[]> {
  const given = Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as CallRequest
  const named = Object.keys(given).length > 0
  if (named === (file !== undefined)) {
    throw new UsageError('give either --to and --data of one call, or --requests FILE with one call a line, in JSON')
  }
  if (file === undefined) return [given]
  const lines = await linesOf(file)
  return lines.map((line, index) => parsed(line, `${file === '-' ? 'standard input' : file}, line ${index + 1}`))
}

async function linesOf(file: string): Promise<string[]> {
  try {
    const all = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8')
    return all.split('\n').filter((line) => line.trim() !== '')
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

/** The executor checks what is in it. */
function parsed(line: string, place: string): CallRequest {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as CallRequest
  } catch {
    // Said below.
  }
  throw new UsageError(`${place}: no call in JSON: {"to":"0x…","data":"0x…"}, say`)
}

/** Bytes as hex, quantities as 0x hex. */
export function jsonOf(value: object): string {
  return JSON.stringify(value, (_, field: unknown) => {
    if (typeof field === 'bigint') return `0x${field.toString(16)}`
    return field instanceof Uint8Array ? bytesToHex(field) : field
  })
}
