// What a workload of the suite `defi` is: contracts that are set up once, and a maker of one transaction after another.
import { ETHER, TIMESTAMP } from '../chain.js'
import type { Plan } from '../plan.js'
import type { Random } from '../random.js'
import type { TransactionFields } from '../transaction.js'
import { plainAddress, type Wallet } from '../wallet.js'
import type { World } from '../world.js'

/** Spread out: transactions share what the contracts make them share, no more. Hot: all of them meet in one place. */
export const VARIANTS = ['spread', 'hot'] as const
export type Variant = (typeof VARIANTS)[number]

/** A transaction to be. */
export interface Call {
  sender: Wallet
  /** About what it uses; its limit is twice that and a little more, unless the fields say another. */
  gas: number
  to: Uint8Array
  fields?: Partial<TransactionFields>
  /** It will fail, as planned. */
  fails?: boolean
}

/** The block so far: number, time, blobs. */
export type Maker = (block: Plan) => Call

export interface Site {
  world: World
  random: Random
  hot: boolean
  /** About how many transactions of the workload a block has. */
  transactions: number
  /** How many new accounts each purpose has at most: those of a long chain of blocks come again. */
  strangers: number
}

export interface DefiWorkload {
  name: string
  /** What its transactions do. */
  about: string
  spread: string
  hot: string
  /** Gas of a transaction on average, as it was in blocks made of them. */
  gas: Readonly<Record<Variant, number>>
  /** How many of 1,000 transactions of the mix it has. */
  share: number
  setUp(site: Site): Promise<Maker>
}

/** Longer than any chain of generated blocks. */
export const FAR = TIMESTAMP + 10_000_000n
export const PAST = TIMESTAMP - 1n

/** 1 in 40: on mainnet a few per cent of the transactions fail. */
export function unlucky({ random }: Site): boolean {
  return random.below(40) === 0
}

/** Up to `most` whole tokens of 18 digits, never nothing. */
export function amount({ random }: Site, most: number): bigint {
  return 1n + (BigInt(random.u32()) * BigInt(most) * ETHER) / 0x1_0000_0000n
}

/** How many of something a block has where each serves `perItem` transactions. */
export function several({ hot, transactions }: Site, perItem: number, most: number): number {
  return hot ? 1 : Math.max(2, Math.min(most, Math.ceil(transactions / perItem)))
}

/** Things that take turns: in one block none comes twice, in a chain of blocks all come back. */
export class Turns<T> {
  readonly all: readonly T[]
  #next = 0

  constructor(all: readonly T[]) {
    this.all = all
  }

  next(): T {
    return this.all[this.#next++ % this.all.length]!
  }
}

/** As many accounts as a block has transactions, a tenth more. */
export function people(site: Site, purpose: string): Turns<Wallet> {
  const { world, random, transactions } = site
  const count = Math.ceil(transactions * 1.1) + 2
  return new Turns(Array.from({ length: count }, (_, i) => world.user(purpose, i, BigInt(1 + random.below(500)))))
}

/** Accounts that nobody has seen, or the one that all meet in. */
export function payees({ world, hot, strangers }: Site, purpose: string): () => Uint8Array {
  let next = 0
  return () => plainAddress(world.seed, purpose, hot ? 0 : 1 + (next++ % strangers))
}
