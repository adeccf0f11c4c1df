// What questions came to, decoded from the piece of memory in which the core packs it (assembly/block/answers.ts).
import {
  O_CODE,
  O_CREATED,
  O_ESTIMATE,
  O_FINDINGS,
  O_FLAGS,
  O_GAS_USED,
  O_KIND,
  O_LENGTH,
  O_LOG_COUNT,
  O_NEXT,
  O_REASON,
  O_RETURN_LENGTH,
  O_SIZE,
  OLOG_BODY,
  OLOG_DATA_LENGTH,
  OLOG_TOPICS,
  OUTCOME_HAS_BLOOM,
  OUTCOME_HAS_CREATED,
  OUTCOME_INVALID,
  OUTCOME_SUCCESS,
  Reason,
} from '../abi/core.generated.js'
import { EXECUTION_ERRORS, REFUSAL_REASONS, refusalText } from '../abi/outcome.js'
import type { ExecutedLog } from '../types.js'
import type { CallResult } from './callTypes.js'
import { revertOf } from './revertReason.js'

const NOTHING = new Uint8Array(0)
const BLOOM_SIZE = 256

/** One outcome in a piece of them. */
export interface Answer {
  result: CallResult
  /** What it touched and changed (abi/findings.ts); empty where it was not asked. */
  findings: Uint8Array
  /** Of an estimate: gas. */
  estimate: bigint
  /** Why it was refused, in words, and the rule by its number. */
  message: string
  rule: number
}

/** Reads answers one after another; what it gives refers to the bytes. */
export class AnswerReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The next result alone. */
  result(): CallResult {
    const at = this.#at
    this.#at = (at + this.#u32(at + O_LENGTH) + 7) & ~7
    const bytes = this.#bytes
    const kind = bytes[at + O_KIND]
    if (kind === OUTCOME_INVALID) {
      const refusal = REFUSAL_REASONS[bytes[at + O_REASON] as number] ?? 'INVALID_TRANSACTION'
      return { status: 'refused', returnData: NOTHING, gasUsed: 0n, logs: [], refusal }
    }
    const flags = bytes[at + O_FLAGS] as number
    const data = at + O_SIZE + (flags & OUTCOME_HAS_BLOOM ? BLOOM_SIZE : 0)
    const length = this.#u32(at + O_RETURN_LENGTH)
    const count = this.#u32(at + O_LOG_COUNT)
    const result: CallResult = {
      status: 'success',
      returnData: length === 0 ? NOTHING : bytes.subarray(data, data + length),
      gasUsed: this.#view.getBigUint64(at + O_GAS_USED, true),
      logs: count === 0 ? [] : this.#logs(data + length, count),
    }
    if (flags & OUTCOME_HAS_CREATED) result.createdAddress = bytes.subarray(at + O_CREATED, at + O_CREATED + 20)
    if (kind !== OUTCOME_SUCCESS) {
      const reason = bytes[at + O_REASON] as number
      const reverted = reason === Reason.REVERT
      result.status = reverted ? 'reverted' : 'failed'
      result.error = EXECUTION_ERRORS[reason] ?? 'other'
      if (reverted) Object.assign(result, revertOf(result.returnData))
    }
    return result
  }

  /** The next one with all that there is to it. */
  answer(): Answer {
    const at = this.#at
    const result = this.result()
    const end = at + this.#u32(at + O_LENGTH)
    const refused = result.status === 'refused'
    const rule = this.#bytes[at + O_CODE] as number
    return {
      result,
      findings: refused ? NOTHING : this.#bytes.subarray(end - this.#u32(at + O_FINDINGS), end),
      estimate: this.#view.getBigUint64(at + O_ESTIMATE, true),
      rule,
      message: refused ? refusalText(this.#bytes.subarray(at, end)) : '',
    }
  }

  /** The next sequence. */
  sequence(): Answer[] {
    const answers: Answer[] = []
    for (let more = true; more; ) {
      more = this.#u32(this.#at + O_NEXT) !== 0
      answers.push(this.answer())
    }
    return answers
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true)
  }

  #logs(at: number, count: number): ExecutedLog[] {
    const bytes = this.#bytes
    const logs: ExecutedLog[] = []
    for (let i = 0; i < count; i++) {
      const topicCount = this.#u32(at + OLOG_TOPICS)
      const body = at + OLOG_BODY
      const data = body + 32 * topicCount
      const end = data + this.#u32(at + OLOG_DATA_LENGTH)
      const topics = Array.from({ length: topicCount }, (_, t) => bytes.subarray(body + 32 * t, body + 32 * t + 32))
      logs.push({ address: bytes.subarray(at, at + 20), topics, data: bytes.subarray(data, end) })
      at = end
    }
    return logs
  }
}
