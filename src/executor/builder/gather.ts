import { check } from '../../door/shape.js'
import { TRANSACTION } from './shapes.js'

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
  const take = (item: unknown): void => {
    found.push(check(TRANSACTION, item, `transactions[${found.length}]`))
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
