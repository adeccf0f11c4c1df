// Creations at addresses where something is already: with a nonce, code, storage alone (EIP-7610), a balance; from before the
// block or left there by an earlier transaction of it.
import {
  create2Address,
  createAddress,
  createFactory,
  factory,
  initCode,
  POP,
  STOP,
  selfdestruct,
  sload,
  sstore,
} from '../bytecode.js'
import {
  A,
  B,
  C,
  CONTRACT,
  D,
  FORKS,
  OTHER,
  rich,
  type Scenario,
  type ScenarioAccount,
  type ScenarioTransaction,
  since,
} from '../scenario.js'
import { ask, type Family } from './family.js'

const init = initCode(`${sstore(2, '34')}${STOP}`, sstore(1, sload(3)))
/** Enough that one 64th of it pays for what follows a collision. */
const gas = 3_000_000n

/** What can be at the address already. */
const OCCUPANTS: Omit<ScenarioAccount, 'address'>[] = [
  { nonce: 1n },
  { code: STOP },
  { nonce: 7n, balance: 5n, code: sstore(1, '6005'), storage: { 1: 1n, 3: 2n } },
  { storage: { 1: 1n, 3: 2n } },
  { balance: 3n, storage: { 3: 2n } },
  { balance: 3n },
  {},
]

/** The same attempt, with each occupant and around it what else touches the address in the block. */
function attempts(
  hardfork: string,
  creator: ScenarioAccount,
  at: Uint8Array,
  attempt: ScenarioTransaction,
): Scenario[] {
  const blocks = OCCUPANTS.map(
    (occupant): Scenario => ({
      hardfork,
      accounts: [
        ...rich,
        creator,
        { address: OTHER, nonce: 1n, code: ask(hardfork, at, 1) },
        { address: at, ...occupant },
      ],
      transactions: [
        { from: B, to: OTHER },
        { ...attempt, gas },
        { from: B, to: OTHER },
        { from: C, to: at, value: 1n },
        { from: C, to: OTHER },
      ],
    }),
  )
  const funded: Scenario = {
    hardfork,
    accounts: [...rich, creator, { address: OTHER, nonce: 1n, code: ask(hardfork, at, 1) }],
    transactions: [
      { from: B, to: at, value: 9n },
      { from: C, to: OTHER },
      { ...attempt, gas },
      { from: C, to: at, value: 1n },
      { from: B, to: OTHER },
    ],
  }
  return [...blocks, funded]
}

export const creation: Family[] = [
  {
    name: 'a creation transaction onto an address that is not empty',
    forks: FORKS,
    blocks: (hardfork) =>
      [0n, 2n].flatMap((value) =>
        attempts(hardfork, { address: CONTRACT }, createAddress(A, 0n), { from: A, data: init, value }),
      ),
  },
  {
    name: 'CREATE onto an address that is not empty',
    forks: FORKS,
    blocks: (hardfork) =>
      [0n, 2n].flatMap((value) =>
        attempts(
          hardfork,
          { address: CONTRACT, nonce: 1n, code: createFactory(sstore(5, '5a')) },
          createAddress(CONTRACT, 1n),
          { from: A, to: CONTRACT, data: init, value },
        ),
      ),
  },
  {
    name: 'CREATE2 onto an address that is not empty',
    forks: since('petersburg'),
    blocks: (hardfork) =>
      attempts(
        hardfork,
        { address: CONTRACT, nonce: 1n, code: factory(sstore(5, '5a')) },
        create2Address(CONTRACT, init),
        { from: A, to: CONTRACT, data: init },
      ),
  },
  {
    name: 'CREATE2 at an address where an earlier transaction created',
    forks: since('petersburg'),
    blocks(hardfork) {
      const failing = initCode(STOP, `${sstore(1, '6001')}fe`)
      const empty = initCode('', sstore(1, '6001'))
      return [init, failing, empty].map((data) => ({
        hardfork,
        accounts: [
          ...rich,
          { address: CONTRACT, nonce: 1n, code: factory(sstore(5, '5a')) },
          { address: OTHER, nonce: 1n, code: ask(hardfork, create2Address(CONTRACT, data), 1) },
        ],
        transactions: [
          { from: A, to: CONTRACT, data, gas },
          { from: B, to: OTHER },
          { from: B, to: CONTRACT, data, gas },
          { from: C, to: create2Address(CONTRACT, data), value: 2n },
          { from: C, to: CONTRACT, data, gas },
          { from: A, to: OTHER },
        ],
      }))
    },
  },
  {
    name: 'CREATE by a contract that was destroyed and created again: its nonce starts anew',
    forks: since('petersburg'),
    blocks(hardfork) {
      // With calldata it creates a contract with code, without it destroys itself.
      const runtime = `36601a57${selfdestruct(D)}5b${createFactory()}`
      const creator = initCode(runtime)
      const at = create2Address(CONTRACT, creator)
      return [
        {
          hardfork,
          accounts: [
            ...rich,
            { address: CONTRACT, nonce: 1n, code: factory() },
            { address: OTHER, nonce: 1n, code: ask(hardfork, createAddress(at, 1n), 1) },
          ],
          transactions: [
            { from: A, to: CONTRACT, data: creator, gas },
            { from: B, to: at, data: init, gas },
            { from: C, to: OTHER },
            { from: B, to: at },
            { from: A, to: CONTRACT, data: creator, gas },
            // The nonce is 1 again, but the child of the first life is still there.
            { from: B, to: at, data: init, gas },
            { from: B, to: at, data: init, gas },
            { from: C, to: OTHER },
          ],
        },
      ]
    },
  },
  {
    name: 'a creation and calls of what it created, by others, one behind the other',
    forks: FORKS,
    blocks(hardfork) {
      const born = [0n, 1n].map((nonce) => createAddress(A, nonce)) as [Uint8Array, Uint8Array]
      const nested = initCode(STOP, `600060006000f0${POP}${ask(hardfork, born[0], 4)}`)
      return [
        {
          hardfork,
          accounts: rich,
          transactions: [
            { from: B, to: born[0], value: 1n },
            { from: A, data: init, value: 3n },
            { from: C, to: born[0], value: 2n },
            { from: B, to: born[1], value: 2n },
            { from: A, data: nested },
            { from: C, to: createAddress(born[1], 1n), value: 1n },
            { from: B, to: born[0] },
          ],
        },
      ]
    },
  },
]
