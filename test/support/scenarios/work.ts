// What a block does besides its transactions.
import { push, sstore } from '../bytecode.js'
import { unhex } from '../mapState.js'
import { A, B, C, COINBASE, CONTRACT, D, FORKS, NUMBER, OTHER, rich, since, word } from '../scenario.js'
import type { Family } from './family.js'

const HISTORY = unhex('0000F90827f1C53a10cb7A02335B175320002935')

export const work: Family[] = [
  {
    name: 'withdrawals, also of nothing',
    forks: since('shanghai'),
    blocks: (hardfork) => [
      {
        hardfork,
        accounts: [...rich, { address: D }],
        transactions: [{ from: A, to: B, value: 1n }],
        withdrawals: [
          [A, 5n],
          [OTHER, 0n],
          [D, 0n],
          [CONTRACT, 1n],
          [CONTRACT, 2n],
          [COINBASE, 3n],
        ],
      },
    ],
  },
  {
    name: 'rewards of the block and its uncles',
    forks: FORKS.slice(0, FORKS.indexOf('paris')),
    blocks: (hardfork) => [
      {
        hardfork,
        accounts: rich,
        transactions: [{ from: A, to: B }],
        uncles: [
          { number: NUMBER - 1n, coinbase: D },
          { number: NUMBER - 6n, coinbase: COINBASE },
        ],
      },
      { hardfork, accounts: rich, transactions: [] },
    ],
  },
  {
    name: 'parent block hash and BLOCKHASH',
    forks: FORKS,
    blocks(hardfork) {
      const asks = [999, 998, 1000, 700].map((number, i) => sstore(i + 1, `${push(number)}40`)).join('')
      return [
        {
          hardfork,
          accounts: [
            ...rich,
            { address: HISTORY, nonce: 1n, code: '00' },
            { address: CONTRACT, nonce: 1n, code: asks },
          ],
          transactions: [
            { from: A, to: CONTRACT },
            { from: C, to: CONTRACT },
          ],
          blockHashes: new Map([999n, 998n].map((number) => [number, word(0x1234n + number)])),
        },
      ]
    },
  },
]
