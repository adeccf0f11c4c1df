import { setTimeout as delay } from 'node:timers/promises'
import pLimit from 'p-limit'
import pRetry from 'p-retry'
import { RpcError, serverName } from './errors.js'
import { type HttpSettings, Passing, post } from './http.js'
import { isPassing, meaningOf, type Refusal } from './refusal.js'

export interface RpcSettings extends HttpSettings {
  /** Most calls in one request. */
  readonly batch: number
  /** Most requests under way. */
  readonly concurrency: number
  /** Times that a request is repeated after a failure that may be over soon. */
  readonly retries: number
}

interface Call {
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
  resolve(result: unknown): void
  reject(error: RpcError): void
}

interface Answer {
  id?: unknown
  result?: unknown
  error?: Refusal
}

/** Milliseconds before the first repetition; twice as long before each one after it, times a random 1 to 2. */
const FIRST_PAUSE = 200
const LONGEST_PAUSE = 10_000

/** Calls a node over JSON-RPC 2.0. Calls of the same turn of the event loop go in one request. */
export class RpcClient {
  readonly server: string
  readonly #settings: RpcSettings
  readonly #limit: <T>(task: () => Promise<T>) => Promise<T>
  #queue: Call[] = []
  #id = 0
  /** Requests that were sent, repetitions included. */
  requests = 0

  constructor(settings: RpcSettings) {
    this.#settings = settings
    this.server = serverName(settings.url)
    this.#limit = pLimit(settings.concurrency)
  }

  /** The result of a call; null is one. @throws RpcError */
  call(method: string, params: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const call = { id: ++this.#id, method, params, resolve, reject }
      if (this.#queue.push(call) === 1) setImmediate(() => this.#flush())
    })
  }

  #flush(): void {
    const calls = this.#queue
    this.#queue = []
    const { batch } = this.#settings
    for (let at = 0; at < calls.length; at += batch) {
      const some = calls.slice(at, at + batch)
      void this.#limit(() => this.#send(some))
    }
  }

  /** Every call is settled afterwards. Never rejects. */
  async #send(calls: readonly Call[]): Promise<void> {
    const open = new Map(calls.map((call) => [call.id, call]))
    try {
      await pRetry(() => this.#try(open), {
        retries: this.#settings.retries,
        minTimeout: FIRST_PAUSE,
        maxTimeout: LONGEST_PAUSE,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof Passing,
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (error instanceof Passing && retriesLeft > 0) await delay(error.wait)
        },
      })
    } catch (error) {
      const reason = error instanceof Passing ? error.error : error
      for (const call of open.values()) call.reject(this.#named(reason, call))
    }
  }

  #named(reason: unknown, { method }: Call): RpcError {
    if (reason instanceof RpcError) return reason
    const problem = reason instanceof Error ? reason.message : String(reason)
    return new RpcError('RPC_FAILED', this.server, method, problem, { cause: reason })
  }

  /** Sends what is open; what is answered is taken out. @throws Passing when something may be asked again, RpcError */
  async #try(open: Map<number, Call>): Promise<void> {
    const sent = [...open.values()]
    const bodies = sent.map(({ id, method, params }) => ({ jsonrpc: '2.0', id, method, params }))
    this.requests++
    const answer = await post(this.server, this.#settings, JSON.stringify(bodies.length === 1 ? bodies[0] : bodies))
    const answers = Array.isArray(answer) ? (answer as Answer[]) : this.#spread(answer as Answer, sent)
    let busy: Passing | undefined
    for (const one of answers) busy = this.#take(one, open) ?? busy
    if (busy !== undefined) throw busy
    const left = open.values().next().value
    if (left === undefined) return
    throw new RpcError(
      'RPC_BAD_ANSWER',
      this.server,
      left.method,
      'it left a call of a batch unanswered: try `batch: 1`',
    )
  }

  /** A single answer: of a single call, or the refusal of a batch as a whole. */
  #spread(answer: Answer, sent: readonly Call[]): Answer[] {
    if (sent.length === 1) return [{ ...answer, id: sent[0]?.id }]
    if (answer.error === undefined) {
      throw new RpcError('RPC_BAD_ANSWER', this.server, '', 'it does not answer a batch with a list: try `batch: 1`')
    }
    const { code, message } = answer.error
    return sent.map(({ id }) => ({
      id,
      error: { code, message: `${message} (of ${sent.length} calls in one request)` },
    }))
  }

  #take({ id, result, error }: Answer, open: Map<number, Call>): Passing | undefined {
    const call = open.get(Number(id))
    if (call === undefined) return undefined
    if (error !== undefined && error !== null) {
      const meaning = meaningOf(error)
      const refused = new RpcError(
        meaning.code,
        this.server,
        call.method,
        `${error.message} (${error.code}); ${meaning.advice}`,
      )
      if (isPassing(meaning)) return new Passing(refused)
      call.reject(refused)
    } else if (result === undefined) {
      call.reject(new RpcError('RPC_BAD_ANSWER', this.server, call.method, 'it answers with neither result nor error'))
    } else call.resolve(result)
    open.delete(call.id)
    return undefined
  }
}
