// The state of a block file as an asynchronous source, which answers after a while, or when nothing more is asked.
import { KECCAK256_NULL } from '@ethereumjs/util'
import type { BlockCase } from '../../src/blockFiles/index.js'
import { commonOf, hardforkOf } from '../../src/cli/blockCase.js'
import type { ExecutionMode } from '../../src/executor/options.js'
import { BlockExecutor, type BlockResult, type StateSource } from '../../src/index.js'
import { preStateReader } from '../../src/reference/preState.js'

/** Resolves when the answer may be given. */
export type Delay = () => Promise<void>

export interface SlowSource {
  source: StateSource
  /** Values asked for so far. */
  asked: () => number
}

export function slowSource(block: BlockCase, delay: Delay): SlowSource {
  const reader = preStateReader(block.preState)
  const answers = new Map<string, Awaited<ReturnType<NonNullable<StateSource['account']>>> | Uint8Array>()
  let asked = 0
  const answer = async <T>(name: string, read: () => T): Promise<T> => {
    asked++
    // Read beforehand where it was read before: what a file costs to read is nothing that a node's answer would.
    const known = answers.get(name) as T | undefined
    const value = known ?? read()
    answers.set(name, value as never)
    await delay()
    return value
  }
  const source: StateSource = {
    kind: 'async',
    attach() {},
    account: (address) =>
      answer(Buffer.from(address).toString('hex'), () => {
        const account = orNone(() => reader.account(address))
        if (account === undefined) return undefined
        const { nonce, balance, codeHash } = account
        if (Buffer.compare(codeHash, KECCAK256_NULL) === 0) return { nonce, balance }
        const code = orNone(() => reader.code(codeHash))
        return { nonce, balance, codeHash, ...(code && { code }) }
      }),
    storage: (address, key) =>
      answer(Buffer.from(address).toString('hex') + Buffer.from(key).toString('hex'), () => {
        return orNone(() => reader.storage(address, key)) ?? new Uint8Array(0)
      }),
  }
  return { source, asked: () => asked }
}

/** A node would have it; a witness need not have what follows from a guess. */
function orNone<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** `ms`: milliseconds, also fractions of one, which timers of the host do not know: they are looked for at every turn. */
export function after(ms: number): Delay {
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

/**
 * Answers everything at once when nothing was asked for a while: what a round trip is when nothing else takes time, however busy
 * the machine. `trips`: so many so far.
 */
export function roundTrips(quietMs: number): { delay: Delay; trips: () => number } {
  let waiting: (() => void)[] = []
  let trips = 0
  let timer: NodeJS.Timeout | undefined
  const answer = (): void => {
    trips++
    const all = waiting
    waiting = []
    for (const resolve of all) resolve()
  }
  const delay: Delay = () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      clearTimeout(timer)
      timer = setTimeout(answer, quietMs)
    })
  return { delay, trips: () => trips }
}

/** Executes the block over the source, from a state of which nothing is known. */
export async function executeOver(
  block: BlockCase,
  source: StateSource,
  threads: number,
  mode: ExecutionMode,
  blockAccessList?: Uint8Array,
): Promise<{ result: BlockResult; ms: number }> {
  const options = { common: commonOf(block), hardfork: hardforkOf(block), state: source, threads }
  const executor = await BlockExecutor.create({ ...options, verify: 'none' })
  try {
    const { senders, parentHeaders, blockHashes } = block
    const own = { ...(senders && { senders }), parentHeaders, blockHashes, root: false, mode, ...(blockAccessList && { blockAccessList }) }
    const start = performance.now()
    const result = await executor.execute(block.blockRlp, own)
    return { result, ms: performance.now() - start }
  } finally {
    await executor.close()
  }
}
