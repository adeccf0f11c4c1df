// The ways in which an account comes, goes or is reached, each as steps of the director (within a transaction), as a
// transaction of its own, or as a withdrawal.
import { FORKS } from '../scenario.js'
import { Kind, Mode, Order, type Step } from './programs.js'

export type Fork = (typeof FORKS)[number]

/** Whose life it is, and what acts on it. */
export interface Subject {
  address: Uint8Array
  maker: Uint8Array
  /** It has a key (EIP-7702), and no maker. */
  authority: boolean
}

/** Contracts that all subjects share. */
export interface Helpers {
  failing: Uint8Array
  testator: Uint8Array
  heir: Uint8Array
}

export interface Event {
  name: string
  since?: Fork
  /** Left out: what it is is said by one of the flags. */
  steps?(subject: Subject, helpers: Helpers): Step[]
  /** A transaction straight to the subject with so many wei. */
  transfer?: bigint
  /** A withdrawal of so many gwei. */
  withdrawal?: bigint
  /** The subject signs an authorisation for the subject's code (EIP-7702). */
  authorisation?: true
  /** Needs a maker, or a key. */
  only?: 'made' | 'authority'
}

const REACH = 120_000
const MAKE = 400_000

const made = (name: string, mode: number, value = 0n): Event => ({
  name,
  only: 'made',
  steps: ({ maker }) => [{ to: maker, value, words: [mode], gas: MAKE }],
})

export const EVENTS: readonly Event[] = [
  { name: 'touched', steps: ({ address }) => [{ to: address, gas: REACH }] },
  { name: 'paid', steps: ({ address }) => [{ to: address, value: 1n, gas: REACH }] },
  {
    name: 'called statically',
    since: 'byzantium',
    steps: ({ address }) => [{ to: address, kind: Kind.STATICCALL, gas: REACH }],
  },
  { name: 'touched in vain', steps: ({ address }, { failing }) => [{ to: failing, words: [address], gas: REACH }] },
  {
    name: 'paid in vain',
    steps: ({ address }, { failing }) => [{ to: failing, value: 1n, words: [address], gas: REACH }],
  },
  { name: 'heir to nothing', steps: ({ address }, { testator }) => [{ to: testator, words: [address], gas: REACH }] },
  { name: 'heir', steps: ({ address }, { testator }) => [{ to: testator, value: 1n, words: [address], gas: REACH }] },
  { name: 'used', steps: ({ address }) => [{ to: address, words: [Order.USE], gas: REACH }] },
  { name: 'destroyed', steps: ({ address }, { heir }) => [{ to: address, words: [Order.DIE, heir], gas: REACH }] },
  { name: 'destroyed for itself', steps: ({ address }) => [{ to: address, words: [Order.DIE, address], gas: REACH }] },
  made('created', Mode.DEPLOY),
  made('created without code', Mode.EMPTY, 1n),
  made('destroyed while created', Mode.DIE, 1n),
  made('created in vain', Mode.FAIL),
  made('created and destroyed', Mode.DEPLOY_AND_DESTROY),
  { name: 'touched by a transaction', transfer: 0n },
  { name: 'paid by a transaction', transfer: 1n },
  { name: 'withdrawal of nothing', since: 'shanghai', withdrawal: 0n },
  { name: 'withdrawal', since: 'shanghai', withdrawal: 1n },
  { name: 'authorises', since: 'prague', only: 'authority', authorisation: true },
]

/** What everybody looks at afterwards: what is there, what it costs to pay it, its storage, whether the address is free. */
export function probe({ address, maker, authority }: Subject): Step[] {
  const look: Step = { to: address, kind: Kind.OBSERVE, gas: 0 }
  const reach: Step[] = [look, { to: address, value: 1n, gas: REACH }, { to: address, words: [Order.USE], gas: REACH }]
  return authority ? [...reach, look] : [...reach, { to: maker, words: [Mode.DEPLOY], gas: MAKE }, look]
}

export function has(fork: Fork, since: Fork = 'chainstart'): boolean {
  return FORKS.indexOf(fork) >= FORKS.indexOf(since)
}
