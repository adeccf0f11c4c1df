// Hand-made blocks of a few transactions, as the fuzzer's blocks are.
import type { Common } from '@ethereumjs/common'
import { ChainCommons, type ChainRules } from '../../src/block/common.js'
import type { FuzzBlock } from '../../src/fuzz/blocks.js'
import { addSystemAccounts, fuzzHeader, type Item } from '../../src/fuzz/header.js'
import { forkOf, rulesOfNetwork } from '../../src/spectests/forks.js'
import { PlainState } from '../../src/spectests/plainState.js'
import { Random } from '../../src/workloads/random.js'
import { signTransaction, type TransactionFields } from '../../src/workloads/transaction.js'
import { plainAddress, type Wallet, wallet } from '../../src/workloads/wallet.js'

const PRICES = { maxFee: 1000n, priorityFee: 2n, maxFeePerBlobGas: 1000n }
const COINBASE = plainAddress(1, 'small chain coinbase', 0)

export interface SmallBlock {
  transactions: (Omit<TransactionFields, 'gasLimit'> & { gasLimit?: bigint })[]
  /** Whom to pay 3 gwei each. */
  withdrawals?: Uint8Array[]
  root?: boolean
}

/** Accounts and the blocks that a wallet sends them, one after another. */
export class SmallChain {
  readonly fork: string
  readonly rules: ChainRules
  readonly common: Common
  readonly state = new PlainState()
  readonly sender: Wallet
  #number = 0n

  constructor(fork: string) {
    this.fork = fork
    this.rules = rulesOfNetwork(fork)
    this.common = new ChainCommons(this.rules).at(1n, 1n)
    this.sender = wallet(1, 'small chain sender', 0)
    this.state.set(this.sender.address, { balance: 10n ** 24n })
    addSystemAccounts(this.state, this.common)
  }

  /** Code in hex; slots by small numbers. */
  deploy(address: Uint8Array, code: string, slots: Record<number, number> = {}): void {
    const account = this.state.set(address, { nonce: 1n, balance: 5n, code: Buffer.from(code, 'hex') })
    for (const [key, value] of Object.entries(slots)) account.storage.set(word(Number(key)), word(value))
  }

  next({ transactions, withdrawals = [], root = true }: SmallBlock): FuzzBlock {
    const { common, fork, rules, sender } = this
    const level = forkOf(fork).rules
    const number = ++this.#number
    const random = new Random(Number(number), 'small chain')
    const list = common.isActivatedEIP(4895) ? withdrawals.map((to, i): Item[] => [BigInt(i), 1n, to, 3n]) : undefined
    return {
      fork,
      rules,
      header: fuzzHeader({ random, level, common, number, coinbase: COINBASE, blobs: 0 }),
      transactions: transactions.map((fields) =>
        signTransaction(1n, sender, { gasLimit: 300_000n, ...fields }, PRICES),
      ),
      senders: transactions.map(() => sender.address),
      withdrawals: list,
      recover: false,
      root,
    }
  }
}

function word(value: number): string {
  return `0x${value.toString(16).padStart(64, '0')}`
}
