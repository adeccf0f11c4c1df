import { toBigInt } from '../bytes.js'
import type { RevertReason } from '../types.js'

/** Selectors of what Solidity reverts with: Error(string), Panic(uint256). */
const [ERROR, PANIC] = ['08c379a0', '4e487b71']
const PANICS: Readonly<Record<string, string>> = {
  '0': 'generic panic',
  '1': 'assertion failed',
  '17': 'arithmetic underflow or overflow',
  '18': 'division or modulo by zero',
  '33': 'enum overflow',
  '34': 'invalid encoded storage byte array accessed',
  '49': 'out-of-bounds array access; popping on an empty array',
  '50': 'out-of-bounds access of an array or bytesN',
  '65': 'out of memory',
  '81': 'uninitialized function',
}

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
