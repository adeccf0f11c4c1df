// The state of a block file as an asynchronous source whose every answer takes a while, and what was asked of it.
import { KECCAK256_NULL } from '@ethereumjs/util'
import type { PreState } from '../../src/blockFiles/index.js'
import type { StateSource } from '../../src/index.js'
import { preStateReader } from '../../src/reference/preState.js'

export interface SlowSource {
  source: StateSource
  /** Values asked for. */
  asked: string[]
  /** Times that something was asked when nothing was on its way for at least half a latency: round trips in a row. */
  waits: number
}

/** `latency`: milliseconds, also fractions of one. */
export function slowSource(preState: PreState, latency: number): SlowSource {
  const reader = preStateReader(preState)
  const later = delays(latency)
  const slow: SlowSource = { source: undefined as unknown as StateSource, asked: [], waits: 0 }
  slow.source = {
    kind: 'async',
    attach() {},
    async account(address) {
      slow.asked.push(Buffer.from(address).toString('hex'))
      await later()
      const account = reader.account(address)
      if (account === undefined) return undefined
      const { nonce, balance, codeHash } = account
      const contract = Buffer.compare(codeHash, KECCAK256_NULL) !== 0
      return { nonce, balance, ...(contract && { codeHash, code: reader.code(codeHash) }) }
    },
    async storage(address, key) {
      slow.asked.push(Buffer.from(address).toString('hex') + Buffer.from(key).toString('hex'))
      await later()
      return reader.storage(address, key)
    },
  }
  return slow
}

/** Timers of the host know whole milliseconds only: shorter ones are looked for at every turn of the event loop. */
function delays(ms: number): () => Promise<void> {
  if (ms >= 1) return () => new Promise((resolve) => setTimeout(resolve, ms))
  const due: { at: number; resolve(): void }[] = []
  const look = (): void => {
    const now = performance.now()
    while (due[0] !== undefined && due[0].at <= now) due.shift()?.resolve()
    if (due.length > 0) setImmediate(look)
  }
  return () =>
    new Promise((resolve) => {
      if (due.push({ at: performance.now() + ms, resolve }) === 1) setImmediate(look)
    })
}
