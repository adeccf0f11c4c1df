// Accounts that delegate to code (EIP-7702).
import { eoaCode7702SignAuthorization, privateToAddress } from '@ethereumjs/util'
import {
  CALL_VALUE,
  call,
  createFactory,
  delegatecall,
  initCode,
  POP,
  push,
  pushAddress,
  SELFBALANCE,
  STOP,
  selfdestruct,
  sload,
  sstore,
} from '../bytecode.js'
import { A, B, C, CONTRACT, D, ETHER, integer, OTHER, PRECOMPILE, rich, type Scenario, since } from '../scenario.js'
import { ask, type Family } from './family.js'

interface Authority {
  address: Uint8Array
  sign: (to: Uint8Array, nonce: bigint, chain?: bigint) => Uint8Array[]
}

function authorityOf(key: Uint8Array): Authority {
  return {
    address: privateToAddress(key),
    sign: (to, nonce, chain = 1n) =>
      eoaCode7702SignAuthorization([integer(chain), to, integer(nonce)], key) as Uint8Array[],
  }
}

const P = authorityOf(new Uint8Array(32).fill(7))
const Q = authorityOf(new Uint8Array(32).fill(8))
const NOBODY = new Uint8Array(20)
const code = sstore(1, SELFBALANCE) + sstore(2, CALL_VALUE) + sstore(3, `${sload(3)}600101`) + STOP
const contract = { address: CONTRACT, nonce: 1n, code }
const forks = since('prague')

