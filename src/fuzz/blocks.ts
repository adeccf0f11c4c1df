// Random blocks over a random state: transactions of every type that the fork has, calls, creations, system contracts.
import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { signRecoverable } from 'tiny-secp256k1'
import type { ChainRules } from '../ethereumjs/common.js'
import { Random } from '../fixtures/workloads/random.js'
import { systemCode, systemContract } from '../fixtures/workloads/systemContracts.js'
import { signAuthorization, signTransaction, type TransactionFields } from '../fixtures/workloads/transaction.js'
import { plainAddress, type Wallet, wallet } from '../fixtures/workloads/wallet.js'
import { Rules } from '../wasm/evmRecords.js'
import { ProgramBuilder, type ProgramContext } from './program.js'
import { FuzzState } from './state.js'

export type Item = Uint8Array | bigint | Item[]

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
}

const WALLETS = 6
const CONTRACTS = 8
const BASE_FEE = 7n
const GAS_LIMIT = 60_000_000n
const ETHER = 10n ** 18n
const BLOB_GAS = 131_072n
const SYSTEM_EIPS = [4788, 2935, 7002, 7251] as const
const PRICES = { maxFee: 1000n, priorityFee: 2n, maxFeePerBlobGas: 1000n }

/** The accounts of one episode: a few contracts that know each other, and blocks that use them. */
export class FuzzWorld {
  readonly state = new FuzzState()
  readonly fork: string
  readonly rules: ChainRules
  readonly #common: Common
  readonly #level: number
  readonly #random: Random
  readonly #wallets: Wallet[]
  readonly #authorities: Wallet[]
  readonly #contracts: Uint8Array[]
  readonly #context: ProgramContext
  readonly #coinbase: Uint8Array
  #number = 0n

