// Random blocks over a random state: a few contracts that know each other, wallets that use them, and now and then a block
// with a transaction that must not be in it.

import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { Rules } from '../abi/core.generated.js'
import type { ChainRules } from '../block/common.js'
import { toBytes } from '../bytes.js'
import { PlainState } from '../spectests/plainState.js'
import { Random } from '../workloads/random.js'
import { plainAddress, type Wallet, wallet } from '../workloads/wallet.js'
import { pickFault } from './faults.js'
import { addSystemAccounts, BLOB_GAS, Field, fuzzHeader, type Item } from './header.js'
import { precompileAddress } from './precompileInputs.js'
import { ProgramBuilder, type ProgramContext } from './program.js'
import { type Draft, MOST_BLOBS, TransactionMaker } from './transactions.js'

/** A block before the state it is executed on. */
export interface FuzzBlock {
  /** As the tests name it. */
  fork: string
  rules: ChainRules
  /** Header fields of which results of the execution are zero. */
  header: Item[]
  transactions: Item[]
  senders: Uint8Array[]
  withdrawals: Item[] | undefined
  /** The executor is to recover the senders itself. */
  recover: boolean
  /** The executor is to compute the state root, before Byzantium in block order. */
  root: boolean
  /** A transaction that must not be in the block, and the rule that it breaks (abi/refusals.ts). */
  fault?: { index: number; refusal: number }
}

const WALLETS = 6
const CONTRACTS = 8
const ETHER = 10n ** 18n
const RICH = 1_000_000n * ETHER

/** The accounts of one episode. */
export class FuzzWorld {
  readonly state = new PlainState()
  readonly fork: string
  readonly rules: ChainRules
  readonly #common: Common
  readonly #level: number
  /** In a block (EIP-4844). */
  readonly #mostBlobs: number
  readonly #random: Random
  readonly #wallets: Wallet[]
  readonly #authorities: Wallet[]
  /** A contract with a key: what it signs must be refused (EIP-3607). */
  readonly #contractWallet = wallet(1, 'fuzz contract wallet', 0)
  readonly #contracts: Uint8Array[]
  readonly #context: ProgramContext
  readonly #coinbase: Uint8Array
  readonly #maker: TransactionMaker
  /** Senders of the episode are recovered by the executor. */
  readonly #recover: boolean
  #number = 0n

