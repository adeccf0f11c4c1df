import { check } from '../../door/shape.js'
import { TRANSACTION } from './shapes.js'

const BUFFER = 2 ** 17

/**
 * The EIP-2718 bytes of all transactions that come before the deadline.
 * @param deadline on the clock of performance.now()
 * @throws InvalidInputError, what the source throws, or the signal's reason
 */
export async function gather(
  source: AsyncIterable<unknown> | Iterable<unknown>,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  const copy = copier()
  const take = (item: unknown): void => {
    found.push(copy(check(TRANSACTION, item, `transactions[${found.length}]`)))
  }
  signal?.throwIfAborted()
  if (!(Symbol.asyncIterator in source)) {
    for (const item of source) {
      take(item)
      if (performance.now() >= deadline) break
    }
    return found
  }
  const iterator = source[Symbol.asyncIterator]()
  const over = ending(deadline, signal)
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), over.promise])
      if (next === undefined || next.done) break
      take(next.value)
    }
  } finally {
    over.end()
    // Not waited for: one that is stuck would hold the block up.
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
  return found
}

/** Copies, many to a buffer: one for each would take longer to make than to fill. */
function copier(): (bytes: Uint8Array) => Uint8Array {
  let [buffer, used] = [new Uint8Array(0), 0]
  return (bytes) => {
    if (used + bytes.length > buffer.length) [buffer, used] = [new Uint8Array(Math.max(BUFFER, bytes.length)), 0]
    buffer.set(bytes, used)
    used += bytes.length
    return buffer.subarray(used - bytes.length, used)
  }
}

/** A promise that is kept at the deadline, and broken when the signal is aborted. */
function ending(deadline: number, signal: AbortSignal | undefined): { promise: Promise<undefined>; end(): void } {
  let timer: NodeJS.Timeout | undefined
  let abort = (): void => {}
  const promise = new Promise<undefined>((resolve, reject) => {
    abort = () => reject(signal?.reason)
    if (deadline !== Number.POSITIVE_INFINITY) {
      timer = setTimeout(() => resolve(undefined), Math.max(0, deadline - performance.now()))
    }
    signal?.addEventListener('abort', abort)
  })
  promise.catch(() => {})
  return {
    promise,
    end() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}
