// Accounts that are empty, reverted, paid, counted.
import {
  CALL_VALUE,
  call,
  factory,
  initCode,
  ORIGIN_BALANCE,
  POP,
  push,
  REVERT,
  SELFBALANCE,
  STOP,
  sload,
  sstore,
} from '../bytecode.js'
import { A, B, BASE_FEE, C, CONTRACT, D, ETHER, FORKS, OTHER, PRECOMPILE, rich, since } from '../scenario.js'
import { leastPrice } from './coinbase.js'
import { ask, type Family } from './family.js'

/** The highest nonce (EIP-2681); a transaction may have at most one less. */
const LAST = 2n ** 64n - 1n

export const accounts: Family[] = [
  {
    name: 'one sender many times, with failures among them',
    forks: FORKS,
    blocks(hardfork) {
      const counter = sstore(1, `${sload(1)}${push(1)}01`) + STOP
      return [
        {
          hardfork,
          accounts: [...rich, { address: CONTRACT, nonce: 1n, code: counter }],
          transactions: Array.from({ length: 24 }, (_, i) => ({
            from: A,
            to: [B, CONTRACT, A, D][i % 4] as Uint8Array,
            value: i % 4 === 1 ? 0n : BigInt(i),
            gas: i % 8 === 5 ? 25_000n : 100_000n,
          })),
        },
      ]
    },
  },
  {
    name: 'accounts that are empty are touched, precompiles are paid',
    forks: FORKS,
    blocks(hardfork) {
      const gasPrice = leastPrice(hardfork)
      const calls = [D, OTHER, PRECOMPILE].map((to) => call(to) + POP).join('')
      return [
        {
          hardfork,
          accounts: [
            ...rich,
            { address: D },
            { address: PRECOMPILE },
            {
              address: CONTRACT,
              nonce: 1n,
              balance: 100n,
              code: `${calls}${call(PRECOMPILE, 1)}${POP}${call(OTHER, 1)}${STOP}`,
            },
          ],
          transactions: [
            { from: A, to: D },
            { from: A, to: OTHER },
            { from: A, to: PRECOMPILE, value: 2n },
            { from: A, to: PRECOMPILE },
            { from: A, to: PRECOMPILE, data: 'ff'.repeat(40) },
            { from: B, to: CONTRACT, gasPrice },
            { from: B, to: CONTRACT, gasPrice, gas: 60_000n },
            { from: C, to: C, value: 5n },
            { from: C, to: CONTRACT },
          ],
        },
      ]
    },
  },
  {
    name: 'accounts come back from reverts as they were',
    forks: FORKS,
    blocks(hardfork) {
      return [REVERT, 'fe'].map((end) => {
        const inner = sstore(1, push(2)) + call(D, 2) + POP + call(OTHER, 1) + POP + end
        const outer =
          sstore(1, push(1)) + call(OTHER, 7) + POP + sstore(2, push(3)) + call(D, 1) + POP + call(OTHER) + STOP
        return {
          hardfork,
          accounts: [
            ...rich,
            { address: OTHER, nonce: 1n, balance: 50n, code: inner, storage: { 1: 1n } },
            { address: CONTRACT, nonce: 1n, balance: 100n, code: outer },
          ],
          transactions: [
            { from: A, to: CONTRACT, value: 5n },
            { from: B, to: OTHER, value: 5n },
            { from: C, to: CONTRACT, gas: 90_000n },
            { from: A, data: REVERT, value: 1n },
            { from: A, data: 'fe' },
            { from: A, data: initCode('6001'), value: 2n },
            { from: B, data: initCode('00'.repeat(100)), gas: 60_000n },
            { from: B, data: initCode('ef00') },
            { from: C, to: CONTRACT, gas: 30_000n },
          ],
        }
      })
    },
  },
  {
    name: 'balances are seen as earlier transactions left them',
    forks: since('istanbul'),
    blocks(hardfork) {
      const code = sstore(1, SELFBALANCE) + sstore(2, ORIGIN_BALANCE) + sstore(3, '4131') + sstore(4, CALL_VALUE)
      return [
        {
          hardfork,
          accounts: [...rich, { address: CONTRACT, nonce: 1n, code }],
          transactions: [
            { from: A, to: CONTRACT, value: 1n },
            { from: B, to: CONTRACT, value: 2n },
            { from: C, to: CONTRACT },
          ],
        },
      ]
    },
  },
  {
    name: 'balances at their edges',
    forks: FORKS,
    blocks(hardfork) {
      const most = 2n ** 256n - 1n
      return [
        {
          hardfork,
          accounts: [
            { address: A, balance: 21_000n * BASE_FEE + 5n },
            { address: B, balance: ETHER },
            { address: C, balance: most / 2n },
          ],
          transactions: [
            { from: A, to: D, value: 5n, gas: 21_000n, gasPrice: BASE_FEE },
            { from: B, to: A, value: 7n },
            { from: C, to: A, value: most / 4n },
            { from: A, to: D, value: most / 8n },
          ],
        },
      ]
    },
  },
  {
    name: 'nonces at their edges (EIP-2681)',
    forks: FORKS,
    blocks(hardfork) {
      const code = since('petersburg').includes(hardfork) ? factory() : CREATE_TWICE
      const contracts = [LAST - 2n, LAST - 1n, LAST].map((nonce, i) => {
        return { address: Uint8Array.from({ length: 20 }, () => 0x20 + i), nonce, code: i === 1 ? code : CREATE_TWICE }
      })
      return [
        {
          hardfork,
          accounts: [
            { address: A, balance: ETHER, nonce: LAST - 2n },
            { address: B, balance: ETHER, nonce: LAST - 1n },
            { address: C, balance: ETHER, nonce: LAST - 2n },
            { address: D, balance: ETHER },
            ...contracts,
          ],
          transactions: [
            { from: A, to: D, value: 7n, nonce: LAST - 2n },
            { from: B, to: A, value: 7n, nonce: LAST - 1n },
            // The creator's nonce becomes the highest there is.
            { from: A, data: initCode('00'), nonce: LAST - 1n },
            { from: C, data: 'fe', nonce: LAST - 2n },
            ...contracts.flatMap(({ address: to }) => [0n, 1n].map((value) => ({ from: D, to, value }))),
            ...contracts.map(({ address: to }) => ({ from: D, to, data: initCode('00', ask(hardfork, to, 1)) })),
          ],
        },
      ]
    },
  },
]

/** Two creations with an empty init code; their addresses in slots 1 and 2. */
const CREATE_TWICE = sstore(1, '600060006000f0') + sstore(2, '600060006000f0') + STOP
