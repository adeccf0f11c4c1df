/** Selectors of what Solidity reverts with: Error(string), Panic(uint256). */
export const ERROR = '08c379a0'
export const PANIC = '4e487b71'

/** As go-ethereum's UnpackRevert words them. */
export const PANICS: Readonly<Record<string, string>> = {
  '0': 'generic panic',
  '1': 'assert(false)',
  '17': 'arithmetic underflow or overflow',
  '18': 'division or modulo by zero',
  '33': 'enum overflow',
  '34': 'invalid encoded storage byte array accessed',
  '49': 'out-of-bounds array access; popping on an empty array',
  '50': 'out-of-bounds access of an array or bytesN',
  '65': 'out of memory',
  '81': 'uninitialized function',
}

/** What the data of a REVERT say in words; undefined when they do not. */
export function revertReason(data: Buffer): string | undefined {
  if (data.length < 4) return undefined
  const selector = data.toString('hex', 0, 4)
  const body = data.subarray(4)
  if (selector === PANIC) {
    if (body.length < 32) return undefined
    const code = BigInt(`0x${body.toString('hex', 0, 32)}`)
    return PANICS[code.toString()] ?? `unknown panic code: 0x${code.toString(16)}`
  }
  if (selector !== ERROR || body.length < 32) return undefined
  const offset = lengthAt(body, 0)
  if (offset === undefined || offset + 32 > body.length) return undefined
  const length = lengthAt(body, offset)
  if (length === undefined || offset + 32 + length > body.length) return undefined
  return body.toString('utf8', offset + 32, offset + 32 + length)
}

function lengthAt(body: Buffer, at: number): number | undefined {
  const value = BigInt(`0x${body.toString('hex', at, at + 32)}`)
  return value > 0x7fffffffn ? undefined : Number(value)
}