  constructor(seed: number, fork: string, rules: ChainRules, common: Common, level: number) {
    this.fork = fork
    this.rules = rules
    this.#common = common
    this.#level = level
    this.#random = new Random(seed, `fuzz ${fork}`)
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
    addSystemAccounts(this.state, common)
    for (const { address } of this.#wallets) this.state.set(address, { balance: 1_000_000n * ETHER })
    for (const { address } of this.#authorities) this.state.set(address, { balance: BigInt(this.#random.below(3)) })
    for (const address of this.#contracts) this.#deploy(address)
  }

  #deploy(address: Uint8Array): void {
    const code = new ProgramBuilder(this.#random, this.#context).build()
    const account = this.state.set(address, { nonce: 1n, balance: BigInt(this.#random.below(5)), code })
    for (let key = 0; key < 6; key++) {
      if (this.#random.below(2) === 0) account.storage.set(hexWord(key), hexWord(1 + this.#random.below(300)))
    }
  }

  /** The next block. Wallets' nonces go on, so that every block is to be executed on the state after the one before. */
  next(): FuzzBlock {
    this.#number++
    const count = 1 + this.#random.below(16)
    const transactions: Item[] = []
    const senders: Uint8Array[] = []
    let blobs = 0
    for (let i = 0; i < count; i++) {
      const sender = this.#random.pick(this.#wallets)
      const fields = this.#transaction(blobs)
      blobs += fields.blobVersionedHashes?.length ?? 0
      senders.push(sender.address)
      transactions.push(this.#level < Rules.SPURIOUS_DRAGON ? signOld(sender, fields) : this.#sign(sender, fields))
    }
    const withdrawals: Item[] | undefined = this.#level >= Rules.SHANGHAI ? [] : undefined
    for (let i = this.#random.below(3); withdrawals !== undefined && i > 0; i--) {
      const to = this.#random.pick(this.#context.addresses)
      withdrawals.push([BigInt(i), 1n, to, BigInt(this.#random.below(3))])
    }
    const header = this.#header(blobs)
    return { fork: this.fork, rules: this.rules, header, transactions, senders, withdrawals }
  }

  #sign(sender: Wallet, fields: TransactionFields): Item {
    return signTransaction(1n, sender, fields, PRICES)
  }

  #transaction(blobs: number): TransactionFields {
    const random = this.#random
    const types: TransactionFields['type'][] = [0]
    if (this.#level >= Rules.BERLIN) types.push(1)
    if (this.#level >= Rules.LONDON) types.push(2, 2)
    if (this.#level >= Rules.CANCUN && blobs < 3) types.push(3)
    if (this.#level >= Rules.PRAGUE) types.push(4)
    const type = random.pick(types)
    const creates = type < 3 && random.below(8) === 0
    const data = creates ? new ProgramBuilder(random, this.#context).build() : this.#data()
    const fields: TransactionFields = {
      type,
      data,
      value: BigInt(random.below(3) === 0 ? random.below(5) : 0),
      gasLimit: 0n,
    }
    if (!creates) fields.to = random.below(12) === 0 ? precompile(random) : random.pick(this.#context.addresses)
    if (type > 0 && random.below(2) === 0) fields.accessList = this.#accessList()
    if (type === 3) fields.blobVersionedHashes = [versioned(random)]
    if (type === 4) {
      const authority = random.pick(this.#authorities)
      const target = random.pick([...this.#contracts, new Uint8Array(20), plainAddress(1, 'fuzz nobody', 1)])
      const authorisation = signAuthorization(1n, authority, target)
      // Some are not valid any more, because the nonce moved on.
      fields.authorizations = random.below(6) === 0 ? [authorisation, authorisation] : [authorisation]
    }
    fields.gasLimit = intrinsicGas(fields) + BigInt(random.below(5) === 0 ? random.below(3000) : random.skewed(900_000))
    return fields
  }

  #data(): Uint8Array {
    const bytes = new Uint8Array(this.#random.below(4) === 0 ? 0 : this.#random.below(200))
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.#random.below(3) === 0 ? this.#random.below(256) : 0
    return bytes
  }

  #accessList(): [Uint8Array, Uint8Array[]][] {
    return Array.from({ length: this.#random.below(3) }, () => [
      this.#random.pick(this.#context.addresses),
      Array.from({ length: this.#random.below(3) }, () => word(BigInt(this.#random.below(8)))),
    ])
  }

  #header(blobs: number): Item[] {
    const pos = this.#level >= Rules.PARIS
    const seal = keccak_256(Buffer.from(`fuzz seal ${this.#number}`))
    const header: Item[] = [
      keccak_256(Buffer.from(`fuzz parent ${this.#number}`)),
      keccak_256(RLP.encode([])),
      this.#coinbase,
      new Uint8Array(32),
      new Uint8Array(32),
      new Uint8Array(32),
      new Uint8Array(256),
      pos ? 0n : 131_072n,
      this.#number,
      GAS_LIMIT,
      0n,
      this.#number * 12n,
      new Uint8Array(0),
      seal,
      new Uint8Array(8),
    ]
    if (this.#level >= Rules.LONDON) header.push(BASE_FEE)
    if (this.#level >= Rules.SHANGHAI) header.push(new Uint8Array(32))
    if (this.#level >= Rules.CANCUN) header.push(BigInt(blobs) * BLOB_GAS, 0n, seal)
    if (this.#common.isActivatedEIP(7685)) header.push(new Uint8Array(32))
    return header
  }
}

/** The contracts that the protocol calls. */
function addSystemAccounts(state: FuzzState, common: Common): void {
  for (const eip of SYSTEM_EIPS) {
    if (common.isActivatedEIP(eip)) state.set(systemContract(eip), { nonce: 1n, code: systemCode(eip) })
  }
}

/** RLP of [header, transactions, uncles, withdrawals?]. */
export function blockRlp({ header, transactions, withdrawals }: FuzzBlock): Uint8Array {
  return RLP.encode([header, transactions, [], ...(withdrawals ? [withdrawals] : [])] as never)
}

/** More than enough for every fork: what is left is decided by chance. */
function intrinsicGas({
  data = new Uint8Array(0),
  to,
  accessList = [],
  authorizations = [],
}: TransactionFields): bigint {
  const keys = accessList.reduce((sum, [, list]) => sum + list.length, 0)
  const creation = to === undefined ? 32_000 + 2 * Math.ceil(data.length / 32) : 0
  const bytes = data.reduce((sum, byte) => sum + (byte === 0 ? 10 : 68), 0)
  return BigInt(21_000 + creation + bytes + 2400 * accessList.length + 1900 * keys + 25_000 * authorizations.length)
}

/** Before EIP-155. */
function signOld(
  sender: Wallet,
  { gasLimit, to = new Uint8Array(0), value = 0n, data = new Uint8Array(0) }: TransactionFields,
): Item {
  const fields: Item[] = [sender.nonce++, PRICES.maxFee, gasLimit, to, value, data]
  const { signature, recoveryId } = signRecoverable(keccak_256(RLP.encode(fields as never)), sender.key)
  const integer = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  return [...fields, 27n + BigInt(recoveryId), integer(signature.subarray(0, 32)), integer(signature.subarray(32))]
}

function precompile(random: Random): Uint8Array {
  const address = new Uint8Array(20)
  address[19] = 1 + random.below(18)
  return address
}

function versioned(random: Random): Uint8Array {
  const hash = word(BigInt(random.u32()))
  hash[0] = 1
  return hash
}

function word(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
}

function hexWord(value: number): string {
  return `0x${value.toString(16).padStart(64, '0')}`
}
