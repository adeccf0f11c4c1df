import { OUTCOME_INVALID, OUTCOME_SUCCESS, OUTCOME_WORK } from '../abi/core.generated.js'
import { decodeOutcome } from '../abi/outcome.js'
import { toBigInt } from '../bytes.js'
import { ParallevmError } from '../errors.js'
import type { CallResult } from './callTypes.js'

const NOTHING = new Uint8Array(0)

/** @throws ParallevmError when the core left no outcome */
export function callResult(bytes: Uint8Array | undefined): CallResult {
  const outcome = bytes === undefined ? undefined : decodeOutcome(bytes)
  if (outcome === undefined || outcome.kind === OUTCOME_WORK) {
    throw new ParallevmError('ENGINE_FAILED', 'a call left no outcome; report a bug')
  }
  if (outcome.kind === OUTCOME_INVALID) {
    return { status: 'refused', returnData: NOTHING, gasUsed: 0n, logs: [], refusal: outcome.rule }
  }
  const { kind, error, returnData, gasUsed, logs, createdAddress } = outcome
  const success = kind === OUTCOME_SUCCESS
  const reverted = error === 'revert'
  const revertReason = reverted ? reasonIn(returnData) : undefined
  return {
    status: success ? 'success' : reverted ? 'reverted' : 'failed',
    returnData,
    gasUsed,
    logs: logs.map(([address, topics, data]) => ({ address, topics, data })),
    ...(createdAddress !== undefined && { createdAddress }),
    ...(!success && { error }),
    ...(revertReason !== undefined && { revertReason }),
  }
}

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

/** What the data of a REVERT say in words; undefined when they are an error of the contract's own, or none. */
export function reasonIn(data: Uint8Array): string | undefined {
  const bytes = Buffer.from(data)
  const selector = bytes.subarray(0, 4).toString('hex')
  const body = bytes.subarray(4)
  if (selector === PANIC && body.length === 32) {
    const code = toBigInt(body).toString()
    return PANICS[code] ?? `panic ${code}`
  }
  if (selector !== ERROR || body.length < 64) return undefined
  const offset = Number(toBigInt(body.subarray(0, 32)))
  if (!(offset <= body.length - 32)) return undefined
  const length = Number(toBigInt(body.subarray(offset, offset + 32)))
  const text = body.subarray(offset + 32)
  return length <= text.length ? text.subarray(0, length).toString('utf8') : undefined
}