  constructor(seed: number, fork: string, rules: ChainRules, common: Common, level: number) {
    this.fork = fork
    this.rules = rules
    this.#common = common
    this.#level = level
    this.#mostBlobs =
      level >= Rules.CANCUN ? Number(common.getBlobGasSchedule().maxBlobGasPerBlock / BLOB_GAS) : MOST_BLOBS
    this.#random = new Random(seed, `fuzz ${fork}`)
    this.#recover = this.#random.below(3) === 0
    this.#wallets = Array.from({ length: WALLETS }, (_, i) => wallet(1, 'fuzz sender', i))
    this.#authorities = Array.from({ length: 3 }, (_, i) => wallet(1, 'fuzz authority', i))
    this.#contracts = Array.from({ length: CONTRACTS }, (_, i) => plainAddress(1, 'fuzz contract', i))
    this.#coinbase = plainAddress(1, 'fuzz coinbase', 0)
    const plain = plainAddress(1, 'fuzz nobody', 0)
    this.#context = {
      addresses: [
        ...this.#contracts,
        ...this.#authorities.map(({ address }) => address),
        (this.#wallets[0] as Wallet).address,
        this.#coinbase,
        plain,
      ],
      rules: level,
    }
    this.#maker = new TransactionMaker(this.#random, this.#context, this.#authorities, this.#contracts)
    addSystemAccounts(this.state, common)
    for (const { address } of this.#wallets) this.state.set(address, { balance: RICH })
    // None is empty: no chain has empty accounts since EIP-161 (EIP-7523).
    const [rich, ...poor] = this.#authorities as [Wallet, ...Wallet[]]
    this.state.set(rich.address, { balance: RICH })
    for (const { address } of poor) this.state.set(address, { balance: BigInt(1 + this.#random.below(3)) })
    this.state.set(this.#contractWallet.address, { balance: RICH, code: Uint8Array.of(0) })
    for (const address of this.#contracts) this.#deploy(address)
  }

  #deploy(address: Uint8Array): void {
    const code = new ProgramBuilder(this.#random, this.#context).build()
    const account = this.state.set(address, { nonce: 1n, balance: BigInt(this.#random.below(5)), code })
    for (let key = 0; key < 6; key++) {
      if (this.#random.below(2) === 0) account.storage.set(hexWord(key), hexWord(1 + this.#random.below(300)))
    }
  }

  /** A block on the state as it is now. */
  next(): FuzzBlock {
    const random = this.#random
    this.#number++
    for (const each of [...this.#wallets, ...this.#authorities]) each.nonce = this.#nonceOf(each)
    const count = 1 + random.below(16)
    const faulty = random.below(12) === 0 ? random.below(count) : count
    const drafts: Draft[] = []
    let fault: FuzzBlock['fault']
    let blobs = 0
    for (let index = 0; index < count; index++) {
      if (index === faulty) {
        const { draft, refusal } = this.#invalid()
        drafts.push(draft)
        fault = { index, refusal }
      } else drafts.push(this.#maker.draft(this.#sender(), blobs + MOST_BLOBS > this.#mostBlobs ? 0 : undefined))
      blobs += drafts[index]?.fields.blobVersionedHashes?.length ?? 0
    }
    const transactions = drafts.map((draft) => this.#maker.sign(draft))
    const withdrawals: Item[] | undefined = this.#level >= Rules.SHANGHAI ? [] : undefined
    for (let i = random.below(3); withdrawals !== undefined && i > 0; i--) {
      const to = random.pick(this.#context.addresses)
      withdrawals.push([BigInt(i), 1n, to, BigInt(random.below(3))])
    }
    const [common, number, level] = [this.#common, this.#number, this.#level]
    const header = fuzzHeader({ random, level, common, number, coinbase: this.#pickCoinbase(), blobs })
    return {
      fork: this.fork,
      rules: this.rules,
      header,
      transactions,
      senders: drafts.map(({ sender }) => sender.address),
      withdrawals,
      recover: this.#recover,
      root: random.below(2) === 0,
      ...(fault && { fault }),
    }
  }

  #nonceOf({ address }: Wallet): bigint {
    return this.state.accounts.get(bytesToHex(address))?.nonce ?? 0n
  }

  /**
   * Now and then an authority: when it created a contract in the same block, its nonce is not the one it signs, and the
   * block is one that both sides must refuse.
   */
  #sender(): Wallet {
    return this.#random.below(16) === 0 ? (this.#authorities[0] as Wallet) : this.#random.pick(this.#wallets)
  }

  #invalid(): { draft: Draft; refusal: number } {
    const random = this.#random
    const { refusal, types, apply } = pickFault(random, this.#level)
    const draft = this.#maker.draft(random.pick(this.#wallets), random.pick(types))
    apply(draft, this.#contractWallet)
    return { draft, refusal }
  }

  #pickCoinbase(): Uint8Array {
    const random = this.#random
    const kind = random.below(10)
    if (kind === 0) return random.pick(this.#wallets).address
    if (kind === 1) return random.pick(this.#contracts)
    if (kind === 2) return toBytes(BigInt(precompileAddress(random, this.#level)), 20)
    if (kind === 3) return random.pick(this.#authorities).address
    return this.#coinbase
  }
}

/** RLP of [header, transactions, uncles, withdrawals?]. */
export function blockRlp({ header, transactions, withdrawals }: FuzzBlock): Uint8Array {
  return RLP.encode([header, transactions, [], ...(withdrawals ? [withdrawals] : [])] as never)
}

/** What BLOCKHASH can ask for. */
export function* hashesBefore({ header }: FuzzBlock): Generator<[bigint, Uint8Array]> {
  const number = header[Field.NUMBER] as bigint
  for (let n = number - 1n; n >= 0n && n >= number - 256n; n--) {
    yield [
      n,
      n === number - 1n ? (header[Field.PARENT] as Uint8Array) : Buffer.from(n.toString(16).padStart(64, '7'), 'hex'),
    ]
  }
}

function hexWord(value: number): string {
  return `0x${value.toString(16).padStart(64, '0')}`
}
