// Transactions that make a block invalid, with the rule they break.
import { A, B, C, CONTRACT, ETHER, rich, type Scenario, type ScenarioTransaction } from '../scenario.js'

const REFUSED: [rule: string, transaction: Partial<ScenarioTransaction>][] = [
  ['NONCE_MISMATCH', { nonce: 1n }],
  ['INSUFFICIENT_FUNDS', { value: 1000n * ETHER }],
  ['INTRINSIC_GAS_TOO_LOW', { gas: 20_999n }],
  ['FEE_CAP_BELOW_BASE_FEE', { gasPrice: 6n }],
  ['SENDER_HAS_CODE', { from: CONTRACT }],
  ['TRANSACTION_GAS_LIMIT_TOO_HIGH', { gas: 20_000_000n }],
  ['INIT_CODE_TOO_LARGE', { to: undefined as never, data: '00'.repeat(49_153), gas: 10_000_000n }],
]

/** Each stands second in its block. */
export const refused = (hardfork: string): { rule: string; scenario: Scenario }[] =>
  REFUSED.map(([rule, over]) => ({
    rule,
    scenario: {
      hardfork,
      accounts: [...rich, { address: CONTRACT, nonce: 0n, balance: ETHER, code: '00' }],
      transactions: [
        { from: B, to: C, value: 1n },
        { from: A, to: B, ...over },
        { from: B, to: C, value: 1n },
      ],
    },
  }))
