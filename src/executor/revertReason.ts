import { toBigInt } from '../bytes.js'
import { ERROR, PANICS as GETH_PANICS, PANIC } from '../tracers/revertReason.js'
import type { RevertReason } from '../types.js'

const PANICS: Readonly<Record<string, string>> = { ...GETH_PANICS, '1': 'assertion failed' }

/** What the data of a REVERT say: in words, or as an error of the contract's own; nothing when they are shorter than that. */
export function revertOf(data: Uint8Array): RevertReason {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  const selector = bytes.subarray(0, 4).toString('hex')
  const body = bytes.subarray(4)
  if (selector === PANIC && body.length === 32) {
    const code = toBigInt(body).toString()
    return { revertReason: PANICS[code] ?? `panic ${code}` }
  }
  const text = selector === ERROR ? textIn(body) : undefined
  if (text !== undefined) return { revertReason: text }
  return data.length < 4 ? {} : { customError: { selector: data.subarray(0, 4), data: data.subarray(4) } }
}

/** An encoded string; undefined when it is none. */
function textIn(body: Buffer): string | undefined {
  if (body.length < 64) return undefined
  const offset = Number(toBigInt(body.subarray(0, 32)))
  if (!(offset <= body.length - 32)) return undefined
  const length = Number(toBigInt(body.subarray(offset, offset + 32)))
  const text = body.subarray(offset + 32)
  return length <= text.length ? text.subarray(0, length).toString('utf8') : undefined
}
