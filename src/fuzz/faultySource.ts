// Makes a source fail and dawdle, at random but reproducibly.
import { StateSourceError } from '../sources/errors.js'
import type { RowStore } from '../sources/rows.js'
import type { StagedState, StateSource, TriePlace, TriesAfter } from '../sources/source.js'
import type { StateDiff } from '../types.js'
import type { Random } from '../workloads/random.js'

/** What a source fails with when it is made to. */
class MadeFault extends Error {}

/** When to fail. */
export class Faults {
  readonly #random: Random
  #left = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** From now on so many. */
  allow(count: number): void {
    this.#left = count
  }

  /** Whether this is one of them: of a block it must come as a StateSourceError, after which the block can be given again. */
  made(error: unknown): boolean {
    return (error instanceof StateSourceError ? error.cause : error) instanceof MadeFault
  }

  /** Waits, returns or throws. `one in` so many calls throws while faults are left. */
  async chance(where: string, oneIn: number): Promise<void> {
    if (this.#random.below(8) === 0) await new Promise((resolve) => setTimeout(resolve, this.#random.below(3)))
    this.chanceAtOnce(where, oneIn)
  }

  chanceAtOnce(where: string, oneIn: number): void {
    if (this.#left === 0 || this.#random.below(oneIn) !== 0) return
    this.#left--
    throw new MadeFault(`made to fail in ${where}`)
  }
}

/** The source, which fails now and then before or after it did what it was asked for. */
export function faultySource(source: StateSource, faults: Faults): StateSource {
  const { account, storage, node, code, stage, root, rows, detach } = source
  return {
    kind: source.kind,
    async attach(writer, to): Promise<void> {
      await faults.chance('attach', 2)
      await source.attach(writer, to)
      await faults.chance('attach, at its end', 2)
    },
    ...(account && {
      // Not asynchronous itself: a source may also throw at once.
      account(address: Uint8Array) {
        faults.chanceAtOnce('account', 60)
        return account(address).then(async (found) => {
          await faults.chance('account, after it was read', 60)
          return found
        })
      },
    }),
    ...(storage && {
      async storage(address: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
        await faults.chance('storage', 60)
        return await storage(address, key)
      },
    }),
    ...(node && {
      async node(hash: Uint8Array, place: TriePlace): Promise<Uint8Array | undefined> {
        await faults.chance('node', 100)
        return await node(hash, place)
      },
    }),
    ...(code && {
      async code(hash: Uint8Array): Promise<Uint8Array | undefined> {
        await faults.chance('code', 30)
        return await code(hash)
      },
    }),
    ...(root && {
      async root(): Promise<Uint8Array> {
        await faults.chance('root', 6)
        return await root()
      },
    }),
    ...(stage && {
      async stage(diff: StateDiff, options: { root: boolean; tries?: TriesAfter }): Promise<StagedState> {
        await faults.chance('stage', 4)
        const staged = await stage(diff, options)
        return { ...staged, keep: () => faults.chance('keep', 3).then(staged.keep) }
      },
    }),
    ...(rows && { rows: () => faultyRows(rows.call(source), faults) }),
    ...(detach && { detach: () => detach.call(source) }),
  }
}

function faultyRows(store: RowStore, faults: Faults): RowStore {
  return {
    reader: store.reader,
    spec: store.spec,
    found: store.found,
    stageBlock(block) {
      const staged = store.stageBlock(block)
      return { ...staged, keep: () => faults.chance('keep', 3).then(staged.keep) }
    },
    revert: (blocks) => store.revert(blocks),
  }
}
