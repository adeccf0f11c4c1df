// SELFDESTRUCT, and what is found at the address afterwards.
import {
  CALL_VALUE,
  call,
  create2Address,
  createAddress,
  delegatecall,
  factory,
  initCode,
  POP,
  push,
  STOP,
  selfdestruct,
  sload,
  sstore,
} from '../bytecode.js'
import { A, address, B, C, CONTRACT, D, FORKS, OTHER, rich, type Scenario, since } from '../scenario.js'
import { ask, type Family } from './family.js'

const COLLECTOR = address(0x102)

/** With calldata the child keeps 5 in slot 2; without, it destroys itself. */
const child = initCode(`36${push(7)}5733ff5b${sstore(2, push(5))}${STOP}`, sstore(1, push(9)))
export const CHILD = create2Address(CONTRACT, child)

/** The child is created, used, destroyed, paid, and created again. */
export const rebirth = (hardfork: string): Scenario => ({
  hardfork,
  accounts: [...rich, { address: CONTRACT, nonce: 1n, code: factory() }],
  transactions: [
    { from: A, to: CONTRACT, data: child },
    { from: B, to: CHILD, data: '01' },
    { from: C, to: CHILD, value: 11n },
    { from: B, to: CHILD, value: 5n },
    { from: A, to: CONTRACT, data: child },
    { from: A, to: CHILD, data: '01' },
    // The address is taken.
    { from: A, to: CONTRACT, data: child },
  ],
})

export const destruction: Family[] = [
  {
    name: 'SELFDESTRUCT and CREATE2 at the same address in one block',
    forks: since('petersburg'),
    blocks: (hardfork) => [rebirth(hardfork)],
  },
  {
    name: 'SELFDESTRUCT in the transaction of the creation, and in the constructor',
    forks: since('petersburg'),
    blocks(hardfork) {
      const init = initCode(selfdestruct(D), sstore(1, push(9)))
      const dying = initCode(STOP, sstore(1, push(9)) + selfdestruct(D))
      const short = create2Address(CONTRACT, init)
      return [
        {
          hardfork,
          accounts: [
            ...rich,
            { address: CONTRACT, nonce: 1n, balance: 50n, code: factory(call(short, 3) + POP + call(short) + POP) },
            { address: OTHER, nonce: 1n, code: factory() },
          ],
          transactions: [
            { from: A, to: CONTRACT, data: init },
            { from: A, to: CONTRACT, data: init },
            { from: B, to: OTHER, data: dying },
            { from: B, to: OTHER, data: dying },
            { from: B, to: short, value: 1n },
            { from: C, data: dying, value: 4n },
          ],
        },
      ]
    },
  },
  {
    name: 'SELFDESTRUCT of a contract with storage, to itself and to others, then reached again',
    forks: FORKS,
    blocks(hardfork) {
      const storage = { 3: 1n, 4: 2n }
      const dying = (address: Uint8Array, to: Uint8Array) => ({
        address,
        nonce: 1n,
        balance: 9n,
        code: sstore(3, CALL_VALUE) + selfdestruct(to),
        storage,
      })
      const asking = ask(hardfork, CONTRACT, 1) + ask(hardfork, OTHER, 4) + ask(hardfork, D, 7)
      return [
        {
          hardfork,
          accounts: [
            ...rich,
            dying(CONTRACT, CONTRACT),
            dying(OTHER, D),
            { address: COLLECTOR, nonce: 1n, balance: 9n, code: call(CONTRACT, 1) + POP + asking + STOP },
          ],
          transactions: [
            { from: A, to: COLLECTOR },
            { from: A, to: CONTRACT, value: 1n },
            { from: B, to: CONTRACT, value: 2n },
            { from: C, to: COLLECTOR },
            { from: A, to: OTHER, value: 1n },
            { from: C, to: OTHER },
            { from: B, to: OTHER, value: 3n },
            { from: B, to: COLLECTOR },
          ],
        },
      ]
    },
  },
  {
    name: 'SELFDESTRUCT twice in a transaction, in a call that reverts, in the code of another',
    forks: FORKS,
    blocks(hardfork) {
      const twice = call(OTHER) + POP + call(OTHER, 2) + POP + ask(hardfork, OTHER, 1) + sstore(9, sload(3)) + STOP
      const reverts = `${call(OTHER, 1) + POP}${sstore(1, push(1))}fe`
      const borrows = sstore(5, push(6)) + (hardfork === 'chainstart' ? '' : delegatecall(OTHER) + POP) + STOP
      return [twice, reverts, borrows].map((code) => ({
        hardfork,
        accounts: [
          ...rich,
          { address: CONTRACT, nonce: 1n, balance: 20n, code, storage: { 3: 8n, 5: 1n } },
          { address: OTHER, nonce: 1n, balance: 7n, code: sstore(3, CALL_VALUE) + selfdestruct(D), storage: { 3: 4n } },
        ],
        transactions: [
          { from: A, to: CONTRACT, value: 1n },
          { from: B, to: OTHER, value: 3n },
          { from: C, to: CONTRACT },
          { from: A, to: CONTRACT, value: 5n },
        ],
      }))
    },
  },
  {
    name: 'a contract created by a transaction destroys itself in a later one and is paid after that',
    forks: FORKS,
    blocks(hardfork) {
      const born = createAddress(A, 0n)
      const blocks: Scenario[] = [born, D, A].map((heir) => ({
        hardfork,
        accounts: [
          ...rich,
          { address: CONTRACT, nonce: 1n, balance: 9n, code: call(born, 1) + ask(hardfork, born, 1) + STOP },
        ],
        transactions: [
          { from: A, data: initCode(selfdestruct(heir), sstore(1, push(9))), value: 6n },
          { from: B, to: CONTRACT },
          { from: C, to: born, value: 2n },
          { from: B, to: CONTRACT },
          { from: C, to: born },
        ],
      }))
      return blocks
    },
  },
]
