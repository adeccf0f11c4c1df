import { RpcError } from './errors.js'

export interface HttpSettings {
  readonly url: string
  /** Milliseconds for one request, its answer included. */
  readonly timeout: number
  readonly headers: Readonly<Record<string, string>>
}

/** A failure that may be over soon. */
export class Passing extends Error {
  readonly error: RpcError
  /** Milliseconds that the server asks to wait. */
  readonly wait: number

  constructor(error: RpcError, wait = 0) {
    super(error.message, { cause: error })
    this.error = error
    this.wait = wait
  }
}

const TOO_MANY = 429
const REFUSED = new Set([401, 402, 403])
/** Milliseconds: longer than that nobody waits because a server says so. */
const LONGEST_WAIT = 60_000
const SHOWN = 60

/** Posts JSON; what came back, parsed. @throws Passing, RpcError RPC_NOT_JSON, RPC_REFUSED */
export async function post(server: string, settings: HttpSettings, body: string): Promise<unknown> {
  const { url, timeout, headers } = settings
  let answer: Answered
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  try {
    // Not AbortSignal.timeout: `fetch` holds its signal weakly, and one that was collected ends nothing.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Late()), timeout)
    })
    const answered = exchange(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: ending.signal,
    })
    answer = await Promise.race([answered, late])
  } catch (cause) {
    ending.abort()
    throw new Passing(unreachable(server, cause, timeout))
  } finally {
    clearTimeout(timer)
  }
  const { status, wait, text } = answer
  try {
    const json: unknown = JSON.parse(text)
    // An error object in an answer says more than its status does.
    if (status !== TOO_MANY && typeof json === 'object' && json !== null) return json
  } catch {}
  throw failure(server, status, text, wait)
}

class Late extends Error {}

interface Answered {
  status: number
  /** Milliseconds that the server asks to wait. */
  wait: number
  text: string
}

async function exchange(url: string, request: RequestInit): Promise<Answered> {
  const response = await fetch(url, request)
  const { status, headers } = response
  return { status, wait: waitOf(headers.get('retry-after')), text: await response.text() }
}

function failure(server: string, status: number, text: string, wait: number): Passing | RpcError {
  if (status === TOO_MANY) {
    const problem = 'it answers HTTP 429: lower `concurrency` and `batch`, or use a node with a higher limit'
    return new Passing(new RpcError('RPC_RATE_LIMITED', server, '', problem), wait)
  }
  if (status >= 500) {
    const problem = `it answers HTTP ${status}: it is down or overloaded; try again later`
    return new Passing(new RpcError('RPC_UNREACHABLE', server, '', problem), wait)
  }
  if (REFUSED.has(status)) {
    return new RpcError(
      'RPC_REFUSED',
      server,
      '',
      `it answers HTTP ${status}: check the key in the URL or in \`headers\``,
    )
  }
  const shown = text.trim().slice(0, SHOWN)
  const problem = `it answers HTTP ${status} with what is no JSON ('${shown}'): check that the URL is that of a node's JSON-RPC`
  return new RpcError('RPC_NOT_JSON', server, '', problem)
}

function unreachable(server: string, cause: unknown, timeout: number): RpcError {
  const late = cause instanceof Late
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const why = late ? `no answer within ${timeout} ms` : inner instanceof Error ? inner.message : String(inner)
  return new RpcError('RPC_UNREACHABLE', server, '', `${why}: check the URL, and that the node runs`, { cause })
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function waitOf(header: string | null): number {
  if (header === null) return 0
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT) : 0
}
