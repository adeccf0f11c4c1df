// The fee recipient in every role.
import {
  create2Address,
  createAddress,
  createFactory,
  factory,
  initCode,
  STOP,
  selfdestruct,
  sstore,
} from '../bytecode.js'
import { A, B, BASE_FEE, C, CONTRACT, D, ETHER, FORKS, PRECOMPILE, rich, type Scenario, since } from '../scenario.js'
import type { Family } from './family.js'

/** The lowest price that a block takes. */
export const leastPrice = (hardfork: string): bigint => (since('london').includes(hardfork) ? BASE_FEE : 0n)

export const coinbase: Family[] = [
  {
    name: 'the fee recipient is the sender, a receiver, a contract, destroyed, a precompile, absent',
    forks: FORKS,
    blocks(hardfork) {
      const scenario = (over: Partial<Scenario>): Scenario => ({
        hardfork,
        accounts: [...rich, { address: CONTRACT, balance: 5n, nonce: 1n, code: sstore(1, '4131') + selfdestruct(D) }],
        transactions: [
          { from: A, to: B, value: 7n },
          { from: B, to: CONTRACT, value: 3n },
          { from: C, to: A, value: ETHER },
          { from: A, to: C, value: 1n },
        ],
        ...over,
      })
      return [scenario({}), ...[A, B, CONTRACT, D, PRECOMPILE].map((coinbase) => scenario({ coinbase }))]
    },
  },
  {
    name: 'the fee recipient gets nothing and does not exist',
    forks: FORKS,
    blocks(hardfork) {
      const gasPrice = leastPrice(hardfork)
      const transactions = [
        { from: A, to: D, gasPrice },
        { from: B, to: CONTRACT, gasPrice },
        { from: C, to: A, gasPrice },
      ]
      const code = sstore(1, '4131') + sstore(2, '413b')
      return [
        { hardfork, accounts: [...rich, { address: CONTRACT, nonce: 1n, code }], transactions },
        { hardfork, coinbase: D, accounts: [...rich, { address: D }], transactions },
        // Paid first, then not.
        { hardfork, coinbase: D, accounts: rich, transactions: [{ from: C, to: B }, ...transactions] },
        {
          hardfork,
          coinbase: CONTRACT,
          accounts: rich,
          transactions: [...transactions, { from: C, to: D, value: 1n }],
        },
      ]
    },
  },
  {
    name: 'the fee recipient is created by the block',
    forks: FORKS,
    blocks(hardfork) {
      const init = initCode(sstore(1, '4131') + STOP, sstore(2, '4131'))
      const ofTransaction = createAddress(A, 0n)
      const ofContract = createAddress(CONTRACT, 1n)
      return [ofTransaction, ofContract].flatMap((coinbase) =>
        [undefined, leastPrice(hardfork)].map((gasPrice) => {
          const price = gasPrice === undefined ? {} : { gasPrice }
          return {
            hardfork,
            coinbase,
            accounts: [...rich, { address: CONTRACT, nonce: 1n, code: createFactory() }],
            transactions: [
              { from: B, to: C, ...price },
              { from: A, data: init, value: 5n, ...price },
              { from: C, to: CONTRACT, data: init, value: 5n, ...price },
              { from: B, to: coinbase, value: 1n, ...price },
              { from: C, to: coinbase, ...price },
            ],
          }
        }),
      )
    },
  },
  {
    name: 'the fee recipient is created and destroyed by the transaction that pays it',
    forks: FORKS,
    blocks(hardfork) {
      const dying = initCode(STOP, sstore(1, '4131') + selfdestruct(D))
      return [createAddress(A, 0n), createAddress(CONTRACT, 1n)].map((coinbase) => ({
        hardfork,
        coinbase,
        accounts: [...rich, { address: CONTRACT, nonce: 1n, code: createFactory() }],
        transactions: [
          { from: B, to: C, value: 1n },
          { from: A, data: dying, value: 9n },
          { from: C, to: CONTRACT, data: dying, value: 9n },
          { from: B, to: coinbase, value: 1n },
        ],
      }))
    },
  },
  {
    name: 'the fee recipient is created with CREATE2, destroyed, created again',
    forks: since('petersburg'),
    blocks(hardfork) {
      const init = initCode(selfdestruct(D), sstore(1, '4131'))
      const dying = initCode(STOP, selfdestruct(D))
      return [init, dying].map((data) => ({
        hardfork,
        coinbase: create2Address(CONTRACT, data),
        accounts: [...rich, { address: CONTRACT, nonce: 1n, code: factory() }],
        transactions: [
          { from: A, to: CONTRACT, data },
          { from: B, to: C, value: 1n },
          { from: B, to: create2Address(CONTRACT, data) },
          { from: C, to: B, value: 1n },
          { from: A, to: CONTRACT, data },
        ],
      }))
    },
  },
]