export const delegation: Family[] = [
  {
    name: 'an authority delegates for others, with invalid authorisations among them',
    forks,
    blocks(hardfork) {
      const highS = P.sign(CONTRACT, 0n).map((field, i) => (i === 5 ? new Uint8Array(32).fill(0xfe) : field))
      return [[], [{ address: P.address, balance: ETHER }]].map((known) => ({
        hardfork,
        accounts: [...rich, ...known, contract],
        transactions: [
          { from: A, to: P.address, value: 3n, authorizations: [highS, P.sign(CONTRACT, 0n)] },
          { from: B, to: P.address, value: 4n },
          { from: B, to: D, authorizations: [P.sign(OTHER, 5n), P.sign(OTHER, 1n, 5n)] },
          { from: C, to: P.address, authorizations: [P.sign(OTHER, 1n), P.sign(CONTRACT, 2n, 0n)] },
          { from: C, to: P.address, authorizations: [P.sign(NOBODY, 3n)] },
          { from: A, to: P.address, value: 1n },
        ],
      }))
    },
  },
  {
    name: 'a sender authorises for itself, again and again',
    forks,
    blocks(hardfork) {
      const own = { from: P.address, to: P.address }
      return [[contract], [contract, { address: OTHER, nonce: 1n, code: sstore(5, '32') }]].map((contracts) => ({
        hardfork,
        accounts: [...rich, { address: P.address, balance: ETHER }, ...contracts],
        transactions: [
          { ...own, nonce: 0n, authorizations: [P.sign(CONTRACT, 1n)] },
          { ...own, nonce: 2n, value: 3n },
          // Each counts up; the second with the same nonce does not count.
          {
            ...own,
            nonce: 3n,
            authorizations: [P.sign(OTHER, 4n), P.sign(CONTRACT, 4n), P.sign(CONTRACT, 5n), P.sign(OTHER, 6n)],
          },
          { from: A, to: P.address, value: 1n },
          { ...own, nonce: 7n, authorizations: [P.sign(NOBODY, 8n), P.sign(CONTRACT, 9n)] },
          { ...own, nonce: 10n, authorizations: [P.sign(CONTRACT, 10n)] },
          { ...own, nonce: 11n, authorizations: [P.sign(OTHER, 12n), P.sign(NOBODY, 13n)] },
          { ...own, nonce: 14n, value: 2n },
          { from: B, to: P.address, value: 1n },
        ],
      }))
    },
  },
  {
    name: 'a delegation to an account that delegates is not followed; nor to itself, a precompile, nothing',
    forks,
    blocks(hardfork) {
      const chain = (first: Uint8Array, second: Uint8Array): Scenario => ({
        hardfork,
        accounts: [
          ...rich,
          contract,
          { address: Q.address, balance: ETHER },
          { address: OTHER, nonce: 1n, code: `${call(P.address, 1)}${push(9)}55${call(Q.address)}${push(8)}55${STOP}` },
        ],
        transactions: [
          { from: A, to: OTHER, value: 9n, authorizations: [P.sign(first, 0n), Q.sign(second, 0n)] },
          { from: B, to: P.address, value: 1n, gas: 100_000n },
          { from: C, to: Q.address, value: 1n, gas: 100_000n },
          { from: Q.address, to: P.address, nonce: 1n, authorizations: [P.sign(second, 1n)] },
          { from: B, to: OTHER },
          { from: A, to: D, authorizations: [Q.sign(CONTRACT, 2n)] },
          { from: C, to: OTHER },
        ],
      })
      return [
        chain(Q.address, CONTRACT),
        chain(Q.address, P.address),
        chain(P.address, Q.address),
        chain(PRECOMPILE, D),
        chain(CONTRACT, PRECOMPILE),
      ]
    },
  },
  {
    name: 'a delegation is used, removed, used, set again',
    forks,
    blocks(hardfork) {
      const uses = call(P.address, 1) + POP + ask(hardfork, P.address, 4) + STOP
      return [0n, ETHER].map((balance) => ({
        hardfork,
        accounts: [
          ...rich,
          contract,
          ...(balance > 0n ? [{ address: P.address, balance }] : []),
          { address: OTHER, nonce: 1n, balance: 50n, code: uses },
        ],
        transactions: [
          { from: A, to: OTHER, authorizations: [P.sign(CONTRACT, 0n)] },
          { from: B, to: OTHER },
          { from: C, to: OTHER, authorizations: [P.sign(NOBODY, 1n)] },
          { from: B, to: OTHER },
          { from: A, to: P.address, value: 1n, authorizations: [P.sign(CONTRACT, 2n), P.sign(NOBODY, 3n)] },
          { from: B, to: P.address, value: 1n },
          { from: A, to: OTHER, authorizations: [P.sign(NOBODY, 4n), P.sign(CONTRACT, 5n)] },
          { from: C, to: P.address, value: 1n },
          { from: B, to: OTHER },
        ],
      }))
    },
  },
  {
    name: 'delegated code creates, destroys itself, is called in every way, sends, earns the fees',
    forks,
    blocks(hardfork) {
      const every = `${delegatecall(P.address)}${push(7)}55${call(P.address)}${push(8)}55`
      const copy = `602060006000${pushAddress(P.address)}3c${sstore(9, '600051')}`
      const calls = every + copy + ask(hardfork, P.address, 4) + STOP
      // With P's nonce when it sends; it cannot any more when it gave everything away.
      const delegates: [code: string, nonce?: bigint][] = [
        [createFactory(sstore(4, '30')), 3n],
        [sstore(1, SELFBALANCE) + selfdestruct(D)],
        [code, 1n],
      ]
      return delegates.flatMap(([delegate, nonce]) =>
        [undefined, P.address].map((coinbase) => ({
          hardfork,
          ...(coinbase && { coinbase }),
          accounts: [
            ...rich,
            { address: CONTRACT, nonce: 1n, code: delegate },
            { address: P.address, balance: ETHER, storage: { 1: 1n, 3: 4n } },
            { address: OTHER, nonce: 1n, code: calls },
          ],
          transactions: [
            { from: A, to: P.address, data: initCode(STOP), authorizations: [P.sign(CONTRACT, 0n)] },
            { from: B, to: OTHER, data: initCode(STOP) },
            ...(nonce === undefined ? [] : [{ from: P.address, to: D, value: 5n, nonce }]),
            { from: C, to: P.address, value: 1n },
          ],
        })),
      )
    },
  },
  {
    name: 'an authority with code, or with the highest nonce, does not delegate',
    forks,
    blocks: (hardfork) => [
      {
        hardfork,
        accounts: [
          ...rich,
          contract,
          { address: P.address, nonce: 2n ** 64n - 1n },
          { address: Q.address, nonce: 0n, balance: 1n, code: STOP },
        ],
        transactions: [
          { from: A, to: D, authorizations: [P.sign(CONTRACT, 2n ** 64n - 2n), Q.sign(CONTRACT, 0n)] },
          { from: B, to: P.address, authorizations: [P.sign(CONTRACT, 2n ** 64n - 1n)] },
          { from: C, to: Q.address, value: 1n },
        ],
      },
    ],
  },
]
